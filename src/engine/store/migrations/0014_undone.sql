-- A release that takes a promotion back takes chosen rows of it back, or all that it did.
ALTER TABLE releases ADD COLUMN whole boolean NOT NULL DEFAULT false
    CONSTRAINT releases_whole_undoes CHECK (undoes IS NOT NULL OR NOT whole);

ALTER TABLE promotions
    -- The schema of the target when it was requested; none of those that an older version has kept.
    ADD COLUMN before text REFERENCES release_contents,
    -- All that it did was taken back: where it succeeded, its release has not.
    ADD COLUMN undone boolean NOT NULL DEFAULT false;

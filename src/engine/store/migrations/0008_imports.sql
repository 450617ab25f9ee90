-- A release of rows that came in a file; its source is the environment that it was imported for.
ALTER TABLE releases ADD COLUMN imported boolean NOT NULL DEFAULT false;

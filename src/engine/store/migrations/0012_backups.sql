-- A run that is taken up again makes its backup again: the earlier one is known until newer ones take its place.
ALTER TABLE backups
    DROP CONSTRAINT backups_pkey,
    ADD PRIMARY KEY (file),
    ADD COLUMN mode text NOT NULL DEFAULT 'full' CONSTRAINT backups_mode_known CHECK (mode IN ('full', 'touched', 'external')),
    ADD COLUMN restore_point jsonb,
    -- Empty for those of a time when there was the backup directory and nothing else.
    ADD COLUMN place text NOT NULL DEFAULT '',
    ADD COLUMN removed_at timestamptz;
CREATE INDEX backups_by_run ON backups (run, taken_at DESC);

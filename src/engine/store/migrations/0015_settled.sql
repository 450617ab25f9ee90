-- A promotion that needs attention keeps its target closed until a person has looked at the database and says what was found.
ALTER TABLE promotions
    ADD COLUMN settled_by text,
    ADD COLUMN settled_at timestamptz,
    ADD COLUMN settled_note text,
    ADD CONSTRAINT promotions_settled_told CHECK ((settled_by IS NULL) = (settled_at IS NULL) AND (settled_by IS NULL) = (settled_note IS NULL));

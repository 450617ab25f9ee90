-- A release that is what the backup of a promotion's run holds; it takes back that promotion and all later ones.
ALTER TABLE releases ADD COLUMN restores boolean NOT NULL DEFAULT false
    CONSTRAINT releases_restores_whole CHECK (whole OR NOT restores);

-- The rows of a backup as hashes, in pages and sorted, by which the rows of a target that are not in it are found.
CREATE TABLE backup_rows (
    rows uuid NOT NULL,
    table_at int NOT NULL,
    page int NOT NULL,
    hashes bigint[] NOT NULL,
    PRIMARY KEY (rows, table_at, page)
);

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON backup_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

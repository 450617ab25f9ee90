-- The lookup rows of a release in pages, in the order of their places: `table_at` counts the tables of its content, `page` those of a table.
CREATE TABLE release_rows (
    rows uuid NOT NULL,
    table_at int NOT NULL,
    page int NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (rows, table_at, page)
);

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON release_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- None for a content whose rows are in it, as older versions wrote it.
ALTER TABLE release_contents ADD COLUMN rows uuid;

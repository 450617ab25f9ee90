//! Tables, constraints, indexes.

use super::{CASE, Case, check};

#[tokio::test]
async fn tables_come_go_and_change() {
    check(&[
        Case { name: "new tables that refer to each other", source: "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (b) REFERENCES b", ..CASE },
        Case { name: "self reference", source: "CREATE TABLE a (id int PRIMARY KEY, parent int REFERENCES a ON DELETE CASCADE)", ..CASE },
        Case { name: "empty table", source: "CREATE TABLE a ()", ..CASE },
        Case { name: "unlogged", target: "CREATE TABLE a (id int)", source: "CREATE UNLOGGED TABLE a (id int)", ..CASE },
        Case { name: "options", target: "CREATE TABLE a (id int, t text) WITH (fillfactor = 50)", source: "CREATE TABLE a (id int, t text) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false)", ..CASE },
        Case { name: "row security", target: "CREATE TABLE a (id int)", source: "CREATE TABLE a (id int); ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY p ON a FOR SELECT USING (id > 0); COMMENT ON POLICY p ON a IS 'x'", ..CASE },
        Case { name: "policy changes", both: "CREATE TABLE a (id int)", target: "CREATE POLICY p ON a FOR SELECT USING (id > 0)", source: "CREATE POLICY p ON a AS RESTRICTIVE FOR INSERT WITH CHECK (id > 1)", ..CASE },
        Case { name: "replica identity", both: "CREATE TABLE a (id int NOT NULL, b int)", source: "CREATE UNIQUE INDEX ai ON a (id); ALTER TABLE a REPLICA IDENTITY USING INDEX ai; ALTER TABLE a CLUSTER ON ai", ..CASE },
        Case { name: "replica identity full", both: "CREATE TABLE a (id int)", source: "ALTER TABLE a REPLICA IDENTITY FULL", ..CASE },
        Case { name: "clustered index is rebuilt", both: "CREATE TABLE a (id int NOT NULL, b int)", target: "CREATE UNIQUE INDEX ai ON a (id); ALTER TABLE a CLUSTER ON ai; ALTER TABLE a REPLICA IDENTITY USING INDEX ai", source: "CREATE UNIQUE INDEX ai ON a (id) WITH (fillfactor = 50); ALTER TABLE a CLUSTER ON ai; ALTER TABLE a REPLICA IDENTITY USING INDEX ai", ..CASE },
        Case { name: "inheritance", source: "CREATE TABLE a (id int DEFAULT 1, CONSTRAINT k CHECK (id > 0)); CREATE TABLE b (x int) INHERITS (a)", ..CASE },
        Case { name: "parent gets a column", target: "CREATE TABLE a (id int); CREATE TABLE b (x int) INHERITS (a)", source: "CREATE TABLE a (id int, y text DEFAULT 'q'); CREATE TABLE b (x int) INHERITS (a)", ..CASE },
        Case { name: "odd names", source: "CREATE TABLE \"A \"\"q\"\" 'x' \\ é 数\" (\"order\" int PRIMARY KEY, \"$x\" text CHECK (\"$x\" <> 'it''s \\')); COMMENT ON TABLE \"A \"\"q\"\" 'x' \\ é 数\" IS E'line\\nbreak'", ..CASE },
        Case { name: "table becomes a view", target: "CREATE TABLE a (id int)", source: "CREATE TABLE b (id int); CREATE VIEW a AS SELECT id FROM b", ..CASE },
    ])
    .await;
}

#[tokio::test]
async fn constraints_come_go_and_change() {
    const T: &str = "CREATE TABLE t (id int NOT NULL, a text, b int NOT NULL); INSERT INTO t VALUES (1, 'x', 10), (2, 'y', 20)";
    check(&[
        Case { name: "primary key", both: T, source: "ALTER TABLE t ADD PRIMARY KEY (id)", keeps: "SELECT (id, a, b) FROM t", ..CASE },
        Case { name: "primary key moves under a reference", both: T,
            target: "ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (id); ALTER TABLE t ADD CONSTRAINT uq UNIQUE (b); CREATE TABLE u (t int REFERENCES t (id)); INSERT INTO u VALUES (1)",
            source: "ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (b); ALTER TABLE t ADD CONSTRAINT uq UNIQUE (id); CREATE TABLE u (t int REFERENCES t (id))", keeps: "SELECT t FROM u" },
        Case { name: "unique with all options", both: T, source: "ALTER TABLE t ADD CONSTRAINT q UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) WITH (fillfactor = 70) DEFERRABLE INITIALLY DEFERRED; COMMENT ON CONSTRAINT q ON t IS 'x'", ..CASE },
        Case { name: "unique index becomes a constraint", both: T, target: "CREATE UNIQUE INDEX q ON t (b)", source: "ALTER TABLE t ADD CONSTRAINT q UNIQUE (b)", ..CASE },
        Case { name: "check", both: T, source: "ALTER TABLE t ADD CONSTRAINT k CHECK (a IN ('x', 'y') AND b > 0)", ..CASE },
        Case { name: "varchar list", both: "CREATE TABLE t (a varchar(5))", source: "ALTER TABLE t ADD CONSTRAINT k CHECK (a IN ('x', 'it''s'))", ..CASE },
        Case { name: "check changes", both: T, target: "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 0)", source: "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 1)", ..CASE },
        Case { name: "two constraints exchange names", both: T, target: "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 0), ADD CONSTRAINT l CHECK (b > 1)", source: "ALTER TABLE t ADD CONSTRAINT l CHECK (b > 0), ADD CONSTRAINT k CHECK (b > 1)", ..CASE },
        Case { name: "not valid", both: T, source: "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 15) NOT VALID", ..CASE },
        Case { name: "validated", both: T, target: "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 5) NOT VALID", source: "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 5)", ..CASE },
        Case { name: "no inherit", both: T, source: "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 5) NO INHERIT", ..CASE },
        Case { name: "exclusion", both: "CREATE TABLE t (a int4range)", source: "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (a WITH &&) WHERE (a IS NOT NULL) DEFERRABLE", ..CASE },
        Case { name: "foreign key with everything", both: "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE c (a int, b int)", source: "ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL (b) DEFERRABLE INITIALLY DEFERRED", ..CASE },
        Case { name: "foreign key to a new table", both: "CREATE TABLE c (a int)", source: "CREATE TABLE p (a int PRIMARY KEY); ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT VALID", ..CASE },
        Case { name: "referenced table goes", both: "CREATE TABLE c (a int)", target: "CREATE TABLE p (a int PRIMARY KEY); ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p", ..CASE },
        Case { name: "constraint comment", both: "CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0))", source: "COMMENT ON CONSTRAINT k ON t IS 'it''s'", ..CASE },
    ])
    .await;
}

#[tokio::test]
async fn indexes_come_go_and_change() {
    const T: &str = "CREATE TABLE t (id int, a text, j jsonb, r int4range)";
    check(&[
        Case { name: "every attribute", both: T, source: "CREATE INDEX i ON t USING btree (lower(a) COLLATE \"C\" text_pattern_ops DESC NULLS LAST, id) INCLUDE (j) WITH (fillfactor = 60, deduplicate_items = off) WHERE id > 3; COMMENT ON INDEX i IS 'x'", ..CASE },
        Case { name: "methods", both: T, source: "CREATE INDEX i ON t USING hash (id); CREATE INDEX j ON t USING gin (j jsonb_path_ops); CREATE INDEX k ON t USING gist (r); CREATE INDEX l ON t USING brin (id) WITH (pages_per_range = 8); CREATE INDEX m ON t USING spgist (r)", ..CASE },
        Case { name: "changed", both: T, target: "CREATE INDEX i ON t (id)", source: "CREATE UNIQUE INDEX i ON t (id DESC) NULLS NOT DISTINCT", ..CASE },
        Case { name: "over a function", both: T, source: "CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT a $$; CREATE INDEX i ON t (f(a))", ..CASE },
        Case { name: "over a function that changes", both: T, target: "CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT a $$; CREATE INDEX i ON t (f(a))", source: "CREATE FUNCTION f(b text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT b $$; CREATE INDEX i ON t (f(a))", ..CASE },
        Case { name: "moves to another table", both: "CREATE TABLE t (a int); CREATE TABLE u (a int)", target: "CREATE INDEX i ON t (a)", source: "CREATE INDEX i ON u (a)", ..CASE },
    ])
    .await;
}

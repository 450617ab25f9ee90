//! Columns: types, defaults, identity, generated ones, settings.

use super::{CASE, Case, check};

const T: &str = "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t VALUES (1, '7'), (2, NULL)";

#[tokio::test]
async fn columns_come_go_and_change() {
    check(&[
        Case { name: "optional column", both: T, source: "ALTER TABLE t ADD b text", keeps: "SELECT (id, a) FROM t", ..CASE },
        Case { name: "column with a default", both: T, source: "ALTER TABLE t ADD b integer DEFAULT 5 NOT NULL", keeps: "SELECT (id, a) FROM t", ..CASE },
        Case { name: "several columns", both: T, source: "ALTER TABLE t ADD b date, ADD \"C d\" text[] DEFAULT '{}', ADD \"select\" numeric(10,2)", ..CASE },
        Case { name: "column in the middle", target: "CREATE TABLE t (a int, c int)", source: "CREATE TABLE t (a int, b int, c int)", ..CASE },
        Case { name: "not null", both: "CREATE TABLE t (a text); INSERT INTO t VALUES ('x')", source: "ALTER TABLE t ALTER a SET NOT NULL", keeps: "SELECT a FROM t", ..CASE },
        Case { name: "default", both: T, target: "ALTER TABLE t ALTER a SET DEFAULT 'x'", source: "ALTER TABLE t ALTER a SET DEFAULT 'y'", keeps: "SELECT a FROM t" },
        Case { name: "default that calls a function", both: T, source: "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'x'::text $$; ALTER TABLE t ALTER a SET DEFAULT f()", ..CASE },
        Case { name: "default whose function changes", both: T,
            target: "CREATE FUNCTION f(i int) RETURNS text LANGUAGE sql AS $$ SELECT 'x'::text $$; ALTER TABLE t ALTER a SET DEFAULT f(1)",
            source: "CREATE FUNCTION f(j int) RETURNS text LANGUAGE sql AS $$ SELECT 'y'::text $$; ALTER TABLE t ALTER a SET DEFAULT f(1)", ..CASE },
        Case { name: "new table with a default that calls a function", source: "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'x'::text $$; CREATE TABLE t (a text DEFAULT f() NOT NULL)", ..CASE },
        Case { name: "comment", both: T, source: "COMMENT ON COLUMN t.a IS 'it''s a'", ..CASE },
        Case { name: "storage, compression, statistics", both: T, source: "ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER a SET COMPRESSION pglz, ALTER a SET STATISTICS 300", ..CASE },
        Case { name: "collation", both: T, source: "ALTER TABLE t ALTER a TYPE text COLLATE \"C\"", keeps: "SELECT a FROM t", ..CASE },
    ])
    .await;
}

#[tokio::test]
async fn types_change_and_values_stay() {
    check(&[
        Case { name: "wider", both: "CREATE TABLE t (a varchar(10) DEFAULT 'x'); CREATE INDEX ON t (a); INSERT INTO t VALUES ('abc')", source: "ALTER TABLE t ALTER a TYPE varchar(20)", keeps: "SELECT a FROM t", ..CASE },
        Case { name: "varchar to text under a check", both: "CREATE TABLE t (a varchar(10) CHECK (a <> 'no')); INSERT INTO t VALUES ('abc')", source: "ALTER TABLE t ALTER a TYPE text", keeps: "SELECT a FROM t", ..CASE },
        Case { name: "int to bigint with key and reference",
            both: "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY, t int REFERENCES t); INSERT INTO t VALUES (1); INSERT INTO u VALUES (1, 1)",
            source: "ALTER TABLE t ALTER id TYPE bigint; ALTER TABLE u ALTER t TYPE bigint", keeps: "SELECT (id, t) FROM u", ..CASE },
        Case { name: "text to integer with a default", both: "CREATE TABLE t (a text DEFAULT '5'); INSERT INTO t VALUES ('7')", source: "ALTER TABLE t ALTER a DROP DEFAULT; ALTER TABLE t ALTER a TYPE integer USING a::integer; ALTER TABLE t ALTER a SET DEFAULT 5", keeps: "SELECT a FROM t", ..CASE },
        Case { name: "int to uuid", both: "CREATE TABLE t (id int PRIMARY KEY)", source: "ALTER TABLE t DROP id; ALTER TABLE t ADD id uuid PRIMARY KEY", ..CASE },
        Case { name: "int to boolean", both: "CREATE TABLE t (a int DEFAULT 0); INSERT INTO t VALUES (1)", source: "ALTER TABLE t ALTER a DROP DEFAULT; ALTER TABLE t ALTER a TYPE boolean USING a <> 0; ALTER TABLE t ALTER a SET DEFAULT false", ..CASE },
        Case { name: "timestamp to timestamptz", both: "CREATE TABLE t (a timestamp DEFAULT now()); INSERT INTO t VALUES ('2026-01-01 12:00')", source: "ALTER TABLE t ALTER a TYPE timestamptz", ..CASE },
        Case { name: "json to jsonb", both: "CREATE TABLE t (a json); INSERT INTO t VALUES ('{\"x\":1}')", source: "ALTER TABLE t ALTER a TYPE jsonb", ..CASE },
        Case { name: "text to text array", both: "CREATE TABLE t (a text)", source: "ALTER TABLE t ALTER a TYPE text[] USING ARRAY[a]", ..CASE },
        Case { name: "numeric gets wider", both: "CREATE TABLE t (a numeric(5,2)); INSERT INTO t VALUES (1.25)", source: "ALTER TABLE t ALTER a TYPE numeric(10,2)", keeps: "SELECT a FROM t", ..CASE },
        Case { name: "under everything at once",
            both: "CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b text, c int); INSERT INTO t VALUES (1, 'x', 'y', 2);
                   CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
                   CREATE VIEW v AS SELECT id, a FROM t; CREATE VIEW w AS SELECT a, count(*) FROM v GROUP BY a;
                   COMMENT ON VIEW w IS 'second'; CREATE MATERIALIZED VIEW m AS SELECT * FROM w; CREATE UNIQUE INDEX m_a ON m (a);
                   CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a <> OLD.a) EXECUTE FUNCTION tf();
                   CREATE TRIGGER i INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf();
                   ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a <> 'z');
                   ALTER TABLE t ADD g text GENERATED ALWAYS AS (a || 'g') STORED; CREATE INDEX t_g ON t (g);
                   CREATE INDEX t_partial ON t (c) WHERE a IS NOT NULL; CREATE INDEX t_lower ON t (lower(a));
                   ALTER TABLE t ADD CONSTRAINT k CHECK (length(a) < 9);
                   CREATE FUNCTION atomic() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(a) FROM t; END",
            source: "DROP FUNCTION atomic; DROP MATERIALIZED VIEW m; DROP VIEW w; DROP VIEW v; DROP TRIGGER g ON t; DROP POLICY p ON t; ALTER TABLE t DROP g; ALTER TABLE t ALTER a TYPE text;
                   CREATE VIEW v AS SELECT id, a FROM t; CREATE VIEW w AS SELECT a, count(*) FROM v GROUP BY a;
                   COMMENT ON VIEW w IS 'second'; CREATE MATERIALIZED VIEW m AS SELECT * FROM w; CREATE UNIQUE INDEX m_a ON m (a);
                   CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a <> OLD.a) EXECUTE FUNCTION tf();
                   CREATE TRIGGER i INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf();
                   CREATE POLICY p ON t USING (a <> 'z');
                   ALTER TABLE t ADD g text GENERATED ALWAYS AS (a || 'g') STORED; CREATE INDEX t_g ON t (g);
                   CREATE FUNCTION atomic() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(a) FROM t; END",
            keeps: "SELECT (id, a, b, c) FROM t", ..CASE },
    ])
    .await;
}

#[tokio::test]
async fn counters_go_on() {
    const SERIAL: &str =
        "CREATE TABLE t (id serial PRIMARY KEY, a text); INSERT INTO t (a) SELECT 'x' FROM generate_series(1, 5)";
    const IDENTITY: &str = "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text); INSERT INTO t (a) SELECT 'x' FROM generate_series(1, 5)";
    const PLAIN: &str =
        "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, a text); INSERT INTO t SELECT g, 'x' FROM generate_series(1, 5) g";
    check(&[
        Case { name: "serial to identity", target: SERIAL, source: IDENTITY, keeps: "SELECT (id, a) FROM t", ..CASE },
        Case { name: "plain to identity", target: PLAIN, source: IDENTITY, keeps: "SELECT (id, a) FROM t", ..CASE },
        Case { name: "plain to serial", target: PLAIN, source: SERIAL, keeps: "SELECT (id, a) FROM t", ..CASE },
        Case { name: "identity options", target: IDENTITY, source: "CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY (START 7 INCREMENT 2 CACHE 3 CYCLE) PRIMARY KEY, a text)", keeps: "SELECT (id, a) FROM t", ..CASE },
        Case { name: "serial to bigserial", target: SERIAL, source: "CREATE TABLE t (id bigserial PRIMARY KEY, a text)", keeps: "SELECT (id, a) FROM t", ..CASE },
        Case { name: "identity to bigint", target: IDENTITY, source: "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text)", keeps: "SELECT (id, a) FROM t", ..CASE },
        Case { name: "new serial column", both: "CREATE TABLE t (a text); INSERT INTO t VALUES ('x')", source: "ALTER TABLE t ADD id serial", keeps: "SELECT a FROM t", ..CASE },
        Case { name: "new identity column", both: "CREATE TABLE t (a text); INSERT INTO t VALUES ('x')", source: "ALTER TABLE t ADD id integer GENERATED ALWAYS AS IDENTITY", keeps: "SELECT a FROM t", ..CASE },
    ])
    .await;
    for (from, to) in [(SERIAL, IDENTITY), (IDENTITY, SERIAL), (PLAIN, IDENTITY), (PLAIN, SERIAL)] {
        let (target, source) = (super::harness::database("counter").await, super::harness::database("counter").await);
        target.exec(from).await;
        source.exec(to).await;
        let plan = super::planned(&source.catalog().await, &target.catalog().await).unwrap();
        super::apply(&target, &plan).await.unwrap();
        target.exec("INSERT INTO public.t (a) VALUES ('next')").await;
        assert_eq!(target.column("SELECT id FROM public.t WHERE a = 'next'").await, ["6"], "from {from} to {to}");
    }
}

#[tokio::test]
async fn generated_columns_are_computed_anew_or_kept() {
    check(&[
        Case { name: "new", both: T, source: "ALTER TABLE t ADD g text GENERATED ALWAYS AS (a || 'x') STORED", keeps: "SELECT (id, a) FROM t", ..CASE },
        Case { name: "another expression", both: T, target: "ALTER TABLE t ADD g text GENERATED ALWAYS AS (a || 'x') STORED; CREATE INDEX ti ON t (g); COMMENT ON COLUMN t.g IS 'c'",
            source: "ALTER TABLE t ADD g text GENERATED ALWAYS AS (a || 'y') STORED; CREATE INDEX ti ON t (g); COMMENT ON COLUMN t.g IS 'c'", keeps: "SELECT (id, a) FROM t" },
        Case { name: "to plain", both: T, target: "ALTER TABLE t ADD g text GENERATED ALWAYS AS (a || 'x') STORED", source: "ALTER TABLE t ADD g text", keeps: "SELECT g FROM t" },
        Case { name: "over a function that changes its result", both: T,
            target: "CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT a $$; ALTER TABLE t ADD g text GENERATED ALWAYS AS (f(a)) STORED",
            source: "CREATE FUNCTION f(a text) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT a $$; ALTER TABLE t ADD g text GENERATED ALWAYS AS (f(a)) STORED", ..CASE },
    ])
    .await;
}

//! Enums, domains, composite types, collations, sequences, schemas, extensions.

use super::{CASE, Case, check};

#[tokio::test]
async fn enums_grow_shrink_and_change_places() {
    const USED: &str = "CREATE TABLE t (id int PRIMARY KEY, s mood DEFAULT 'b' NOT NULL, l mood[] DEFAULT '{a}'); INSERT INTO t VALUES (1, 'a', '{a,b}');
        CREATE VIEW v AS SELECT id FROM t WHERE s = 'a'; CREATE INDEX ti ON t (id) WHERE s = 'b';
        CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT m $$; CREATE DOMAIN d AS mood CHECK (VALUE <> 'b'); CREATE TABLE u (d d)";
    let used =
        |values: &str| -> &'static str { Box::leak(format!("CREATE TYPE mood AS ENUM ({values}); {USED}").into_boxed_str()) };
    check(&[
        Case { name: "new enum", source: "CREATE TYPE mood AS ENUM ('it''s', 'b'); COMMENT ON TYPE mood IS 'm'", ..CASE },
        Case {
            name: "values at all places",
            target: "CREATE TYPE mood AS ENUM ('b', 'd')",
            source: "CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd', 'e')",
            ..CASE
        },
        Case {
            name: "value added and used",
            target: used("'a', 'b'"),
            source: Box::leak(used("'a', 'b', 'c'").replace("DEFAULT 'b'", "DEFAULT 'c'").into_boxed_str()),
            keeps: "SELECT (id, s, l) FROM t",
            ..CASE
        },
        Case {
            name: "value removed in use",
            target: used("'a', 'b', 'c'"),
            source: used("'a', 'b'"),
            keeps: "SELECT (id, s, l) FROM t",
            ..CASE
        },
        Case {
            name: "reordered in use",
            target: used("'a', 'b', 'c'"),
            source: used("'c', 'b', 'a'"),
            keeps: "SELECT (id, s, l) FROM t",
            ..CASE
        },
        Case {
            name: "text to enum with a default",
            both: "CREATE TYPE mood AS ENUM ('a', 'b')",
            target: "CREATE TABLE t (s text DEFAULT 'a', l text[]); INSERT INTO t VALUES ('b', '{a}')",
            source: "CREATE TABLE t (s mood DEFAULT 'a', l mood[])",
            keeps: "SELECT s FROM t",
        },
        Case {
            name: "text to a new enum",
            target: "CREATE TABLE t (s text DEFAULT 'a'); INSERT INTO t VALUES ('b')",
            source: "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (s mood DEFAULT 'a')",
            keeps: "SELECT s FROM t",
            ..CASE
        },
        Case {
            name: "one enum to another",
            target: "CREATE TYPE one AS ENUM ('a'); CREATE TABLE t (s one DEFAULT 'a'); INSERT INTO t VALUES ('a')",
            source: "CREATE TYPE two AS ENUM ('a'); CREATE TABLE t (s two DEFAULT 'a')",
            keeps: "SELECT s FROM t",
            ..CASE
        },
    ])
    .await;
}

#[tokio::test]
async fn domains_and_composites_change() {
    check(&[
        Case { name: "new domain", source: "CREATE DOMAIN d AS varchar(5) COLLATE \"C\" DEFAULT 'x' NOT NULL CONSTRAINT k CHECK (VALUE <> ''); COMMENT ON DOMAIN d IS 'dd'; COMMENT ON CONSTRAINT k ON DOMAIN d IS 'kk'", ..CASE },
        Case { name: "domain in place", target: "CREATE DOMAIN d AS int CONSTRAINT k CHECK (VALUE > 0)", source: "CREATE DOMAIN d AS int DEFAULT 3 NOT NULL CONSTRAINT k CHECK (VALUE > 1) CONSTRAINT l CHECK (VALUE < 9)", ..CASE },
        Case { name: "domain of another type in use", target: "CREATE DOMAIN d AS int; CREATE TABLE t (a d DEFAULT 1); INSERT INTO t VALUES (5)", source: "CREATE DOMAIN d AS bigint; CREATE TABLE t (a d DEFAULT 1)", keeps: "SELECT a FROM t", ..CASE },
        Case { name: "domain validated", target: "CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID", source: "CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE > 0)", ..CASE },
        Case { name: "new composite", source: "CREATE TYPE c AS (a int, \"B b\" text COLLATE \"C\"); COMMENT ON COLUMN c.a IS 'x'", ..CASE },
        Case { name: "composite grows", target: "CREATE TYPE c AS (a int)", source: "CREATE TYPE c AS (a int, b text)", ..CASE },
        Case { name: "composite attribute type in use", target: "CREATE TYPE c AS (a int); CREATE TABLE t (c c); INSERT INTO t VALUES (ROW(1))", source: "CREATE TYPE c AS (a bigint); CREATE TABLE t (c c)", keeps: "SELECT c FROM t", ..CASE },
        Case { name: "composite in the middle", target: "CREATE TYPE c AS (a int, z int)", source: "CREATE TYPE c AS (a int, m int, z int)", ..CASE },
        Case { name: "domain over a composite over an enum, used in an array",
            target: "", source: "CREATE TYPE e AS ENUM ('x'); CREATE TYPE c AS (a e); CREATE DOMAIN d AS c CHECK ((VALUE).a = 'x'); CREATE TABLE t (a d[])", ..CASE },
        Case { name: "collation", source: "CREATE COLLATION g (provider = icu, locale = 'de'); CREATE TABLE t (a text COLLATE g)", ..CASE },
    ])
    .await;
}

#[tokio::test]
async fn sequences_schemas_and_extensions_change() {
    check(&[
        Case { name: "new sequence", source: "CREATE SEQUENCE s AS smallint START 5 INCREMENT -1 MINVALUE -9 MAXVALUE 9 CACHE 2 CYCLE; COMMENT ON SEQUENCE s IS 'x'", ..CASE },
        Case { name: "sequence options", target: "CREATE SEQUENCE s", source: "CREATE SEQUENCE s AS integer START 5 INCREMENT 3 MINVALUE 2 MAXVALUE 900 CACHE 7 CYCLE", ..CASE },
        Case { name: "owner of a sequence", both: "CREATE SEQUENCE s; CREATE TABLE t (a int, b int)", target: "ALTER SEQUENCE s OWNED BY t.a", source: "ALTER SEQUENCE s OWNED BY t.b", ..CASE },
        Case { name: "sequence shared by two tables", source: "CREATE SEQUENCE s; CREATE TABLE t (a int DEFAULT nextval('s')); CREATE TABLE u (a int DEFAULT nextval('s'))", ..CASE },
        Case { name: "schema with all in it", source: "CREATE SCHEMA \"My Schema\"; COMMENT ON SCHEMA \"My Schema\" IS 'x'; CREATE TABLE \"My Schema\".\"T.t\" (\"I d\" serial PRIMARY KEY); CREATE VIEW \"My Schema\".v AS SELECT * FROM \"My Schema\".\"T.t\"", ..CASE },
        Case { name: "same name in two schemas", both: "CREATE SCHEMA a; CREATE SCHEMA b", source: "CREATE TABLE a.t (id int PRIMARY KEY); CREATE TABLE b.t (id int PRIMARY KEY REFERENCES a.t)", ..CASE },
        Case { name: "extension and its type", source: "CREATE EXTENSION citext; CREATE TABLE t (a citext)", ..CASE },
        Case { name: "extension in a schema", both: "CREATE SCHEMA ext", target: "CREATE EXTENSION pg_trgm", source: "CREATE EXTENSION pg_trgm WITH SCHEMA ext", ..CASE },
        Case { name: "comment on the schema public", source: "COMMENT ON SCHEMA public IS 'ours'", ..CASE },
    ])
    .await;
}

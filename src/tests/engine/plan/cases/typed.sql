--- a typed table comes and goes
-- both
CREATE TYPE shape AS (a int, b text);
-- source
CREATE TABLE t OF shape (a WITH OPTIONS PRIMARY KEY, b WITH OPTIONS DEFAULT 'x' NOT NULL, CHECK (a > 0)); COMMENT ON TABLE t IS 'typed'; CREATE INDEX i ON t (b);
--- the type grows under its table
-- target
CREATE TYPE shape AS (a int, b text); CREATE TABLE t OF shape; INSERT INTO t VALUES (1, 'x');
-- source
CREATE TYPE shape AS (a int, b text, c date); CREATE TABLE t OF shape (c WITH OPTIONS DEFAULT '2026-01-01');
-- keeps
SELECT (a, b) FROM t
--- an attribute gets another type under a typed table and a view
-- target
CREATE TYPE shape AS (a int, b varchar(5)); CREATE TABLE t OF shape; INSERT INTO t VALUES (1, 'x'); CREATE VIEW v AS SELECT b FROM t;
-- source
CREATE TYPE shape AS (a bigint, b text); CREATE TABLE t OF shape; CREATE VIEW v AS SELECT b FROM t;
-- keeps
SELECT a || b FROM t
--- a plain table becomes a typed one
-- target
CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x');
-- source
CREATE TYPE shape AS (a int, b text); CREATE TABLE t OF shape;
-- keeps
SELECT (a, b) FROM t
--- a table of one type becomes one of another
-- both
CREATE TYPE one AS (a int); CREATE TYPE two AS (a int, b text);
-- target
CREATE TABLE t OF one;
-- source
CREATE TABLE t OF two;
--- columns in another order than the type's
-- target
CREATE TABLE t (b text, a int);
-- source
CREATE TYPE shape AS (a int, b text); CREATE TABLE t OF shape;
-- refused
stand in another order
--- default and constraint of a typed table change
-- both
CREATE TYPE shape AS (a int, b text); CREATE TABLE t OF shape;
-- target
ALTER TABLE t ALTER a SET DEFAULT 1; ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0);
-- source
ALTER TABLE t ALTER b SET DEFAULT 'x', ALTER a SET NOT NULL; ALTER TABLE t ADD CONSTRAINT k CHECK (a > 1);

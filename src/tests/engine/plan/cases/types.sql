--- enum value in the middle, used as default, in a check and in a partial index
-- target
CREATE TYPE e AS ENUM ('a', 'c'); CREATE TABLE t (x e DEFAULT 'a', y text); INSERT INTO t VALUES ('c');
-- source
CREATE TYPE e AS ENUM ('a', 'b', 'c', 'it''s'); CREATE TABLE t (x e DEFAULT 'b', y text, CHECK (x <> 'it''s')); CREATE INDEX i ON t (y) WHERE x = 'b';
-- keeps
SELECT x FROM t
--- enum value used through a domain
-- target
CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS e; CREATE TABLE t (x d); INSERT INTO t VALUES ('a');
-- source
CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e DEFAULT 'b'; CREATE TABLE t (x d DEFAULT 'b');
-- keeps
SELECT x FROM t
--- enum values removed and moved in use everywhere
-- target
CREATE TYPE e AS ENUM ('a', 'b', 'c', 'd'); CREATE DOMAIN d AS e CHECK (VALUE <> 'd'); CREATE TYPE comp AS (x e, n int);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id int PRIMARY KEY, x e NOT NULL DEFAULT 'a', l e[] DEFAULT '{a}', dd d DEFAULT 'b', co comp, g text GENERATED ALWAYS AS (CASE WHEN x = 'a' THEN 'y' END) STORED, CHECK (x <> 'c'), UNIQUE (x, id));
INSERT INTO t VALUES (1, 'b', '{a,c}', 'c', '(a,1)'), (2, 'a', NULL, NULL, NULL);
CREATE INDEX i ON t (id) WHERE x = 'b'; CREATE INDEX j ON t (x);
CREATE VIEW v AS SELECT id, x, l FROM t WHERE x = 'a'; COMMENT ON VIEW v IS 'vv';
CREATE MATERIALIZED VIEW m AS SELECT x, count(*) FROM t GROUP BY x;
CREATE FUNCTION f(p e DEFAULT 'a') RETURNS SETOF e LANGUAGE sql AS 'SELECT p';
CREATE POLICY po ON t USING (x = 'a'); CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.x = 'a') EXECUTE FUNCTION tf();
CREATE TABLE parent (k e, v e) PARTITION BY RANGE (k); COMMENT ON TYPE e IS 'ee';
-- source
CREATE TYPE e AS ENUM ('b', 'a', 'c'); CREATE DOMAIN d AS e CHECK (VALUE <> 'b'); CREATE TYPE comp AS (x e, n int);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id int PRIMARY KEY, x e NOT NULL DEFAULT 'a', l e[] DEFAULT '{a}', dd d DEFAULT 'a', co comp, g text GENERATED ALWAYS AS (CASE WHEN x = 'a' THEN 'y' END) STORED, CHECK (x <> 'c'), UNIQUE (x, id));
CREATE INDEX i ON t (id) WHERE x = 'b'; CREATE INDEX j ON t (x);
CREATE VIEW v AS SELECT id, x, l FROM t WHERE x = 'a'; COMMENT ON VIEW v IS 'vv';
CREATE MATERIALIZED VIEW m AS SELECT x, count(*) FROM t GROUP BY x;
CREATE FUNCTION f(p e DEFAULT 'a') RETURNS SETOF e LANGUAGE sql AS 'SELECT p';
CREATE POLICY po ON t USING (x = 'a'); CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.x = 'a') EXECUTE FUNCTION tf();
CREATE TABLE parent (k e, v e) PARTITION BY RANGE (k); COMMENT ON TYPE e IS 'ee';
-- refused
partition
--- enum values removed and moved in use nearly everywhere
-- target
CREATE TYPE e AS ENUM ('a', 'b', 'c', 'd'); CREATE DOMAIN d AS e CHECK (VALUE <> 'd'); CREATE TYPE comp AS (x e, n int);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id int PRIMARY KEY, x e NOT NULL DEFAULT 'a', l e[] DEFAULT '{a}', dd d DEFAULT 'b', co comp, g text GENERATED ALWAYS AS (CASE WHEN x = 'a' THEN 'y' END) STORED, CHECK (x <> 'c'), UNIQUE (x, id));
INSERT INTO t VALUES (1, 'b', '{a,c}', 'c', '(a,1)'), (2, 'a', NULL, NULL, NULL);
CREATE INDEX i ON t (id) WHERE x = 'b'; CREATE INDEX j ON t (x);
CREATE VIEW v AS SELECT id, x, l FROM t WHERE x = 'a'; COMMENT ON VIEW v IS 'vv';
CREATE MATERIALIZED VIEW m AS SELECT x, count(*) FROM t GROUP BY x;
CREATE FUNCTION f(p e DEFAULT 'a') RETURNS SETOF e LANGUAGE sql AS 'SELECT p';
CREATE POLICY po ON t USING (x = 'a'); CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.x = 'a') EXECUTE FUNCTION tf(); COMMENT ON TYPE e IS 'ee';
-- source
CREATE TYPE e AS ENUM ('b', 'a', 'c'); CREATE DOMAIN d AS e CHECK (VALUE <> 'b'); CREATE TYPE comp AS (x e, n int);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id int PRIMARY KEY, x e NOT NULL DEFAULT 'a', l e[] DEFAULT '{a}', dd d DEFAULT 'a', co comp, g text GENERATED ALWAYS AS (CASE WHEN x = 'a' THEN 'y' END) STORED, CHECK (x <> 'c'), UNIQUE (x, id));
CREATE INDEX i ON t (id) WHERE x = 'b'; CREATE INDEX j ON t (x);
CREATE VIEW v AS SELECT id, x, l FROM t WHERE x = 'a'; COMMENT ON VIEW v IS 'vv';
CREATE MATERIALIZED VIEW m AS SELECT x, count(*) FROM t GROUP BY x;
CREATE FUNCTION f(p e DEFAULT 'a') RETURNS SETOF e LANGUAGE sql AS 'SELECT p';
CREATE POLICY po ON t USING (x = 'a'); CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.x = 'a') EXECUTE FUNCTION tf(); COMMENT ON TYPE e IS 'ee';
-- keeps
SELECT (id, x, l, dd, co, g)::text FROM t ORDER BY id
--- foreign key between two enum columns that are rebuilt
-- target
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE p (x e PRIMARY KEY); CREATE TABLE t (x e REFERENCES p ON DELETE CASCADE); INSERT INTO p VALUES ('a'); INSERT INTO t VALUES ('a');
-- source
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE p (x e PRIMARY KEY); CREATE TABLE t (x e REFERENCES p ON DELETE CASCADE);
-- keeps
SELECT x FROM t
--- text to enum with a default, an array and a check
-- target
CREATE TABLE t (a text NOT NULL DEFAULT 'x', b text[] DEFAULT '{x}', c varchar(10) CHECK (c IN ('x', 'y'))); INSERT INTO t VALUES ('y', '{x,y}', 'x'); CREATE INDEX i ON t (a) WHERE a = 'x'; CREATE VIEW v AS SELECT a FROM t;
-- source
CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t (a e NOT NULL DEFAULT 'x', b e[] DEFAULT '{x}', c e DEFAULT 'y'); CREATE INDEX i ON t (a) WHERE a = 'x'; CREATE VIEW v AS SELECT a FROM t;
-- keeps
SELECT (a, b, c)::text FROM t
--- an enum is replaced by one of another name
-- target
CREATE TYPE one AS ENUM ('a', 'b'); CREATE TABLE t (x one DEFAULT 'a'); INSERT INTO t VALUES ('b');
-- source
CREATE TYPE two AS ENUM ('b', 'a'); CREATE TABLE t (x two DEFAULT 'b');
-- keeps
SELECT x FROM t
--- enum to text, and its type goes
-- target
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x e DEFAULT 'a', l e[]); INSERT INTO t VALUES ('b', '{a}');
-- source
CREATE TABLE t (x text DEFAULT 'a', l text[]);
-- keeps
SELECT (x, l)::text FROM t
--- a domain of a domain, with checks that call a function
-- target
CREATE FUNCTION ok(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'; CREATE DOMAIN d AS int CHECK (ok(VALUE)); CREATE DOMAIN dd AS d; CREATE TABLE t (x dd); INSERT INTO t VALUES (5);
-- source
CREATE FUNCTION ok(i int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 1'; CREATE DOMAIN d AS int CHECK (ok(VALUE)); CREATE DOMAIN dd AS d NOT NULL; CREATE TABLE t (x dd);
-- keeps
SELECT x FROM t
--- the base type of a domain in use
-- target
CREATE DOMAIN d AS varchar(10) DEFAULT 'x' CHECK (VALUE <> ''); CREATE TABLE t (x d, y d[] DEFAULT '{a}', z d DEFAULT 'q'); INSERT INTO t VALUES ('x', '{y}'); CREATE VIEW v AS SELECT x FROM t; CREATE INDEX i ON t (x); COMMENT ON DOMAIN d IS 'dd';
-- source
CREATE DOMAIN d AS text DEFAULT 'x' CHECK (VALUE <> ''); CREATE TABLE t (x d, y d[] DEFAULT '{a}', z d DEFAULT 'q'); CREATE VIEW v AS SELECT x FROM t; CREATE INDEX i ON t (x); COMMENT ON DOMAIN d IS 'dd';
-- keeps
SELECT (x, y, z)::text FROM t
--- domain checks: changed, not valid, named anew
-- target
CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 0) CONSTRAINT b CHECK (VALUE > 1); CREATE TABLE t (x d); INSERT INTO t VALUES (7);
-- source
CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 2); ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 3) NOT VALID; CREATE TABLE t (x d); COMMENT ON CONSTRAINT a ON DOMAIN d IS 'aa';
-- keeps
SELECT x FROM t
--- a composite in use gains and loses attributes
-- target
CREATE TYPE c AS (a int, b text); CREATE TABLE t (x c, y c[]); INSERT INTO t VALUES ('(1,q)', '{"(2,r)"}');
-- source
CREATE TYPE c AS (a int, z date); CREATE TABLE t (x c, y c[]);
-- keeps
SELECT (x).a FROM t
--- a composite in use changes a type under a view and a function
-- target
CREATE TYPE c AS (a int, b text); CREATE TABLE t (x c); INSERT INTO t VALUES ('(1,q)'); CREATE VIEW v AS SELECT (x).a FROM t; CREATE FUNCTION f(c) RETURNS c LANGUAGE sql AS 'SELECT $1';
-- source
CREATE TYPE c AS (a bigint, b text); CREATE TABLE t (x c); CREATE VIEW v AS SELECT (x).a FROM t; CREATE FUNCTION f(c) RETURNS c LANGUAGE sql AS 'SELECT $1';
-- keeps
SELECT x FROM t
--- a composite in use changes the order of its attributes
-- target
CREATE TYPE c AS (a int, b text); CREATE TABLE t (x c); INSERT INTO t VALUES ('(1,q)'), (NULL);
-- source
CREATE TYPE c AS (b text, a int); CREATE TABLE t (x c);
-- keeps
SELECT (x).b FROM t ORDER BY 1
--- a composite of a composite of a domain of an enum
-- target
CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e; CREATE TYPE c1 AS (x d, y e[]); CREATE TYPE c2 AS (z c1); CREATE TABLE t (q c2); INSERT INTO t VALUES (ROW(ROW('a', '{b}')));
-- source
CREATE TYPE e AS ENUM ('b', 'a'); CREATE DOMAIN d AS e; CREATE TYPE c1 AS (x d, y e[]); CREATE TYPE c2 AS (z c1); CREATE TABLE t (q c2);
-- keeps
SELECT q FROM t
--- a collation changes under a column
-- target
CREATE COLLATION co (provider = icu, locale = 'de'); CREATE TABLE t (a text COLLATE co); INSERT INTO t VALUES ('ä'); CREATE INDEX i ON t (a);
-- source
CREATE COLLATION co (provider = icu, locale = 'sv'); CREATE TABLE t (a text COLLATE co); CREATE INDEX i ON t (a); COMMENT ON COLLATION co IS 'c';
-- keeps
SELECT a FROM t
--- a type takes the name of a table, and a table that of a type
-- target
CREATE TABLE a (x int); CREATE TYPE b AS ENUM ('q');
-- source
CREATE TYPE a AS ENUM ('q'); CREATE TABLE b (x int);
--- a domain takes the name of an enum in use
-- target
CREATE TYPE a AS ENUM ('q'); CREATE TABLE t (x a); INSERT INTO t VALUES ('q');
-- source
CREATE DOMAIN a AS text; CREATE TABLE t (x a);
-- keeps
SELECT x FROM t
--- enum rebuilt under inheritance and partitions
-- target
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE p (k int, x e DEFAULT 'a') PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); ALTER TABLE p1 ALTER x SET DEFAULT 'b'; INSERT INTO p VALUES (1, 'b'); CREATE TABLE i (x e DEFAULT 'a'); CREATE TABLE j (y e) INHERITS (i); INSERT INTO j VALUES ('a', 'b');
-- source
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE p (k int, x e DEFAULT 'a') PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); ALTER TABLE p1 ALTER x SET DEFAULT 'b'; CREATE TABLE i (x e DEFAULT 'a'); CREATE TABLE j (y e) INHERITS (i);
-- keeps
SELECT (SELECT x FROM p)::text || (SELECT x FROM i)::text

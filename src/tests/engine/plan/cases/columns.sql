--- optional and required columns, with defaults of every kind
-- target
CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2);
-- source
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 7';
CREATE TABLE t (id int PRIMARY KEY, a text, b text NOT NULL DEFAULT 'it''s', c timestamptz NOT NULL DEFAULT now(), d int DEFAULT f(), e numeric(10,2) DEFAULT 1.50, f uuid DEFAULT gen_random_uuid(), g text[] DEFAULT '{}', h jsonb DEFAULT '{"a": 1}');
-- keeps
SELECT id FROM t
--- the order of columns does not matter
-- both
-- target
CREATE TABLE t (a int, b int, x int);
-- source
CREATE TABLE t (b int, a int);
--- varchar wider, narrower, to text and back keeps what fits
-- target
CREATE TABLE t (a varchar(10), b varchar(20), c varchar(5), d text); INSERT INTO t VALUES ('a', 'b', 'c', 'd');
-- source
CREATE TABLE t (a varchar(20), b varchar(10), c text, d varchar(5));
-- keeps
SELECT (a, b, c, d)::text FROM t
--- numbers change their types
-- target
CREATE TABLE t (a int DEFAULT 5, b bigint, c smallint, d numeric(10,2) DEFAULT 0, e int, f real, g numeric(5,2)); INSERT INTO t VALUES (1, 2, 3, 4, 5, 6, 7);
-- source
CREATE TABLE t (a bigint DEFAULT 5, b int, c numeric, d int DEFAULT 0, e text, f double precision, g numeric(8,2));
-- keeps
SELECT (a, b, c, d::int, e, f, g)::text FROM t
--- bool, int and text
-- target
CREATE TABLE t (a boolean DEFAULT true NOT NULL, b int DEFAULT 1, c boolean DEFAULT false, d text DEFAULT 'true', e bigint DEFAULT 0, f boolean); INSERT INTO t VALUES (true, 0, false, 'yes', 1, true);
-- source
CREATE TABLE t (a int DEFAULT 1 NOT NULL, b boolean DEFAULT true, c text DEFAULT 'false', d boolean DEFAULT true, e boolean DEFAULT false, f smallint);
-- keeps
SELECT count(*) FROM t WHERE a::int::bool AND NOT b::int::bool
--- int to uuid of an empty table
-- target
CREATE TABLE t (id int DEFAULT 3);
-- source
CREATE TABLE t (id uuid DEFAULT gen_random_uuid());
--- text to arrays, json to jsonb, dates and times
-- target
CREATE TABLE t (a text, b json DEFAULT '{}', c date, d timestamp, e timestamptz, f text DEFAULT '1', g text[] DEFAULT '{1}', h inet, i bytea, j time, k interval); INSERT INTO t VALUES ('{a,b}', '{"x":1}', '2024-01-02', '2024-01-02 03:04', '2024-01-02 03:04+00', '2', '{3}', '1.2.3.4', '\x01', '01:02', '1 day');
-- source
CREATE TABLE t (a text[], b jsonb DEFAULT '{}', c timestamptz, d date, e timestamp, f int DEFAULT 1, g int[] DEFAULT '{1}', h text, i text, j text, k text);
-- keeps
SELECT (f, g)::text FROM t
-- one way
--- a type changes under everything at once
-- target
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE p (code varchar(10) PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1 CHECK (a > 0), g int GENERATED ALWAYS AS (a * 2) STORED, code varchar(10) REFERENCES p, UNIQUE (a));
CREATE TABLE c (a int REFERENCES t (a));
INSERT INTO p VALUES ('x'); INSERT INTO t (id, a, code) VALUES (1, 5, 'x'); INSERT INTO c VALUES (5);
CREATE INDEX i1 ON t ((a + 1)) WHERE a > 3;
CREATE INDEX i2 ON t (a DESC) INCLUDE (id);
CREATE VIEW v AS SELECT id, a FROM t; COMMENT ON VIEW v IS 'vv'; COMMENT ON COLUMN v.a IS 'va';
CREATE VIEW v2 AS SELECT * FROM v WHERE a > 1;
CREATE MATERIALIZED VIEW m AS SELECT a FROM v2; CREATE UNIQUE INDEX mi ON m (a);
CREATE POLICY pol ON t USING (a > 0); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION tf(); COMMENT ON TRIGGER tr ON t IS 'ttr';
CREATE FUNCTION atom(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE a = x; END;
CREATE TRIGGER iv INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf();
-- source
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE p (code text PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a bigint NOT NULL DEFAULT 1 CHECK (a > 0), g bigint GENERATED ALWAYS AS (a * 2) STORED, code text REFERENCES p, UNIQUE (a));
CREATE TABLE c (a bigint REFERENCES t (a));
CREATE INDEX i1 ON t ((a + 1)) WHERE a > 3;
CREATE INDEX i2 ON t (a DESC) INCLUDE (id);
CREATE VIEW v AS SELECT id, a FROM t; COMMENT ON VIEW v IS 'vv'; COMMENT ON COLUMN v.a IS 'va';
CREATE VIEW v2 AS SELECT * FROM v WHERE a > 1;
CREATE MATERIALIZED VIEW m AS SELECT a FROM v2; CREATE UNIQUE INDEX mi ON m (a);
CREATE POLICY pol ON t USING (a > 0); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION tf(); COMMENT ON TRIGGER tr ON t IS 'ttr';
CREATE FUNCTION atom(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE a = x; END;
CREATE TRIGGER iv INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf();
-- keeps
SELECT (id, a, g, code)::text FROM t
--- generated expression changes, with an index and a foreign key on it
-- target
CREATE TABLE p (x int PRIMARY KEY); INSERT INTO p SELECT generate_series(0, 100);
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a * 2) STORED REFERENCES p); CREATE INDEX gi ON t (g); COMMENT ON COLUMN t.g IS 'gg';
INSERT INTO t VALUES (3); CREATE VIEW v AS SELECT g FROM t;
-- source
CREATE TABLE p (x int PRIMARY KEY);
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a * 3) STORED REFERENCES p); CREATE INDEX gi ON t (g); COMMENT ON COLUMN t.g IS 'gg';
CREATE VIEW v AS SELECT g FROM t;
-- keeps
SELECT a FROM t
--- generated to plain keeps its values
-- target
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t VALUES (3);
-- source
CREATE TABLE t (a int, g int);
-- keeps
SELECT g FROM t
--- generated to plain with another type and a default
-- target
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t VALUES (3);
-- source
CREATE TABLE t (a int, g bigint DEFAULT 4 NOT NULL);
-- keeps
SELECT g FROM t
--- storage, compression and statistics
-- target
CREATE TABLE t (a text, b text, c text, d bytea, e text); ALTER TABLE t ALTER e SET STORAGE EXTERNAL;
-- source
CREATE TABLE t (a text, b text, c text, d bytea, e text);
ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET COMPRESSION pglz, ALTER c SET STATISTICS 300, ALTER d SET STORAGE MAIN;
--- storage of a type whose own is another
-- target
CREATE TABLE t (a numeric, b int); ALTER TABLE t ALTER a SET STORAGE EXTERNAL;
-- source
CREATE TABLE t (a numeric, b int);
--- collation of a column under an index and a view
-- target
CREATE TABLE t (a text); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t; INSERT INTO t VALUES ('x');
-- source
CREATE TABLE t (a text COLLATE "C"); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t;
-- keeps
SELECT a FROM t
--- a column goes and its view, index, constraint, policy, trigger and default's function too
-- target
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT f() UNIQUE CHECK (a > 0)); CREATE VIEW v AS SELECT id, a FROM t; CREATE INDEX i ON t (id, a);
CREATE POLICY p ON t USING (a > 1); CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION tf(); INSERT INTO t VALUES (1, 2);
-- source
CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW v AS SELECT id FROM t;
-- keeps
SELECT id FROM t
--- comments on columns come, change and go
-- target
CREATE TABLE t (a int, b int, c int); COMMENT ON COLUMN t.b IS 'old'; COMMENT ON COLUMN t.c IS 'gone';
-- source
CREATE TABLE t (a int, b int, c int); COMMENT ON COLUMN t.a IS 'it''s \ new'; COMMENT ON COLUMN t.b IS 'new';
--- a default that does not cast with its column
-- target
CREATE TABLE t (a text DEFAULT 'none', b int DEFAULT 0, c text DEFAULT 'x'); INSERT INTO t VALUES ('5', 6, '7');
-- source
CREATE TABLE t (a int DEFAULT 0, b text DEFAULT 'none', c int);
-- keeps
SELECT (a, b, c)::text FROM t
--- generated column added over a function and over a new column
-- target
CREATE TABLE t (a int); INSERT INTO t VALUES (2);
-- source
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE t (a int, z int DEFAULT 4, g int GENERATED ALWAYS AS (f(a) + z) STORED);
-- keeps
SELECT a FROM t
--- not null in the way back too, with a check that proves it
-- target
CREATE TABLE t (a int, CONSTRAINT k CHECK (a IS NOT NULL)); INSERT INTO t VALUES (1);
-- source
CREATE TABLE t (a int NOT NULL);
-- keeps
SELECT a FROM t
--- plain to generated computes the values
-- target
CREATE TABLE t (a int, g int); INSERT INTO t VALUES (1, 2);
-- source
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a * 2) STORED);
-- keeps
SELECT g FROM t
--- a column of another column's name and type at once, under a sql function of a row type
-- target
CREATE TABLE t (a int, b text); CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT $1.b'; INSERT INTO t VALUES (1, 'x');
-- source
CREATE TABLE t (a bigint, b text, c text); CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT $1.b || $1.c';
-- keeps
SELECT a FROM t
--- a default that calls a function over the row type of its table
-- source
CREATE TABLE t (a int); CREATE FUNCTION f(x t[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER TABLE t ADD b int DEFAULT f(NULL);
--- a default that calls a function that changes its result
-- target
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a bigint DEFAULT f(), b text); INSERT INTO t VALUES (5, 'b');
-- source
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a bigint DEFAULT f(), b text DEFAULT f()::text);
-- keeps
SELECT a FROM t
--- a column becomes generated, and a partial index and a check look at it
-- target
CREATE TABLE t (id int, d varchar(20)); CREATE INDEX i ON t (id) WHERE d IS NOT NULL; ALTER TABLE t ADD CONSTRAINT c CHECK (d <> '');
-- source
CREATE TABLE t (id int, d text GENERATED ALWAYS AS (id::text || 'x') STORED); CREATE INDEX i ON t (id) WHERE d IS NOT NULL; ALTER TABLE t ADD CONSTRAINT c CHECK (d <> '');

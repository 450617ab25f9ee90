--- a column at the end, in the middle, renamed, retyped, removed
-- both
CREATE TABLE t (a int, b int, c text);
-- target
CREATE VIEW v1 AS SELECT a FROM t; CREATE VIEW v2 AS SELECT a, b FROM t; CREATE VIEW v3 AS SELECT a FROM t; CREATE VIEW v4 AS SELECT a FROM t; CREATE VIEW v5 AS SELECT a, b FROM t;
-- source
CREATE VIEW v1 AS SELECT a, c FROM t; CREATE VIEW v2 AS SELECT a, c, b FROM t; CREATE VIEW v3 AS SELECT a AS z FROM t; CREATE VIEW v4 AS SELECT a::bigint AS a FROM t; CREATE VIEW v5 AS SELECT a FROM t;
--- options of views
-- both
CREATE TABLE t (a int);
-- target
CREATE VIEW v1 AS SELECT a FROM t; CREATE VIEW v2 WITH (security_barrier = true) AS SELECT a FROM t; CREATE VIEW v3 AS SELECT a FROM t WHERE a > 0 WITH LOCAL CHECK OPTION; CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT a FROM t;
-- source
CREATE VIEW v1 WITH (security_invoker = true) AS SELECT a FROM t; CREATE VIEW v2 AS SELECT a FROM t; CREATE VIEW v3 AS SELECT a FROM t WHERE a > 0 WITH CASCADED CHECK OPTION; CREATE MATERIALIZED VIEW m WITH (fillfactor = 80) AS SELECT a FROM t;
--- a chain of views over a materialised view over a function
-- target
CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE VIEW v AS SELECT f(a) AS a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM v; CREATE UNIQUE INDEX mi ON m (a); CREATE VIEW w AS SELECT a FROM m; COMMENT ON MATERIALIZED VIEW m IS 'mm'; COMMENT ON COLUMN m.a IS 'ma'; COMMENT ON INDEX mi IS 'mi';
-- source
CREATE TABLE t (a bigint); CREATE FUNCTION f(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1'; CREATE VIEW v AS SELECT f(a) AS a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM v; CREATE UNIQUE INDEX mi ON m (a); CREATE VIEW w AS SELECT a FROM m; COMMENT ON MATERIALIZED VIEW m IS 'mm'; COMMENT ON COLUMN m.a IS 'ma'; COMMENT ON INDEX mi IS 'mi';
-- keeps
SELECT a FROM w
--- view and function that need each other
-- target
CREATE TABLE t (a int);
-- source
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a, 'x'::text AS b FROM t; CREATE FUNCTION f(r v) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OR REPLACE VIEW v AS SELECT a, 'y'::text AS b, f(NULL) AS c FROM t; COMMENT ON VIEW v IS 'x';
--- view that groups by a primary key
-- target
CREATE TABLE t (a int PRIMARY KEY, b text); CREATE VIEW v AS SELECT a, b FROM t GROUP BY a; CREATE VIEW w AS SELECT * FROM v;
-- source
CREATE TABLE t (a bigint, b text, CONSTRAINT other PRIMARY KEY (a)); CREATE VIEW v AS SELECT a, b FROM t GROUP BY a; CREATE VIEW w AS SELECT * FROM v;
--- recursive view, view with defaults and with columns named like keywords
-- target
CREATE TABLE "select" ("from" int, "Where" text); CREATE VIEW "view" AS SELECT "from", "Where" FROM "select";
-- source
CREATE TABLE "select" ("from" int, "Where" text); CREATE VIEW "view" AS SELECT "from", "Where", 1 AS "group" FROM "select"; ALTER VIEW "view" ALTER "Where" SET DEFAULT 'd'; CREATE RECURSIVE VIEW r (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5;
--- a view becomes a table, and a table a view
-- target
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE w (a int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE VIEW over AS SELECT * FROM v;
-- source
CREATE TABLE t (a int); CREATE TABLE v (a int); CREATE VIEW w AS SELECT a FROM t; CREATE VIEW m AS SELECT a FROM t; CREATE VIEW over AS SELECT * FROM v;
--- a view loses a column that the table loses, others over it stay
-- target
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a FROM v; INSERT INTO t VALUES (1, 2);
-- source
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;
-- keeps
SELECT a FROM w
--- expressions that print differently after a reload
-- target
CREATE TABLE t (a varchar(10), b char(3));
-- source
CREATE TABLE t (a varchar(10) CHECK (a IN ('x', 'it''s')), b char(3) CHECK (b IN ('a', 'b')), c varchar[] CHECK (c <@ ARRAY['x', 'y']::varchar[])); CREATE VIEW v AS SELECT a FROM t WHERE a IN ('x', 'y') AND b NOT IN ('q', 'r'); CREATE INDEX i ON t (a) WHERE a IN ('p', 'q'); CREATE POLICY p ON t USING (a IN ('x', 'y'));
--- views over joins, windows, lateral, ctes and set operations survive a type change below
-- target
CREATE TABLE t (a int, b text); CREATE TABLE u (a int, c text);
CREATE VIEW v AS WITH q AS (SELECT a, b FROM t) SELECT a, row_number() OVER (PARTITION BY b ORDER BY a) AS n, x.c FROM q LEFT JOIN LATERAL (SELECT c FROM u WHERE u.a = q.a LIMIT 1) x ON true UNION ALL SELECT a, 0, c FROM u;
CREATE VIEW j AS SELECT * FROM t JOIN u USING (a);
-- source
CREATE TABLE t (a bigint, b text); CREATE TABLE u (a bigint, c text);
CREATE VIEW v AS WITH q AS (SELECT a, b FROM t) SELECT a, row_number() OVER (PARTITION BY b ORDER BY a) AS n, x.c FROM q LEFT JOIN LATERAL (SELECT c FROM u WHERE u.a = q.a LIMIT 1) x ON true UNION ALL SELECT a, 0, c FROM u;
CREATE VIEW j AS SELECT * FROM t JOIN u USING (a);
--- a materialised view without data
-- target
CREATE TABLE t (a int);
-- source
CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;

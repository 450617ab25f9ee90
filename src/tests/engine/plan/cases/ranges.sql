--- range types come and go with their multirange
-- source
CREATE TYPE span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi); CREATE TYPE words AS RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = many_words); CREATE TABLE t (a span, b many_words, c span[]); COMMENT ON TYPE span IS 's';
--- a range type changes under columns, functions, domains and views
-- target
CREATE TYPE span AS RANGE (SUBTYPE = float8); CREATE TABLE t (id int, a span DEFAULT '[1,2)', b span_multirange, c span[]); CREATE TYPE m AS ENUM ('x'); CREATE DOMAIN d AS span CHECK (NOT isempty(VALUE)); CREATE TABLE u (d d); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f(span) RETURNS span LANGUAGE sql AS 'SELECT $1'; INSERT INTO t VALUES (1, '[1,3)', '{[1,2)}', '{"[1,2)"}');
-- source
CREATE TYPE span AS RANGE (SUBTYPE = numeric); CREATE TABLE t (id int, a span DEFAULT '[1,2)', b span_multirange, c span[]); CREATE TYPE m AS ENUM ('x'); CREATE DOMAIN d AS span CHECK (NOT isempty(VALUE)); CREATE TABLE u (d d); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f(span) RETURNS span LANGUAGE sql AS 'SELECT $1';
-- keeps
SELECT (id, a, b, c)::text FROM t

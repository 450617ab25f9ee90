--- a base type comes and goes with what uses it
-- source
CREATE TYPE mybox; CREATE FUNCTION mybox_in(cstring) RETURNS mybox LANGUAGE internal IMMUTABLE STRICT AS 'box_in'; CREATE FUNCTION mybox_out(mybox) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'box_out';
CREATE TYPE mybox (INTERNALLENGTH = 32, ALIGNMENT = double, ELEMENT = float8, INPUT = mybox_in, OUTPUT = mybox_out, DELIMITER = ';', CATEGORY = 'G'); COMMENT ON TYPE mybox IS 'a box';
CREATE TABLE t (b mybox, l mybox[]); CREATE FUNCTION area(mybox) RETURNS float8 LANGUAGE internal IMMUTABLE STRICT AS 'box_area'; CREATE VIEW v AS SELECT area(b) FROM t;
CREATE FUNCTION alike(mybox, mybox) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'box_same'; CREATE OPERATOR === (LEFTARG = mybox, RIGHTARG = mybox, FUNCTION = alike);
--- a column moves on to a base type
-- target
CREATE TABLE t (id int, b text); INSERT INTO t VALUES (1, '(1,1),(0,0)');
-- source
CREATE SCHEMA "odd s"; CREATE TYPE "odd s"."my""Box"; CREATE FUNCTION "odd s"."in"(cstring) RETURNS "odd s"."my""Box" LANGUAGE internal IMMUTABLE STRICT AS 'box_in'; CREATE FUNCTION "odd s"."out"("odd s"."my""Box") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'box_out';
CREATE TYPE "odd s"."my""Box" (INTERNALLENGTH = 32, ALIGNMENT = double, INPUT = "odd s"."in", OUTPUT = "odd s"."out", DEFAULT = '(3,3),(2,2)');
CREATE TABLE t (id int, b "odd s"."my""Box");
-- keeps
SELECT b::text::box FROM t
--- a text type of one's own that varies in length and has a collation
-- source
CREATE TYPE word; CREATE FUNCTION word_in(cstring) RETURNS word LANGUAGE internal IMMUTABLE STRICT AS 'textin'; CREATE FUNCTION word_out(word) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout'; CREATE FUNCTION word_recv(internal) RETURNS word LANGUAGE internal STABLE STRICT AS 'textrecv'; CREATE FUNCTION word_send(word) RETURNS bytea LANGUAGE internal STABLE STRICT AS 'textsend';
CREATE TYPE word (INPUT = word_in, OUTPUT = word_out, RECEIVE = word_recv, SEND = word_send, STORAGE = extended, COLLATABLE = true, CATEGORY = 'S', PREFERRED = false); CREATE TABLE t (w word COLLATE "C"); CREATE CAST (word AS text) WITHOUT FUNCTION AS IMPLICIT; CREATE DOMAIN d AS word;
--- a base type that nothing holds changes
-- target
CREATE TYPE m; CREATE FUNCTION m_in(cstring) RETURNS m LANGUAGE internal IMMUTABLE STRICT AS 'int4in'; CREATE FUNCTION m_out(m) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'; CREATE TYPE m (INTERNALLENGTH = 4, PASSEDBYVALUE, INPUT = m_in, OUTPUT = m_out); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- source
CREATE TYPE m; CREATE FUNCTION m_in(cstring) RETURNS m LANGUAGE internal IMMUTABLE STRICT AS 'int8in'; CREATE FUNCTION m_out(m) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out'; CREATE TYPE m (INTERNALLENGTH = 8, ALIGNMENT = double, PASSEDBYVALUE, INPUT = m_in, OUTPUT = m_out); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql AS 'SELECT 1';
--- a base type that a column holds changes
-- target
CREATE TYPE m; CREATE FUNCTION m_in(cstring) RETURNS m LANGUAGE internal IMMUTABLE STRICT AS 'int4in'; CREATE FUNCTION m_out(m) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'; CREATE TYPE m (INTERNALLENGTH = 4, PASSEDBYVALUE, INPUT = m_in, OUTPUT = m_out); CREATE TABLE t (a m);
-- source
CREATE TYPE m; CREATE FUNCTION m_in(cstring) RETURNS m LANGUAGE internal IMMUTABLE STRICT AS 'int8in'; CREATE FUNCTION m_out(m) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out'; CREATE TYPE m (INTERNALLENGTH = 8, ALIGNMENT = double, PASSEDBYVALUE, INPUT = m_in, OUTPUT = m_out); CREATE TABLE t (a m);
-- refused
column a of public.t
--- a base type becomes an enum under its column
-- target
CREATE TYPE m; CREATE FUNCTION m_in(cstring) RETURNS m LANGUAGE internal IMMUTABLE STRICT AS 'textin'; CREATE FUNCTION m_out(m) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout'; CREATE TYPE m (INPUT = m_in, OUTPUT = m_out); CREATE TABLE t (a m); INSERT INTO t VALUES ('x');
-- source
CREATE TYPE m AS ENUM ('x', 'y'); CREATE TABLE t (a m);
-- keeps
SELECT a::text FROM t

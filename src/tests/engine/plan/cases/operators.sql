--- operators come, change, go
-- both
CREATE FUNCTION same(int, int) RETURNS boolean LANGUAGE internal IMMUTABLE AS 'int4eq'; CREATE FUNCTION other(int, int) RETURNS boolean LANGUAGE internal IMMUTABLE AS 'int4ne';
-- target
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same); CREATE OPERATOR @@@ (RIGHTARG = int, FUNCTION = int4um);
-- source
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same, COMMUTATOR = ===, NEGATOR = !==, HASHES, MERGES, RESTRICT = eqsel, JOIN = eqjoinsel); CREATE OPERATOR !== (LEFTARG = int, RIGHTARG = int, FUNCTION = other, NEGATOR = ===); COMMENT ON OPERATOR === (int, int) IS 'x';
--- an operator changes under a view, a check, an index, a default and a class
-- both
CREATE FUNCTION same(int, int) RETURNS boolean LANGUAGE internal IMMUTABLE AS 'int4eq';
-- target
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same); CREATE TABLE t (a int, d boolean DEFAULT 1 OPERATOR(public.===) 2, CHECK (a === a)); CREATE INDEX i ON t (a) WHERE a === 3; CREATE VIEW v AS SELECT a FROM t WHERE a === 1; INSERT INTO t (a) VALUES (3);
CREATE OPERATOR CLASS c FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 ===, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int); CREATE INDEX j ON t (a c);
-- source
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same, COMMUTATOR = ===); CREATE TABLE t (a int, d boolean DEFAULT 1 OPERATOR(public.===) 2, CHECK (a === a)); CREATE INDEX i ON t (a) WHERE a === 3; CREATE VIEW v AS SELECT a FROM t WHERE a === 1;
CREATE OPERATOR CLASS c FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 ===, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int); CREATE INDEX j ON t (a c);
-- keeps
SELECT (a, d)::text FROM t
--- classes and families come, change, go
-- both
CREATE OPERATOR FAMILY f USING btree;
-- target
CREATE OPERATOR CLASS gone FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int); CREATE OPERATOR CLASS changed FOR TYPE int USING btree FAMILY f AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
-- source
CREATE OPERATOR FAMILY alone USING gin; CREATE OPERATOR CLASS changed FOR TYPE int USING btree FAMILY f AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(int, int); ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 < (int, bigint), FUNCTION 1 (int, bigint) btint48cmp(int, bigint); COMMENT ON OPERATOR FAMILY f USING btree IS 'x';
--- casts, conversions, transforms and languages come, change, go
-- both
CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION n(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE FUNCTION m(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';
-- target
CREATE CAST (mood AS int) WITH FUNCTION n(mood); CREATE CAST (mood AS bigint) WITH INOUT; CREATE VIEW v AS SELECT 'a'::mood::int AS a;
-- source
CREATE CAST (mood AS int) WITH FUNCTION m(mood) AS IMPLICIT; CREATE VIEW v AS SELECT 'a'::mood::int AS a; COMMENT ON CAST (mood AS int) IS 'x'; CREATE DEFAULT CONVERSION con FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; CREATE TRANSFORM FOR mood LANGUAGE sql (FROM SQL WITH FUNCTION time_support(internal)); CREATE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator; CREATE FUNCTION in_l() RETURNS int LANGUAGE l AS 'BEGIN RETURN 1; END';

--- body, volatility, settings and cost in place under a view, a default and a check
-- target
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (x int DEFAULT f(1), CHECK (f(x) > 0)); CREATE VIEW v AS SELECT f(x) FROM t; COMMENT ON FUNCTION f(int) IS 'ff';
-- source
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT SECURITY DEFINER PARALLEL SAFE COST 7 SET search_path = public AS $$ BEGIN RETURN 2; -- $x$ ;
END $$; CREATE TABLE t (x int DEFAULT f(1), CHECK (f(x) > 0)); CREATE VIEW v AS SELECT f(x) FROM t;
--- return type changes under a view, a default, a check, an index, a generated column, a policy and a trigger's WHEN
-- target
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (x int DEFAULT f(1), g bigint GENERATED ALWAYS AS (f(x)) STORED, CHECK (f(x) > 0)); INSERT INTO t VALUES (4); CREATE VIEW v AS SELECT f(x) FROM t; CREATE INDEX i ON t (f(x)); CREATE POLICY p ON t USING (f(x) > 1); CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (f(NEW.x) > 2) EXECUTE FUNCTION tf();
-- source
CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (x int DEFAULT f(1), g bigint GENERATED ALWAYS AS (f(x)) STORED, CHECK (f(x) > 0)); CREATE VIEW v AS SELECT f(x) FROM t; CREATE INDEX i ON t (f(x)); CREATE POLICY p ON t USING (f(x) > 1); CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (f(NEW.x) > 2) EXECUTE FUNCTION tf();
-- keeps
SELECT (x, g)::text FROM t
--- argument names, defaults and OUT parameters
-- target
CREATE FUNCTION a(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION b(x int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION c(x int, OUT y int) LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION d(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION e(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g(VARIADIC x int[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- source
CREATE FUNCTION a(z int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION b(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION c(x int, OUT y int, OUT z text) LANGUAGE sql AS $$SELECT 1, 'a'$$; CREATE FUNCTION d(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION e(x int DEFAULT 4) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g(x int[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
--- a table function's columns change
-- target
CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT * FROM f();
-- source
CREATE FUNCTION f() RETURNS TABLE (a int, b text) LANGUAGE sql AS $$SELECT 1, 'x'$$; CREATE VIEW v AS SELECT * FROM f();
--- function to procedure, to aggregate, to window, and back
-- target
CREATE FUNCTION f(int) RETURNS void LANGUAGE sql AS ''; CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION h() RETURNS bigint LANGUAGE internal AS 'window_row_number' WINDOW;
-- source
CREATE PROCEDURE f(int) LANGUAGE sql AS ''; CREATE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int); CREATE FUNCTION h() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; COMMENT ON PROCEDURE f(int) IS 'p'; COMMENT ON AGGREGATE g(int) IS 'a';
--- overloads that differ only in types
-- target
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 2';
-- source
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 3'; CREATE FUNCTION f(bigint) RETURNS int LANGUAGE sql AS 'SELECT 4'; CREATE FUNCTION f(int, text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 5';
--- functions that call each other and read tables that come later
-- source
CREATE FUNCTION a(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN b(n); END'; CREATE FUNCTION b(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN a(n); END';
CREATE TABLE t (x int); CREATE FUNCTION c() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; CREATE FUNCTION d() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END; CREATE TABLE u (y bigint DEFAULT d(), z t); CREATE VIEW v AS SELECT * FROM c(); CREATE FUNCTION e(v) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW w AS SELECT e(v) FROM v;
--- a standard body over a view over a standard body
-- target
CREATE TABLE t (x int);
-- source
CREATE TABLE t (x int, y int); CREATE FUNCTION a(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT n + 1; SELECT n + 2; END; CREATE VIEW v AS SELECT a(y) AS q FROM t; CREATE FUNCTION b() RETURNS SETOF v LANGUAGE sql BEGIN ATOMIC SELECT * FROM v; END; CREATE PROCEDURE c(n int) LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (n, CASE WHEN n > 1 THEN 2 END); END;
--- an aggregate over a function that changes
-- target
CREATE FUNCTION s(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2'; CREATE AGGREGATE agg(int) (SFUNC = s, STYPE = int, INITCOND = '0'); CREATE TABLE t (x int); CREATE VIEW v AS SELECT agg(x) FROM t;
-- source
CREATE FUNCTION s(int, b int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2 + 1'; CREATE AGGREGATE agg(int) (SFUNC = s, STYPE = int, INITCOND = '1', PARALLEL = SAFE); CREATE TABLE t (x int); CREATE VIEW v AS SELECT agg(x) FROM t;
--- an aggregate over everything and an ordered one
-- source
CREATE FUNCTION s(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1'; CREATE AGGREGATE cnt(*) (SFUNC = s, STYPE = int, INITCOND = '0'); CREATE FUNCTION os(int[], int) RETURNS int[] LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE oa(ORDER BY int) (SFUNC = os, STYPE = int[]);
--- a trigger's function becomes another, and the old one goes
-- target
CREATE FUNCTION a() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (x int); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION a();
-- source
CREATE FUNCTION b() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (x int); CREATE TRIGGER tr AFTER UPDATE ON t REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION b('arg''s');
-- one way
--- triggers disabled, for replicas, constraint triggers
-- both
CREATE FUNCTION a() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- target
CREATE TABLE t (x int); CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION a(); CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION a(); CREATE TRIGGER thr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION a(); ALTER TABLE t DISABLE TRIGGER thr;
-- source
CREATE TABLE t (x int); CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION a(); CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION a(); CREATE TRIGGER thr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION a(); ALTER TABLE t DISABLE TRIGGER one; ALTER TABLE t ENABLE ALWAYS TRIGGER two; CREATE CONSTRAINT TRIGGER ct AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION a(); CREATE TRIGGER rep BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION a(); ALTER TABLE t ENABLE REPLICA TRIGGER rep;
--- a disabled trigger is rebuilt disabled
-- target
CREATE FUNCTION a() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (x int); CREATE TRIGGER tr BEFORE UPDATE OF x ON t FOR EACH ROW EXECUTE FUNCTION a(); ALTER TABLE t DISABLE TRIGGER tr;
-- source
CREATE FUNCTION a() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (x bigint); CREATE TRIGGER tr BEFORE UPDATE OF x ON t FOR EACH ROW EXECUTE FUNCTION a(); ALTER TABLE t DISABLE TRIGGER tr;
--- a function in a body full of quotes and metacommands
-- source
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $q$
BEGIN
  -- :name \d $function$ 'x
  RETURN 'a\b' || E'\\x' || $function$ ; $function$;
END
$q$;
-- one way

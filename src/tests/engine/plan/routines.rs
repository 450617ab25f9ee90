//! Views, functions, procedures, aggregates, triggers.

use super::{CASE, Case, check};

#[tokio::test]
async fn views_come_go_and_change() {
    const T: &str = "CREATE TABLE t (id int PRIMARY KEY, a text, b int)";
    check(&[
        Case { name: "chain", both: T, source: "CREATE VIEW z AS SELECT * FROM t; CREATE VIEW a AS SELECT id FROM z; CREATE MATERIALIZED VIEW m AS SELECT id FROM a; CREATE UNIQUE INDEX mi ON m (id); COMMENT ON VIEW a IS 'x'; COMMENT ON COLUMN a.id IS 'y'", ..CASE },
        Case { name: "more columns at the end", both: T, target: "CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM v", source: "CREATE VIEW v AS SELECT id, a FROM t; CREATE VIEW w AS SELECT id FROM v", ..CASE },
        Case { name: "other columns under a view", both: T, target: "CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM v; COMMENT ON VIEW w IS 'kept'", source: "CREATE VIEW v AS SELECT a, id FROM t; CREATE VIEW w AS SELECT id FROM v; COMMENT ON VIEW w IS 'kept'", ..CASE },
        Case { name: "options", both: T, target: "CREATE VIEW v AS SELECT id FROM t", source: "CREATE VIEW v WITH (security_barrier = true, security_invoker = true) AS SELECT id FROM t WHERE id > 0 WITH CASCADED CHECK OPTION", ..CASE },
        Case { name: "default of a column", both: T, target: "CREATE VIEW v AS SELECT id FROM t", source: "CREATE VIEW v AS SELECT id FROM t; ALTER VIEW v ALTER id SET DEFAULT 7", ..CASE },
        Case { name: "materialised query", both: T, target: "CREATE MATERIALIZED VIEW m AS SELECT id FROM t; CREATE INDEX mi ON m (id)", source: "CREATE MATERIALIZED VIEW m AS SELECT id FROM t WHERE b > 0; CREATE INDEX mi ON m (id)", ..CASE },
        Case { name: "column of the table goes", both: T, target: "CREATE VIEW v AS SELECT id, a FROM t", source: "CREATE VIEW v AS SELECT id FROM t; ALTER TABLE t DROP a", ..CASE },
        Case { name: "group by the primary key", both: "CREATE TABLE t (id int CONSTRAINT old PRIMARY KEY, a text)", target: "CREATE VIEW v AS SELECT id, a FROM t GROUP BY id", source: "ALTER TABLE t RENAME CONSTRAINT old TO new; CREATE VIEW v AS SELECT id, a FROM t GROUP BY id", ..CASE },
        Case { name: "recursive", both: T, source: "CREATE RECURSIVE VIEW r (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5", ..CASE },
        Case { name: "over a function over a table, all new", source: "CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM public.t $$; CREATE VIEW v AS SELECT id FROM f(); CREATE FUNCTION g(v) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$", ..CASE },
        Case { name: "over a function that changes its table", both: T,
            target: "CREATE FUNCTION f() RETURNS TABLE (x int) LANGUAGE sql AS $$ SELECT 1 $$; CREATE VIEW v AS SELECT x FROM f()",
            source: "CREATE FUNCTION f() RETURNS TABLE (x int, y int) LANGUAGE sql AS $$ SELECT 1, 2 $$; CREATE VIEW v AS SELECT x FROM f()", ..CASE },
        Case { name: "view becomes materialised", both: T, target: "CREATE VIEW v AS SELECT id FROM t", source: "CREATE MATERIALIZED VIEW v AS SELECT id FROM t", ..CASE },
    ])
    .await;
}

#[tokio::test]
async fn functions_come_go_and_change() {
    check(&[
        Case { name: "body", target: "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$", source: "CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL SAFE COST 5 SET work_mem = '1MB' AS $x$ SELECT 2 -- $$ 'it''s' $x$", ..CASE },
        Case { name: "overloads", target: "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1'", source: "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE FUNCTION f(text, int DEFAULT 3) RETURNS int LANGUAGE sql AS 'SELECT 1'", ..CASE },
        Case { name: "result", target: "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", source: "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'", ..CASE },
        Case { name: "names of arguments", target: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", source: "CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql AS 'SELECT 1'", ..CASE },
        Case { name: "defaults go", target: "CREATE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'", source: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", ..CASE },
        Case { name: "function becomes a procedure", target: "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", source: "CREATE PROCEDURE f(a int) LANGUAGE sql AS 'SELECT 1'", ..CASE },
        Case { name: "out, variadic, table", source: "CREATE FUNCTION o(OUT a int, OUT b text) LANGUAGE sql AS $$ SELECT 1, 'x' $$; CREATE FUNCTION v(VARIADIC a int[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION t() RETURNS TABLE (a int) LANGUAGE plpgsql ROWS 5 AS $$ BEGIN RETURN; END $$; CREATE PROCEDURE p(IN a int, INOUT b int) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$", ..CASE },
        Case { name: "mutually recursive", source: "CREATE FUNCTION a(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN public.b(n); END $$; CREATE FUNCTION b(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN public.a(n); END $$", ..CASE },
        Case { name: "body that names a later table", source: "CREATE TABLE z (a int); CREATE FUNCTION a() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.z'", ..CASE },
        Case { name: "standard body", both: "CREATE TABLE t (id int)", source: "CREATE FUNCTION f(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE id = x; END; CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); END", ..CASE },
        Case { name: "aggregate", source: "CREATE AGGREGATE s(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0'); CREATE AGGREGATE n(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0'); COMMENT ON AGGREGATE n(*) IS 'x'", ..CASE },
        Case { name: "aggregate over a function that changes", target: "CREATE FUNCTION step(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE s(int) (SFUNC = step, STYPE = int)", source: "CREATE FUNCTION step(a int, c int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE s(int) (SFUNC = step, STYPE = int)", ..CASE },
        Case { name: "comment", both: "CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1'", source: "COMMENT ON FUNCTION f(int, text) IS 'x'", ..CASE },
    ])
    .await;
}

#[tokio::test]
async fn triggers_come_go_and_change() {
    const T: &str =
        "CREATE TABLE t (id int, a text); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$";
    check(&[
        Case { name: "every attribute", both: T, source: "CREATE TRIGGER a BEFORE INSERT OR UPDATE OF a OR DELETE ON t FOR EACH ROW WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION f('x', 'it''s'); CREATE TRIGGER b AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION f(); CREATE TRIGGER d AFTER TRUNCATE ON t EXECUTE FUNCTION f(); COMMENT ON TRIGGER a ON t IS 'x'", ..CASE },
        Case { name: "constraint trigger", both: T, source: "CREATE CONSTRAINT TRIGGER c AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()", ..CASE },
        Case { name: "enabled", both: T, target: "CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", source: "CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER a", ..CASE },
        Case { name: "changed and replica", both: T, target: "CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", source: "CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ENABLE REPLICA TRIGGER a", ..CASE },
        Case { name: "function of a trigger changes kind", both: "CREATE TABLE t (id int)", target: "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", source: "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()", ..CASE },
    ])
    .await;
}

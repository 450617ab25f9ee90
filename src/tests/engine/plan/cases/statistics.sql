--- statistics objects come, change, go
-- both
CREATE TABLE t (a int, b int, c text); CREATE SCHEMA s;
-- target
CREATE STATISTICS gone ON a, b FROM t; CREATE STATISTICS changed (ndistinct) ON a, b FROM t; CREATE STATISTICS targeted ON a, c FROM t;
-- source
CREATE STATISTICS s.new ON a, lower(c) FROM t; CREATE STATISTICS changed (ndistinct, dependencies) ON a, b FROM t; CREATE STATISTICS targeted ON a, c FROM t; ALTER STATISTICS targeted SET STATISTICS 300; COMMENT ON STATISTICS targeted IS 'more';
--- the type of a column under statistics changes, and another one goes
-- target
CREATE TABLE t (a int, b int, c text); CREATE STATISTICS one ON a, b FROM t; CREATE STATISTICS two ON b, c FROM t; INSERT INTO t VALUES (1, 2, 'x');
-- source
CREATE TABLE t (a bigint, b int); CREATE STATISTICS one ON a, b FROM t;
-- keeps
SELECT (a, b)::text FROM t
-- one way
--- targets of index expressions and options of columns
-- both
CREATE TABLE t (a int, b text); CREATE INDEX i ON t (lower(b), upper(b));
-- target
ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 10; ALTER TABLE t ALTER a SET (n_distinct = 5);
-- source
ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 20; ALTER TABLE t ALTER b SET (n_distinct = -1, n_distinct_inherited = -0.5);

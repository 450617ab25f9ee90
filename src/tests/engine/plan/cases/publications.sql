--- publications come, change, go
-- both
CREATE TABLE t (a int PRIMARY KEY, b int); CREATE TABLE u (a int PRIMARY KEY); CREATE SCHEMA s; CREATE TABLE s.v (a int PRIMARY KEY);
-- target
CREATE PUBLICATION gone FOR ALL TABLES; CREATE PUBLICATION changed FOR TABLE t; CREATE PUBLICATION empty;
-- source
CREATE PUBLICATION new FOR TABLES IN SCHEMA s, TABLE t WHERE (a > 3); CREATE PUBLICATION changed FOR TABLE t (a), u WITH (publish = 'insert, delete', publish_via_partition_root); CREATE PUBLICATION empty; COMMENT ON PUBLICATION empty IS 'yet';
--- a published table gets another type, is partitioned anew and is dropped
-- target
CREATE TABLE t (a int PRIMARY KEY, b int); CREATE TABLE p (a int); CREATE TABLE gone (a int PRIMARY KEY); CREATE PUBLICATION news FOR TABLE t WHERE (a > 3), p, gone; INSERT INTO t VALUES (1, 2); INSERT INTO p VALUES (7);
-- source
CREATE TABLE t (a bigint PRIMARY KEY, b int); CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE PUBLICATION news FOR TABLE t WHERE (a > 3), p;
-- keeps
SELECT a::text FROM t UNION ALL SELECT a::text FROM p

--- every kind
-- target
CREATE TABLE t (a int, b text, c jsonb, d int[], e tsvector);
-- source
CREATE TABLE t (a int, b text, c jsonb, d int[], e tsvector); CREATE UNIQUE INDEX i1 ON t (a DESC NULLS LAST) INCLUDE (b) NULLS NOT DISTINCT; CREATE INDEX i2 ON t (lower(b) text_pattern_ops, (a + 1)) WHERE a > 0; CREATE INDEX i3 ON t USING gin (c jsonb_path_ops) WITH (fastupdate = off); CREATE INDEX i4 ON t USING brin (a) WITH (pages_per_range = 32); CREATE INDEX i5 ON t USING hash (a); CREATE INDEX i6 ON t (b COLLATE "C"); CREATE INDEX "I 7" ON t USING gin (d, e); COMMENT ON INDEX "I 7" IS 'seven';
--- a definition changes
-- target
CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a) WITH (fillfactor = 70); COMMENT ON INDEX i IS 'x';
-- source
CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a, b); CREATE INDEX j ON t (a) WITH (fillfactor = 80); COMMENT ON INDEX i IS 'y';
--- cluster and replica identity on indexes that change
-- target
CREATE TABLE t (a int NOT NULL, b int NOT NULL); CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (b); ALTER TABLE t CLUSTER ON i; ALTER TABLE t REPLICA IDENTITY USING INDEX i;
-- source
CREATE TABLE t (a bigint NOT NULL, b int NOT NULL); CREATE UNIQUE INDEX i ON t (a) INCLUDE (b); CREATE UNIQUE INDEX j ON t (b); ALTER TABLE t CLUSTER ON i; ALTER TABLE t REPLICA IDENTITY USING INDEX i;
--- cluster and replica identity move
-- target
CREATE TABLE t (a int NOT NULL PRIMARY KEY, b int NOT NULL); CREATE UNIQUE INDEX j ON t (b); ALTER TABLE t CLUSTER ON t_pkey; ALTER TABLE t REPLICA IDENTITY FULL;
-- source
CREATE TABLE t (a int NOT NULL PRIMARY KEY, b int NOT NULL); CREATE UNIQUE INDEX j ON t (b); ALTER TABLE t CLUSTER ON j; ALTER TABLE t REPLICA IDENTITY USING INDEX j;
--- cluster goes, replica identity to nothing
-- target
CREATE TABLE t (a int NOT NULL); CREATE UNIQUE INDEX j ON t (a); ALTER TABLE t CLUSTER ON j; ALTER TABLE t REPLICA IDENTITY USING INDEX j;
-- source
CREATE TABLE t (a int NOT NULL); ALTER TABLE t REPLICA IDENTITY NOTHING;
--- an index moves to another table under its name
-- target
CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE INDEX i ON t (a);
-- source
CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE INDEX i ON u (a);
--- an index over a function that changes its result
-- target
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (a int); CREATE INDEX i ON t (f(a));
-- source
CREATE FUNCTION f(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text'; CREATE TABLE t (a int); CREATE INDEX i ON t (f(a));

--- named, not proven and alone
-- since
180000
-- both
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int);
-- source
ALTER TABLE t ADD CONSTRAINT "has an a" NOT NULL a, ADD CONSTRAINT unproven NOT NULL b NOT VALID; ALTER TABLE t ADD CONSTRAINT alone NOT NULL c NO INHERIT; COMMENT ON CONSTRAINT "has an a" ON t IS 'always';
--- new columns and tables with such rules
-- since
180000
-- both
CREATE TABLE t (id int);
-- source
ALTER TABLE t ADD a int DEFAULT 1 CONSTRAINT named NOT NULL, ADD b int; ALTER TABLE t ADD CONSTRAINT unproven NOT NULL b NOT VALID; CREATE TABLE u (a int CONSTRAINT "n n" NOT NULL, b int CONSTRAINT alone NOT NULL NO INHERIT, c int); ALTER TABLE u ADD CONSTRAINT later NOT NULL c NOT VALID; COMMENT ON CONSTRAINT alone ON u IS 'x';
--- names and states change
-- since
180000
-- both
CREATE TABLE t (a int, b int, c int, d int, e int NOT NULL);
-- target
ALTER TABLE t ADD CONSTRAINT one NOT NULL a, ADD CONSTRAINT two NOT NULL b NOT VALID; ALTER TABLE t ADD CONSTRAINT three NOT NULL c NO INHERIT; ALTER TABLE t ALTER d SET NOT NULL;
-- source
ALTER TABLE t ADD CONSTRAINT uno NOT NULL a, ADD CONSTRAINT two NOT NULL b; ALTER TABLE t ADD CONSTRAINT three NOT NULL c; ALTER TABLE t ADD CONSTRAINT four NOT NULL d NOT VALID; ALTER TABLE t ALTER e DROP NOT NULL;
--- partitions and children have it from their parent
-- since
180000
-- both
CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE m (a int, b int); CREATE TABLE c (x int) INHERITS (m);
-- source
ALTER TABLE p ADD CONSTRAINT named NOT NULL b; ALTER TABLE m ADD CONSTRAINT named NOT NULL a; ALTER TABLE m ADD CONSTRAINT alone NOT NULL b NO INHERIT; CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE TABLE d () INHERITS (m);
--- a domain of such a rule and a table that takes another's place
-- since
180000
-- target
CREATE TABLE t (a int CONSTRAINT one NOT NULL, b int);
-- source
CREATE TABLE t (a int CONSTRAINT one NOT NULL, b int) PARTITION BY LIST (b); CREATE TABLE t1 PARTITION OF t DEFAULT;

--- rules come, change, go, fall silent and are told of
-- both
CREATE TABLE t (a int, b text); CREATE TABLE u (a int); CREATE VIEW v AS SELECT a FROM t;
-- target
CREATE RULE gone AS ON DELETE TO t DO INSTEAD NOTHING; CREATE RULE changed AS ON INSERT TO t DO ALSO INSERT INTO u VALUES (NEW.a); CREATE RULE quiet AS ON UPDATE TO t DO INSTEAD NOTHING;
-- source
CREATE RULE new AS ON INSERT TO v DO INSTEAD INSERT INTO t (a) VALUES (NEW.a); CREATE RULE changed AS ON INSERT TO t DO ALSO INSERT INTO u VALUES (NEW.a + 1); CREATE RULE quiet AS ON UPDATE TO t DO INSTEAD NOTHING; ALTER TABLE t DISABLE RULE quiet; COMMENT ON RULE quiet ON t IS 'shh';
--- a rule stays whole while a column's type and the view that it stands on change
-- target
CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT a, b FROM t; CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (NEW.a, NEW.b); CREATE RULE s AS ON UPDATE TO t WHERE NEW.a > 3 DO ALSO DELETE FROM t WHERE a = OLD.a + 1000; INSERT INTO t VALUES (1, 'x');
-- source
CREATE TABLE t (a bigint, b text); CREATE VIEW v AS SELECT a, b FROM t; CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (NEW.a, NEW.b); CREATE RULE s AS ON UPDATE TO t WHERE NEW.a > 3 DO ALSO DELETE FROM t WHERE a = OLD.a + 1000;
-- keeps
SELECT (a, b)::text FROM t
--- a rule goes with its table and comes with it
-- target
CREATE TABLE t (a int); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
-- source
CREATE TABLE other (a int); CREATE RULE r AS ON DELETE TO other DO INSTEAD NOTHING;

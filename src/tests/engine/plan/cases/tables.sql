--- storage parameters, persistence, row security
-- target
CREATE TABLE t (a int) WITH (fillfactor = 70, autovacuum_enabled = false); CREATE UNLOGGED TABLE u (a text); CREATE TABLE w (a text);
-- source
CREATE TABLE t (a int) WITH (autovacuum_enabled = true, autovacuum_vacuum_scale_factor = 0.05); CREATE TABLE u (a text) WITH (toast.autovacuum_enabled = false); CREATE UNLOGGED TABLE w (a text); ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY; ALTER TABLE t REPLICA IDENTITY FULL; COMMENT ON TABLE t IS 'tt';
--- unlogged tables that refer to each other become logged
-- target
CREATE UNLOGGED TABLE a (id int PRIMARY KEY); CREATE UNLOGGED TABLE b (id int REFERENCES a);
-- source
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a);
--- a table with everything comes and goes
-- target
-- source
CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE p (id serial PRIMARY KEY); CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood DEFAULT 'a', p int NOT NULL REFERENCES p ON DELETE CASCADE, d int DEFAULT f(), g int GENERATED ALWAYS AS (p * 2) STORED, CHECK (d > 0), UNIQUE (m, p)); CREATE INDEX i ON t (d); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf(); CREATE POLICY po ON t FOR SELECT TO PUBLIC USING (d > 0); ALTER TABLE t ENABLE ROW LEVEL SECURITY; COMMENT ON COLUMN t.m IS 'm'; CREATE VIEW v AS SELECT * FROM t JOIN p USING (id);
--- a table moves to another schema by name
-- both
CREATE SCHEMA s;
-- target
CREATE TABLE public.t (a int);
-- source
CREATE TABLE s.t (a int);
--- dropped tables that hang together by keys, views, policies, triggers, defaults
-- target
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY REFERENCES a); ALTER TABLE a ADD x int REFERENCES b; CREATE VIEW v AS SELECT a.id FROM a, b; CREATE POLICY p ON a USING (EXISTS (SELECT FROM b)); CREATE POLICY p ON b USING (EXISTS (SELECT FROM a)); CREATE FUNCTION f(a) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS SETOF b LANGUAGE sql AS 'SELECT * FROM b'; CREATE FUNCTION h() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM a; END; ALTER TABLE b ADD n bigint DEFAULT h(); ALTER TABLE a ADD n bigint DEFAULT h();
-- source
CREATE TABLE other (id int);
--- tables with no columns and with a thousand characters of comment
-- source
CREATE TABLE empty (); COMMENT ON TABLE empty IS 'line one
line two -- '' \';
--- a composite type of a table in another table
-- target
CREATE TABLE a (x int); CREATE TABLE b (y a);
-- source
CREATE TABLE a (x int, z text); CREATE TABLE b (y a, l a[]);

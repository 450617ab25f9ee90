--- functions, views and tables, all new or changed together
-- target
CREATE TABLE t (id int PRIMARY KEY, s text); CREATE FUNCTION f(x int) RETURNS text LANGUAGE sql AS 'SELECT s FROM public.t WHERE id = x'; CREATE VIEW v AS SELECT id, f(id) AS s FROM t; CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM public.v'; INSERT INTO t VALUES (1, 'a');
-- source
CREATE TYPE st AS ENUM ('a', 'b'); CREATE TABLE t (id bigint PRIMARY KEY, s st, n int); CREATE FUNCTION f(x bigint) RETURNS st LANGUAGE sql AS 'SELECT s FROM public.t WHERE id = x'; CREATE VIEW v AS SELECT id, n, f(id) AS s FROM t; CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM public.v'; CREATE VIEW w AS SELECT * FROM g();
-- keeps
SELECT s FROM t
--- a function is dropped and a trigger, a policy, a default and a generated column let it go
-- target
CREATE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a int DEFAULT f(), g int GENERATED ALWAYS AS (f()) STORED, b int CHECK (b > f())); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf(); CREATE POLICY p ON t USING (a > f()); CREATE VIEW v AS SELECT f() AS x; INSERT INTO t (b) VALUES (2);
-- source
CREATE TABLE t (a int DEFAULT 1, g int, b int); CREATE VIEW v AS SELECT 1 AS x;
-- keeps
SELECT t::text FROM t
--- a schema full of things goes
-- target
CREATE SCHEMA x; CREATE TYPE x.e AS ENUM ('a'); CREATE TABLE x.t (id serial PRIMARY KEY, e x.e DEFAULT 'a'); CREATE VIEW x.v AS SELECT * FROM x.t; CREATE FUNCTION x.f(x.t) RETURNS x.e LANGUAGE sql AS 'SELECT $1.e'; CREATE TABLE public.u (id int REFERENCES x.t, e x.e); INSERT INTO public.u (e) VALUES ('a');
-- source
CREATE TABLE public.u (id int, e text);
-- keeps
SELECT e FROM public.u

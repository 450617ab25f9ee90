-- One object of each kind that is named and not compared.
CREATE TABLE public.t (id int GENERATED ALWAYS AS IDENTITY, note text, other int);
CREATE TYPE public.mood AS ENUM ('a');
CREATE FUNCTION public.f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x';
COMMENT ON SEQUENCE public.t_id_seq IS 'counts';
GRANT SELECT ON public.t TO PUBLIC;
REVOKE EXECUTE ON FUNCTION public.f(int) FROM PUBLIC;
REVOKE USAGE ON TYPE public.mood FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO PUBLIC;

CREATE TYPE public.shell;
CREATE TYPE public.mybox;
CREATE FUNCTION public.mybox_in(cstring) RETURNS public.mybox LANGUAGE internal IMMUTABLE STRICT AS 'box_in';
CREATE FUNCTION public.mybox_out(public.mybox) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'box_out';
CREATE TYPE public.mybox (INTERNALLENGTH = 32, ALIGNMENT = double, ELEMENT = float8, INPUT = public.mybox_in, OUTPUT = public.mybox_out);
CREATE TYPE public.shape AS (a int);
CREATE TABLE public.typed OF public.shape;
CREATE FUNCTION public.same(int, int) RETURNS boolean LANGUAGE internal IMMUTABLE AS 'int4eq';
CREATE OPERATOR public.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = public.same, NEGATOR = OPERATOR(public.!==));
CREATE TYPE public.turn;
CREATE FUNCTION public.turned(public.turn) RETURNS public.turn LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE public.turn AS RANGE (SUBTYPE = int, CANONICAL = public.turned);

CREATE PUBLICATION news FOR TABLE public.t;
CREATE SUBSCRIPTION readers CONNECTION 'dbname=nowhere' PUBLICATION news WITH (connect = false);
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER far FOREIGN DATA WRAPPER wrapper;
CREATE USER MAPPING FOR PUBLIC SERVER far;
SELECT lo_create(0);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO PUBLIC;

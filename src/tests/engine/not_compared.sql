-- One object of each kind that is named and not compared.
CREATE TABLE public.t (id int GENERATED ALWAYS AS IDENTITY, note text, other int);
CREATE TYPE public.mood AS ENUM ('a');
CREATE FUNCTION public.f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x';
COMMENT ON SEQUENCE public.t_id_seq IS 'counts';
CREATE RULE nothing AS ON DELETE TO public.t DO INSTEAD NOTHING;
ALTER TABLE public.t ALTER note SET (n_distinct = 5);
CREATE INDEX t_lower ON public.t (lower(note));
ALTER INDEX public.t_lower ALTER COLUMN 1 SET STATISTICS 100;
CREATE STATISTICS public.t_stats ON note, other FROM public.t;
CREATE MATERIALIZED VIEW public.unfilled AS SELECT 1 AS one WITH NO DATA;
GRANT SELECT ON public.t TO PUBLIC;
REVOKE EXECUTE ON FUNCTION public.f(int) FROM PUBLIC;
REVOKE USAGE ON TYPE public.mood FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO PUBLIC;

CREATE TYPE public.shell;
CREATE TYPE public.mybox;
CREATE FUNCTION public.mybox_in(cstring) RETURNS public.mybox LANGUAGE internal IMMUTABLE STRICT AS 'box_in';
CREATE FUNCTION public.mybox_out(public.mybox) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'box_out';
CREATE TYPE public.mybox (INTERNALLENGTH = 32, ALIGNMENT = double, ELEMENT = float8, INPUT = public.mybox_in, OUTPUT = public.mybox_out);
CREATE TYPE public.span AS RANGE (subtype = float8);
CREATE TYPE public.shape AS (a int);
CREATE TABLE public.typed OF public.shape;

CREATE FUNCTION public.mood_number(public.mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (public.mood AS int) WITH FUNCTION public.mood_number(public.mood);
CREATE FUNCTION public.same(int, int) RETURNS boolean LANGUAGE internal IMMUTABLE AS 'int4eq';
CREATE OPERATOR public.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = public.same);
CREATE OPERATOR CLASS public.myops FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int);
CREATE CONVERSION public.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION time_support(internal));
CREATE LANGUAGE mylang HANDLER plpgsql_call_handler;

CREATE TEXT SEARCH CONFIGURATION public.words (COPY = pg_catalog.simple);
CREATE TEXT SEARCH DICTIONARY public.dict (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH PARSER public.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE public.template (LEXIZE = dsimple_lexize);

CREATE FUNCTION public.watched() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION public.watched();
CREATE PUBLICATION news FOR TABLE public.t;
CREATE SUBSCRIPTION readers CONNECTION 'dbname=nowhere' PUBLICATION news WITH (connect = false);
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER far FOREIGN DATA WRAPPER wrapper;
CREATE USER MAPPING FOR PUBLIC SERVER far;
CREATE FOREIGN TABLE public.away (id int) SERVER far;
SELECT lo_create(0);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO PUBLIC;

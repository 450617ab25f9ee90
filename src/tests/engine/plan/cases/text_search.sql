--- configurations, dictionaries, parsers and templates come and go
-- source
CREATE TEXT SEARCH TEMPLATE tm (INIT = dsimple_init, LEXIZE = dsimple_lexize); CREATE TEXT SEARCH PARSER pa (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype); CREATE TEXT SEARCH DICTIONARY di (TEMPLATE = tm, stopwords = 'english'); CREATE TEXT SEARCH CONFIGURATION co (PARSER = pa); ALTER TEXT SEARCH CONFIGURATION co ADD MAPPING FOR asciiword, word WITH di, simple; COMMENT ON TEXT SEARCH DICTIONARY di IS 'd';
--- a configuration changes under an index, a default and a generated column
-- target
CREATE TEXT SEARCH CONFIGURATION co (COPY = pg_catalog.simple); CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('public.co', a)) STORED, d tsvector DEFAULT to_tsvector('public.co'::regconfig, 'x')); CREATE INDEX i ON t USING gin (to_tsvector('public.co', a)); INSERT INTO t VALUES ('the cats');
-- source
CREATE TEXT SEARCH CONFIGURATION co (COPY = pg_catalog.english); CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('public.co', a)) STORED, d tsvector DEFAULT to_tsvector('public.co'::regconfig, 'x')); CREATE INDEX i ON t USING gin (to_tsvector('public.co', a));
-- keeps
SELECT a FROM t

-- The statement that makes an empty database $1 like the current one. What a version does not know of locales is null in the row.
SELECT pg_catalog.format(
         'CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L',
         $1, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)
       || CASE own.v ->> 'datlocprovider'
          WHEN 'i' THEN pg_catalog.format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(own.v ->> 'datlocale', own.v ->> 'daticulocale'))
          WHEN 'b' THEN pg_catalog.format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', own.v ->> 'datlocale')
          ELSE '' END
       || coalesce(' ICU_RULES ' || pg_catalog.quote_literal(nullif(own.v ->> 'daticurules', '')), '')
       || CASE WHEN t.spcname = 'pg_default' THEN '' ELSE pg_catalog.format(' TABLESPACE %I', t.spcname) END
  FROM pg_catalog.pg_database AS d
  JOIN pg_catalog.pg_tablespace AS t ON t.oid = d.dattablespace
 CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(d) AS v) AS own
 WHERE d.datname = pg_catalog.current_database()

SELECT a.attname::text, a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS required
  FROM pg_catalog.pg_attribute AS a
 WHERE a.attrelid = pg_catalog.to_regclass('public.schema_versions') AND a.attnum > 0 AND NOT a.attisdropped
   AND a.attgenerated = ''
 ORDER BY a.attnum

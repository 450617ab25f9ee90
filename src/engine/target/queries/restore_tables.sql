-- Every table that a restore takes the place of, in the order in which they are locked.
SELECT n.nspname::text, c.relname::text
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.oid >= 16384
   AND n.nspname <> 'lockstep' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND c.oid IS DISTINCT FROM pg_catalog.to_regclass('public.schema_versions')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                   WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1, 2

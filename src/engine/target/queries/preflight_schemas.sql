-- Of the schemas in $1: those in which this user may not create anything.
SELECT n.nspname::text
  FROM pg_catalog.pg_namespace AS n
 WHERE n.nspname = ANY ($1::text[]) AND NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')
 ORDER BY 1

SELECT n.oid::bigint AS oid, to_json('schema'::text) AS kind, '' AS schema, n.nspname::text AS name, '' AS part,
       json_build_object('kind', 'schema', 'comment',
         -- The comment that every new database has says nothing about this one.
         nullif(obj_description(n.oid, 'pg_namespace'), CASE WHEN n.nspname = 'public' THEN 'standard public schema' END)) AS object
FROM pg_namespace n
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e')

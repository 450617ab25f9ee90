-- A partition's trigger that comes from the partitioned table is part of that one.
SELECT t.oid::bigint AS oid, to_json('trigger'::text) AS kind, n.nspname::text AS schema, c.relname::text AS name, t.tgname::text AS part,
       json_build_object(
         'kind', 'trigger',
         'definition', pg_get_triggerdef(t.oid),
         'function', json_build_object('kind', 'function', 'schema', pn.nspname, 'name', p.proname, 'part', oidvectortypes(p.proargtypes)),
         'enabled', t.tgenabled,
         'comment', obj_description(t.oid, 'pg_trigger')) AS object
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace pn ON pn.oid = p.pronamespace
WHERE c.relkind IN ('r', 'p', 'v', 'f') AND NOT t.tgisinternal AND t.tgparentid = 0
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND (n.nspname, c.relname) <> ('public', 'schema_versions')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_trigger'::regclass AND e.objid = t.oid AND e.deptype = 'e')

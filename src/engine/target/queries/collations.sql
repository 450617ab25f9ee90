SELECT c.oid::bigint AS oid, to_json('collation'::text) AS kind, n.nspname::text AS schema, c.collname::text AS name, '' AS part,
       json_build_object(
         'kind', 'collation',
         'provider', CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
         'deterministic', c.collisdeterministic,
         'locale', coalesce(to_json(c) ->> 'colllocale', to_json(c) ->> 'colliculocale',
                            CASE WHEN c.collcollate = c.collctype THEN c.collcollate ELSE c.collcollate || ' / ' || c.collctype END),
         'rules', to_json(c) ->> 'collicurules',
         'comment', obj_description(c.oid, 'pg_collation')) AS object
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_collation'::regclass AND e.objid = c.oid AND e.deptype = 'e')

SELECT c.oid::bigint AS oid, to_json('conversion'::text) AS kind, n.nspname::text AS schema, c.conname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', ARRAY[format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' END, n.nspname, c.conname,
           pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc)],
         'comment', obj_description(c.oid, 'pg_conversion')) AS object
FROM pg_conversion c
JOIN pg_namespace n ON n.oid = c.connamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_conversion'::regclass AND e.objid = c.oid AND e.deptype = 'e')

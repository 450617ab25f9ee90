SELECT s.oid::bigint AS oid, to_json('foreign_server'::text) AS kind, '' AS schema, s.srvname::text AS name, '' AS part,
       json_build_object(
         'kind', 'foreign_server',
         'wrapper', w.fdwname,
         'server_type', s.srvtype,
         'version', s.srvversion,
         'options', (SELECT coalesce(json_agg(json_build_array(o.option_name, o.option_value) ORDER BY o.option_name), '[]')
                     FROM pg_options_to_table(s.srvoptions) o),
         'comment', obj_description(s.oid, 'pg_foreign_server')) AS object
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE true
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_foreign_server'::regclass AND e.objid = s.oid AND e.deptype = 'e')

SELECT e.oid::bigint AS oid, to_json('extension'::text) AS kind, '' AS schema, e.extname::text AS name, '' AS part,
       json_build_object('kind', 'extension', 'schema', n.nspname, 'version', e.extversion,
                         'comment', obj_description(e.oid, 'pg_extension')) AS object
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace

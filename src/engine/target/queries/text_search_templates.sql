SELECT t.oid::bigint AS oid, to_json('text_search_template'::text) AS kind, n.nspname::text AS schema, t.tmplname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', ARRAY[format('CREATE TEXT SEARCH TEMPLATE %I.%I (%sLEXIZE = %s)', n.nspname, t.tmplname,
           CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit || ', ' END, t.tmpllexize)],
         'comment', obj_description(t.oid, 'pg_ts_template')) AS object
FROM pg_ts_template t
JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_ts_template'::regclass AND e.objid = t.oid AND e.deptype = 'e')

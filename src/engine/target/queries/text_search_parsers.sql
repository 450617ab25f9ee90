SELECT p.oid::bigint AS oid, to_json('text_search_parser'::text) AS kind, n.nspname::text AS schema, p.prsname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', ARRAY[format('CREATE TEXT SEARCH PARSER %I.%I (START = %s, GETTOKEN = %s, END = %s, LEXTYPES = %s%s)', n.nspname, p.prsname,
           p.prsstart, p.prstoken, p.prsend, p.prslextype, CASE WHEN p.prsheadline <> 0 THEN ', HEADLINE = ' || p.prsheadline END)],
         'comment', obj_description(p.oid, 'pg_ts_parser')) AS object
FROM pg_ts_parser p
JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_ts_parser'::regclass AND e.objid = p.oid AND e.deptype = 'e')

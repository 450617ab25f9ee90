SELECT c.oid::bigint AS oid, to_json('text_search_configuration'::text) AS kind, n.nspname::text AS schema, c.cfgname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', array_remove(
           ARRAY[format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, c.cfgname, pn.nspname, p.prsname)] || (
             SELECT array_agg(format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s', n.nspname, c.cfgname, m.token, m.dictionaries)
                              ORDER BY m.token)
             FROM (SELECT (SELECT alias FROM ts_token_type(c.cfgparser) WHERE tokid = k.maptokentype) AS token,
                          string_agg(k.mapdict::regdictionary::text, ', ' ORDER BY k.mapseqno) AS dictionaries
                   FROM pg_ts_config_map k WHERE k.mapcfg = c.oid GROUP BY k.maptokentype) m), NULL),
         'comment', obj_description(c.oid, 'pg_ts_config')) AS object
FROM pg_ts_config c
JOIN pg_namespace n ON n.oid = c.cfgnamespace
JOIN pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_namespace pn ON pn.oid = p.prsnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_ts_config'::regclass AND e.objid = c.oid AND e.deptype = 'e')

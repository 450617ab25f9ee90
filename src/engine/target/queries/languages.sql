SELECT l.oid::bigint AS oid, to_json('language'::text) AS kind, '' AS schema, l.lanname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', ARRAY[concat('CREATE ', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' END, format('LANGUAGE %I HANDLER %s', l.lanname, l.lanplcallfoid::regproc),
           CASE WHEN l.laninline <> 0 THEN format(' INLINE %s', l.laninline::regproc) END,
           CASE WHEN l.lanvalidator <> 0 THEN format(' VALIDATOR %s', l.lanvalidator::regproc) END)],
         'comment', obj_description(l.oid, 'pg_language')) AS object
FROM pg_language l
WHERE l.oid >= 16384 AND l.lanispl
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_language'::regclass AND e.objid = l.oid AND e.deptype = 'e')

SELECT c.oid::bigint AS oid, to_json(CASE c.relkind WHEN 'm' THEN 'materialized_view' ELSE 'view' END) AS kind,
       n.nspname::text AS schema, c.relname::text AS name, '' AS part,
       json_build_object(
         'kind', 'view',
         'materialized', c.relkind = 'm',
         'populated', c.relispopulated,
         'query', regexp_replace(pg_get_viewdef(c.oid), ';\s*$', ''),
         'columns', (SELECT coalesce(json_agg(json_build_object(
                               'name', a.attname, 'type_name', format_type(a.atttypid, a.atttypmod),
                               'default', pg_get_expr(d.adbin, d.adrelid),
                               'comment', col_description(a.attrelid, a.attnum)) ORDER BY a.attnum), '[]')
                     FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
         'options', (SELECT coalesce(json_agg(o ORDER BY o), '[]') FROM unnest(c.reloptions) o),
         'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace),
         'comment', obj_description(c.oid, 'pg_class')) AS object
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm')
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND (n.nspname, c.relname) <> ('public', 'schema_versions')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')

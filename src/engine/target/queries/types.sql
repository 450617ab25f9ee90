-- Enums, domains and composite types.
SELECT t.oid::bigint AS oid,
       to_json(CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'composite' END) AS kind,
       n.nspname::text AS schema, t.typname::text AS name, '' AS part,
       CASE t.typtype
         WHEN 'e' THEN json_build_object(
           'kind', 'enum',
           'labels', (SELECT coalesce(json_agg(l.enumlabel ORDER BY l.enumsortorder), '[]') FROM pg_enum l WHERE l.enumtypid = t.oid),
           'comment', obj_description(t.oid, 'pg_type'))
         WHEN 'd' THEN json_build_object(
           'kind', 'domain',
           'base_type', format_type(t.typbasetype, t.typtypmod),
           'collation', (SELECT json_build_object('schema', cn.nspname, 'name', c.collname)
                         FROM pg_collation c JOIN pg_namespace cn ON cn.oid = c.collnamespace JOIN pg_type b ON b.oid = t.typbasetype
                         WHERE c.oid = t.typcollation AND t.typcollation <> b.typcollation),
           'default', CASE WHEN t.typdefaultbin IS NOT NULL THEN pg_get_expr(t.typdefaultbin, 0) END,
           'not_null', t.typnotnull,
           'checks', (SELECT coalesce(json_agg(json_build_object(
                               'name', k.conname, 'definition', pg_get_constraintdef(k.oid),
                               'comment', obj_description(k.oid, 'pg_constraint')) ORDER BY k.conname), '[]')
                      FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'),
           'comment', obj_description(t.oid, 'pg_type'))
         ELSE json_build_object(
           'kind', 'composite',
           'attributes', (SELECT coalesce(json_agg(json_build_object(
                                   'name', a.attname, 'type_name', format_type(a.atttypid, a.atttypmod),
                                   'collation', (SELECT json_build_object('schema', cn.nspname, 'name', c.collname)
                                                 FROM pg_collation c JOIN pg_namespace cn ON cn.oid = c.collnamespace JOIN pg_type b ON b.oid = a.atttypid
                                                 WHERE c.oid = a.attcollation AND a.attcollation <> b.typcollation),
                                   'comment', col_description(a.attrelid, a.attnum)) ORDER BY a.attnum), '[]')
                          FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
           'comment', obj_description(t.oid, 'pg_type'))
       END AS object
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class r ON r.oid = t.typrelid
WHERE (t.typtype IN ('e', 'd') OR t.typtype = 'c' AND r.relkind = 'c')
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')

-- Indexes that no constraint owns. A partition's index that is attached to the partitioned table's is part of that one.
SELECT x.oid::bigint AS oid, to_json('index'::text) AS kind, n.nspname::text AS schema, x.relname::text AS name, '' AS part,
       json_build_object(
         'kind', 'index',
         'table', json_build_object('schema', n.nspname, 'name', c.relname),
         'definition', CASE WHEN x.relkind = 'I' AND starts_with(d.whole, d.head || 'ONLY ') THEN d.head || substr(d.whole, length(d.head || 'ONLY ') + 1)
                       ELSE d.whole END,
         'unique', i.indisunique,
         'valid', i.indisvalid,
         'statistics', (SELECT coalesce(json_agg(json_build_array(a.attnum, a.attstattarget) ORDER BY a.attnum), '[]')
                        FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0),
         'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = x.reltablespace),
         'comment', obj_description(x.oid, 'pg_class')) AS object
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = x.relnamespace
CROSS JOIN LATERAL (SELECT pg_get_indexdef(x.oid) AS whole,
                           format('CREATE %sINDEX %I ON ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, x.relname) AS head) d
WHERE c.relkind IN ('r', 'p', 'm') AND NOT x.relispartition
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x'))
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND (n.nspname, c.relname) <> ('public', 'schema_versions')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid IN (c.oid, x.oid) AND e.deptype = 'e')

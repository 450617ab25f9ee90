-- Constraints that come from a partitioned or parent table are part of that one's. NOT NULL (contype 'n' since PostgreSQL 18) is part of the column.
SELECT k.oid::bigint AS oid, to_json('constraint'::text) AS kind, n.nspname::text AS schema, c.relname::text AS name, k.conname::text AS part,
       json_build_object(
         'kind', 'constraint',
         'constraint_type', CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check'
                                           WHEN 'f' THEN 'foreign_key' ELSE 'exclusion' END,
         'definition', d.body || o.behind || d.timing,
         'columns', (SELECT coalesce(json_agg(a.attname ORDER BY u.position), '[]')
                     FROM unnest(k.conkey) WITH ORDINALITY u (attnum, position)
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum),
         'references', CASE WHEN k.contype = 'f' THEN
           (SELECT json_build_object('table', json_build_object('schema', fn.nspname, 'name', f.relname), 'columns',
              (SELECT json_agg(a.attname ORDER BY u.position) FROM unnest(k.confkey) WITH ORDINALITY u (attnum, position)
               JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum))
            FROM pg_class f JOIN pg_namespace fn ON fn.oid = f.relnamespace WHERE f.oid = k.confrelid) END,
         'validated', k.convalidated,
         'comment', obj_description(k.oid, 'pg_constraint')) AS object
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
-- pg_get_constraintdef leaves out the storage parameters and the tablespace of the index behind a key; they stand before the timing.
CROSS JOIN LATERAL (SELECT concat((SELECT ' WITH (' || string_agg(format('%s=%L', quote_ident(split_part(o, '=', 1)), substr(o, strpos(o, '=') + 1)), ', ' ORDER BY o) || ')'
                                   FROM pg_class x CROSS JOIN unnest(x.reloptions) o WHERE x.oid = k.conindid AND k.contype IN ('p', 'u')),
                                  (SELECT format(' USING INDEX TABLESPACE %I', s.spcname)
                                   FROM pg_class x JOIN pg_tablespace s ON s.oid = x.reltablespace WHERE x.oid = k.conindid AND k.contype IN ('p', 'u', 'x'))) AS behind) o
CROSS JOIN LATERAL (SELECT pg_get_constraintdef(k.oid) AS whole, concat(CASE WHEN k.condeferrable THEN ' DEFERRABLE' END,
                           CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' END) AS timing) p
CROSS JOIN LATERAL (SELECT CASE WHEN o.behind <> '' AND p.whole LIKE '%' || p.timing THEN left(p.whole, length(p.whole) - length(p.timing))
                                ELSE p.whole END AS body,
                           CASE WHEN o.behind <> '' AND p.whole LIKE '%' || p.timing THEN p.timing ELSE '' END AS timing) d
WHERE c.relkind IN ('r', 'p') AND k.contype IN ('p', 'u', 'c', 'f', 'x')
  AND k.conparentid = 0 AND NOT (k.contype = 'c' AND k.coninhcount > 0 AND (c.relispartition OR NOT k.conislocal))
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND (n.nspname, c.relname) <> ('public', 'schema_versions')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')

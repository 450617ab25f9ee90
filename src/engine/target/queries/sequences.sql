-- Sequences of their own and those of serial columns; an identity column's sequence (deptype 'i') is part of the column.
SELECT c.oid::bigint AS oid, to_json('sequence'::text) AS kind, n.nspname::text AS schema, c.relname::text AS name, '' AS part,
       json_build_object(
         'kind', 'sequence',
         'options', json_build_object('type_name', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
                                      'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle),
         'unlogged', c.relpersistence = 'u',
         'owned_by', (SELECT json_build_object('table', json_build_object('schema', tn.nspname, 'name', t.relname), 'column', a.attname)
                      FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
                      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'),
         'comment', obj_description(c.oid, 'pg_class')) AS object
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE c.relkind = 'S'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i'))

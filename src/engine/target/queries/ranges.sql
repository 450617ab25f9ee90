-- The types of an extension, and ranges with a canonical function (which only C can write), are not here.
SELECT t.oid::bigint AS oid, to_json('range'::text) AS kind, n.nspname::text AS schema, t.typname::text AS name, '' AS part,
       json_build_object(
         'kind', 'range',
         'multirange', m.typname,
         'subtype', format_type(r.rngsubtype, NULL),
         'definition', concat('SUBTYPE = ', format_type(r.rngsubtype, NULL),
           CASE WHEN NOT o.opcdefault THEN format(', SUBTYPE_OPCLASS = %I.%I', cn.nspname, o.opcname) END,
           CASE WHEN r.rngcollation <> s.typcollation THEN ', COLLATION = ' || r.rngcollation::regcollation END,
           CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff::regproc END,
           format(', MULTIRANGE_TYPE_NAME = %I.%I', n.nspname, m.typname)),
         'comment', obj_description(t.oid, 'pg_type')) AS object
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type m ON m.oid = r.rngmultitypid
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace cn ON cn.oid = o.opcnamespace
WHERE r.rngcanonical = 0 AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')

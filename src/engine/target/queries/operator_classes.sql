SELECT c.oid::bigint AS oid, to_json('operator_class'::text) AS kind, n.nspname::text AS schema, c.opcname::text AS name, m.amname::text AS part,
       json_build_object(
         'kind', 'plain',
         'statements', ARRAY[format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS %s', n.nspname, c.opcname,
           CASE WHEN c.opcdefault THEN ' DEFAULT' END, format_type(c.opcintype, NULL), m.amname, fn.nspname, f.opfname,
           concat_ws(', ', CASE WHEN c.opckeytype <> 0 OR o.members IS NULL
                                THEN 'STORAGE ' || format_type(coalesce(nullif(c.opckeytype, 0), c.opcintype), NULL) END, o.members))],
         'comment', obj_description(c.oid, 'pg_opclass')) AS object
FROM pg_opclass c
JOIN pg_namespace n ON n.oid = c.opcnamespace
JOIN pg_am m ON m.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_namespace fn ON fn.oid = f.opfnamespace
CROSS JOIN LATERAL (
  SELECT string_agg(member.text, ', ' ORDER BY member.text) AS members
  FROM (SELECT format('OPERATOR %s %s%s', o.amopstrategy, o.amopopr::regoperator,
          (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname) FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace
           WHERE s.oid = o.amopsortfamily)) AS text
        FROM pg_amop o JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_opclass'::regclass
        WHERE d.refobjid = c.oid
        UNION ALL
        SELECT format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL), format_type(p.amprocrighttype, NULL),
                      p.amproc::regprocedure)
        FROM pg_amproc p JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_opclass'::regclass
        WHERE d.refobjid = c.oid) member) o
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_opclass'::regclass AND e.objid = c.oid AND e.deptype = 'e')

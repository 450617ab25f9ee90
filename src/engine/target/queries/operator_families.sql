-- With the members that belong to no class.
SELECT f.oid::bigint AS oid, to_json('operator_family'::text) AS kind, n.nspname::text AS schema, f.opfname::text AS name, m.amname::text AS part,
       json_build_object(
         'kind', 'plain',
         'statements', array_remove(ARRAY[
           format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, m.amname),
           format('ALTER OPERATOR FAMILY %I.%I USING %I ADD ', n.nspname, f.opfname, m.amname) || (
             SELECT string_agg(member.text, ', ' ORDER BY member.text)
             FROM (SELECT format('OPERATOR %s %s%s', o.amopstrategy, o.amopopr::regoperator,
                     (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname) FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace
                      WHERE s.oid = o.amopsortfamily)) AS text
                   FROM pg_amop o JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_opfamily'::regclass
                   WHERE d.refobjid = f.oid
                   UNION ALL
                   SELECT format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL), format_type(p.amprocrighttype, NULL),
                                 p.amproc::regprocedure)
                   FROM pg_amproc p JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_opfamily'::regclass
                   WHERE d.refobjid = f.oid) member)], NULL),
         'comment', obj_description(f.oid, 'pg_opfamily')) AS object
FROM pg_opfamily f
JOIN pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_am m ON m.oid = f.opfmethod
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_opfamily'::regclass AND e.objid = f.oid AND e.deptype = 'e')

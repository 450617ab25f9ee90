-- An operator without a function only holds a name for another one.
SELECT o.oid::bigint AS oid, to_json('operator'::text) AS kind, n.nspname::text AS schema, o.oprname::text AS name,
       format('%s, %s', CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, format_type(o.oprright, NULL)) AS part,
       json_build_object(
         'kind', 'plain',
         'statements', ARRAY[concat(format('CREATE OPERATOR %I.%s (FUNCTION = %s', n.nspname, o.oprname, o.oprcode),
           CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || format_type(o.oprleft, NULL) END,
           ', RIGHTARG = ' || format_type(o.oprright, NULL),
           (SELECT format(', COMMUTATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname)
            FROM pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprcom),
           (SELECT format(', NEGATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname)
            FROM pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprnegate),
           CASE WHEN o.oprrest <> 0 THEN ', RESTRICT = ' || o.oprrest END,
           CASE WHEN o.oprjoin <> 0 THEN ', JOIN = ' || o.oprjoin END,
           CASE WHEN o.oprcanhash THEN ', HASHES' END, CASE WHEN o.oprcanmerge THEN ', MERGES' END, ')')],
         'comment', obj_description(o.oid, 'pg_operator')) AS object
FROM pg_operator o
JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oprcode <> 0 AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_operator'::regclass AND e.objid = o.oid AND e.deptype = 'e')

-- Casts between a range and its multirange come with the type.
SELECT c.oid::bigint AS oid, to_json('cast'::text) AS kind, '' AS schema,
       format('%s AS %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', ARRAY[format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
           CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
           CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END)],
         'comment', obj_description(c.oid, 'pg_cast')) AS object
FROM pg_cast c
WHERE c.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_cast'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i'))

-- Before PostgreSQL 17 a target that is not set is -1.
SELECT s.oid::bigint AS oid, to_json('statistics'::text) AS kind, n.nspname::text AS schema, s.stxname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', array_remove(ARRAY[
           pg_get_statisticsobjdef(s.oid),
           CASE WHEN s.stxstattarget >= 0 THEN format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget) END], NULL),
         'comment', obj_description(s.oid, 'pg_statistic_ext')) AS object
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_statistic_ext'::regclass AND e.objid = s.oid AND e.deptype = 'e')

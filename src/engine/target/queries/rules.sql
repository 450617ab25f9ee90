-- The rule behind a view is the view.
SELECT r.oid::bigint AS oid, to_json('rule'::text) AS kind, n.nspname::text AS schema, c.relname::text AS name, r.rulename::text AS part,
       json_build_object(
         'kind', 'plain',
         'statements', array_remove(ARRAY[
           rtrim(pg_get_ruledef(r.oid), '; '),
           CASE r.ev_enabled WHEN 'D' THEN format('ALTER TABLE %I.%I DISABLE RULE %I', n.nspname, c.relname, r.rulename)
                             WHEN 'R' THEN format('ALTER TABLE %I.%I ENABLE REPLICA RULE %I', n.nspname, c.relname, r.rulename)
                             WHEN 'A' THEN format('ALTER TABLE %I.%I ENABLE ALWAYS RULE %I', n.nspname, c.relname, r.rulename) END], NULL),
         'comment', obj_description(r.oid, 'pg_rewrite')) AS object
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND (n.nspname, c.relname) <> ('public', 'schema_versions')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e' AND ((e.classid, e.objid) = ('pg_rewrite'::regclass, r.oid)
                                                                   OR (e.classid, e.objid) = ('pg_class'::regclass, c.oid)))

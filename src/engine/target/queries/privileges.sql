-- Who may use what, by object and grantee; the owner's own privileges are as little part of it as the owner. An object without an access
-- list has the privileges that PostgreSQL gives by itself.
WITH subject (class, oid, kind, schema, name, part, acl, owner) AS (
  SELECT 'pg_class'::regclass, c.oid,
         CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign_table' ELSE 'table' END,
         n.nspname, c.relname, '', coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)), c.relowner
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i' AND c.relkind = 'S')
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, 'function', n.nspname, p.proname, oidvectortypes(p.proargtypes), coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' ELSE 'composite' END,
         n.nspname, t.typname, '', coalesce(t.typacl, acldefault('T', t.typowner)), t.typowner
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class r ON r.oid = t.typrelid
  WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND r.relkind = 'c') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  UNION ALL
  SELECT 'pg_namespace'::regclass, n.oid, 'schema', '', n.nspname, '', coalesce(n.nspacl, acldefault('n', n.nspowner)), n.nspowner
  FROM pg_namespace n WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  UNION ALL
  SELECT 'pg_language'::regclass, l.oid, 'language', '', l.lanname, '', coalesce(l.lanacl, acldefault('l', l.lanowner)), l.lanowner
  FROM pg_language l WHERE l.oid >= 16384
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, w.oid, 'foreign_data_wrapper', '', w.fdwname, '', coalesce(w.fdwacl, acldefault('F', w.fdwowner)), w.fdwowner
  FROM pg_foreign_data_wrapper w
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, s.oid, 'foreign_server', '', s.srvname, '', coalesce(s.srvacl, acldefault('S', s.srvowner)), s.srvowner
  FROM pg_foreign_server s
), granted AS (
  SELECT s.kind, s.schema, s.name, s.part, a.grantee, a.privilege_type AS privilege, NULL::text AS "column", bool_or(a.is_grantable) AS grantable
  FROM subject s CROSS JOIN LATERAL aclexplode(s.acl) a
  WHERE a.grantee <> s.owner AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = s.class AND d.objid = s.oid AND d.deptype = 'e')
  GROUP BY s.kind, s.schema, s.name, s.part, a.grantee, a.privilege_type
  UNION ALL
  SELECT s.kind, s.schema, s.name, s.part, a.grantee, a.privilege_type, k.attname, bool_or(a.is_grantable)
  FROM subject s JOIN pg_attribute k ON s.class = 'pg_class'::regclass AND k.attrelid = s.oid CROSS JOIN LATERAL aclexplode(k.attacl) a
  WHERE a.grantee <> s.owner AND NOT k.attisdropped
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = s.class AND d.objid = s.oid AND d.deptype = 'e')
  GROUP BY s.kind, s.schema, s.name, s.part, a.grantee, a.privilege_type, k.attname
)
SELECT 0::bigint AS oid, to_json('privileges'::text) AS kind, '' AS schema,
       concat(replace(g.kind, '_', ' '), ' ', nullif(g.schema, '') || '.', g.name, CASE WHEN g.kind = 'function' THEN '(' || g.part || ')' END) AS name,
       CASE g.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END::text AS part,
       json_build_object(
         'kind', 'privileges',
         'on', json_build_object('kind', g.kind, 'schema', g.schema, 'name', g.name, 'part', g.part),
         'grants', json_agg(json_build_object('privilege', g.privilege, 'column', g.column, 'grantable', g.grantable) ORDER BY g.privilege, g.column)) AS object
FROM granted g
GROUP BY g.kind, g.schema, g.name, g.part, g.grantee

-- What exists and is not part of a catalog, so that nothing is passed over in silence: kind in words, plural, and name.
WITH user_schema AS (
  SELECT n.oid, n.nspname FROM pg_namespace n
  WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
), member AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), found (kind, class, oid, name) AS (
  SELECT 'subscriptions', 'pg_subscription'::regclass, s.oid, s.subname
    FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()
  UNION ALL SELECT 'user mappings', 'pg_user_mapping'::regclass, umid, format('%s for %s', srvname, usename) FROM pg_user_mappings
  UNION ALL SELECT 'range types with a canonical function', 'pg_type'::regclass, t.oid, format('%s.%s', n.nspname, t.typname)
    FROM pg_type t JOIN user_schema n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid WHERE r.rngcanonical <> 0
  UNION ALL SELECT 'operators without a function', 'pg_operator'::regclass, o.oid, format('%s.%s', n.nspname, o.oprname)
    FROM pg_operator o JOIN user_schema n ON n.oid = o.oprnamespace WHERE o.oprcode = 0
  UNION ALL SELECT 'shell types', 'pg_type'::regclass, t.oid, format('%s.%s', n.nspname, t.typname)
    FROM pg_type t JOIN user_schema n ON n.oid = t.typnamespace WHERE t.typtype = 'p'
  UNION ALL SELECT 'access methods', 'pg_am'::regclass, oid, amname FROM pg_am WHERE oid >= 16384
  UNION ALL SELECT 'default privileges', 'pg_default_acl'::regclass, a.oid, format('of %s for %s in %s', a.defaclrole::regrole,
      CASE a.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
                           WHEN 'n' THEN 'schemas' ELSE 'large objects' END, coalesce('schema ' || n.nspname, 'all schemas'))
    FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
  UNION ALL SELECT 'privileges', 'pg_class'::regclass, c.oid, format('%s.%s', n.nspname, c.relname)
    FROM pg_class c JOIN user_schema n ON n.oid = c.relnamespace
    WHERE c.relacl <> acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)
       OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)
  UNION ALL SELECT 'privileges', 'pg_proc'::regclass, p.oid, format('%s.%s(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes))
    FROM pg_proc p JOIN user_schema n ON n.oid = p.pronamespace WHERE p.proacl <> acldefault('f', p.proowner)
  UNION ALL SELECT 'privileges', 'pg_type'::regclass, t.oid, format('%s.%s', n.nspname, t.typname)
    FROM pg_type t JOIN user_schema n ON n.oid = t.typnamespace WHERE t.typacl <> acldefault('T', t.typowner)
  UNION ALL SELECT 'privileges', 'pg_namespace'::regclass, n.oid, n.nspname
    FROM pg_namespace n JOIN user_schema u ON u.oid = n.oid
    LEFT JOIN pg_init_privs i ON i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid
    WHERE n.nspacl <> coalesce(i.initprivs, acldefault('n', n.nspowner))
  UNION ALL SELECT 'security labels', l.classoid::regclass, l.objoid, format('%s on %s', l.provider, o.identity)
    FROM pg_seclabel l CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) o
  UNION ALL SELECT 'table access methods', 'pg_class'::regclass, c.oid, format('%s.%s using %s', n.nspname, c.relname, m.amname)
    FROM pg_class c JOIN user_schema n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = c.relam
    WHERE m.amtype = 't' AND m.amname <> 'heap'
  UNION ALL SELECT 'large objects', 'pg_largeobject'::regclass, 0::oid, format('%s of them', count(*)) FROM pg_largeobject_metadata HAVING count(*) > 0
)
SELECT f.kind, array_agg(DISTINCT f.name::text ORDER BY f.name::text)
FROM found f
WHERE f.name IS DISTINCT FROM 'public.schema_versions' AND NOT EXISTS (SELECT FROM member m WHERE m.classid = f.class AND m.objid = f.oid)
GROUP BY f.kind
ORDER BY f.kind

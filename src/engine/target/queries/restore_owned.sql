-- What a restore removes and this user may not: each object as it is called, and its owner.
WITH found (class, oid, owner) AS (
  SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, c.relowner
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname <> 'lockstep' AND n.nspname !~ '^pg_'
     AND c.oid IS DISTINCT FROM pg_catalog.to_regclass('public.schema_versions')
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                     WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND c.relkind = 'S' AND d.deptype IN ('a', 'i'))
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid, p.proowner
    FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
   WHERE n.nspname <> 'lockstep'
  UNION ALL
  SELECT 'pg_catalog.pg_type'::regclass::oid, t.oid, t.typowner
    FROM pg_catalog.pg_type AS t
    JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
   WHERE t.typtype IN ('e', 'd', 'r') AND n.nspname <> 'lockstep'
  UNION ALL
  SELECT 'pg_catalog.pg_namespace'::regclass::oid, n.oid, n.nspowner
    FROM pg_catalog.pg_namespace AS n
   WHERE n.nspname NOT IN ('lockstep', 'public') AND n.nspname !~ '^pg_'
  UNION ALL SELECT 'pg_catalog.pg_event_trigger'::regclass::oid, oid, evtowner FROM pg_catalog.pg_event_trigger
  UNION ALL SELECT 'pg_catalog.pg_publication'::regclass::oid, oid, pubowner FROM pg_catalog.pg_publication
  UNION ALL SELECT 'pg_catalog.pg_foreign_server'::regclass::oid, oid, srvowner FROM pg_catalog.pg_foreign_server
  UNION ALL SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass::oid, oid, fdwowner FROM pg_catalog.pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_catalog.pg_largeobject'::regclass::oid, oid, lomowner FROM pg_catalog.pg_largeobject_metadata
)
SELECT pg_catalog.pg_describe_object(f.class, f.oid, 0), r.rolname::text
  FROM found AS f
  JOIN pg_catalog.pg_roles AS r ON r.oid = f.owner
 WHERE f.oid >= 16384 AND NOT pg_catalog.pg_has_role(f.owner, 'USAGE')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = f.class AND d.objid = f.oid AND d.deptype = 'e')
 ORDER BY 2, 1

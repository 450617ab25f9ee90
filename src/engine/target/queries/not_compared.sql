-- What exists and is not part of a catalog, so that nothing is passed over in silence: kind in words, plural, and name.
WITH user_schema AS (
  SELECT n.oid, n.nspname FROM pg_namespace n
  WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
), member AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), found (kind, class, oid, name) AS (
  SELECT 'rules', 'pg_rewrite'::regclass, r.oid, format('%s.%s: %s', n.nspname, c.relname, r.rulename)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN user_schema n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN'
  UNION ALL SELECT 'event triggers', 'pg_event_trigger'::regclass, oid, evtname FROM pg_event_trigger
  UNION ALL SELECT 'publications', 'pg_publication'::regclass, oid, pubname FROM pg_publication
  UNION ALL SELECT 'foreign data wrappers', 'pg_foreign_data_wrapper'::regclass, oid, fdwname FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'foreign servers', 'pg_foreign_server'::regclass, oid, srvname FROM pg_foreign_server
  UNION ALL SELECT 'user mappings', 'pg_user_mapping'::regclass, umid, format('%s for %s', srvname, usename) FROM pg_user_mappings
  UNION ALL SELECT 'foreign tables', 'pg_class'::regclass, c.oid, format('%s.%s', n.nspname, c.relname)
    FROM pg_class c JOIN user_schema n ON n.oid = c.relnamespace WHERE c.relkind = 'f'
  UNION ALL SELECT 'range types', 'pg_type'::regclass, t.oid, format('%s.%s', n.nspname, t.typname)
    FROM pg_type t JOIN user_schema n ON n.oid = t.typnamespace WHERE t.typtype = 'r'
  UNION ALL SELECT 'base types', 'pg_type'::regclass, t.oid, format('%s.%s', n.nspname, t.typname)
    FROM pg_type t JOIN user_schema n ON n.oid = t.typnamespace WHERE t.typtype = 'b' AND t.typelem = 0
  UNION ALL SELECT 'operators', 'pg_operator'::regclass, o.oid, format('%s.%s', n.nspname, o.oprname)
    FROM pg_operator o JOIN user_schema n ON n.oid = o.oprnamespace
  UNION ALL SELECT 'operator classes', 'pg_opclass'::regclass, o.oid, format('%s.%s', n.nspname, o.opcname)
    FROM pg_opclass o JOIN user_schema n ON n.oid = o.opcnamespace
  UNION ALL SELECT 'operator families', 'pg_opfamily'::regclass, o.oid, format('%s.%s', n.nspname, o.opfname)
    FROM pg_opfamily o JOIN user_schema n ON n.oid = o.opfnamespace
  UNION ALL SELECT 'casts', 'pg_cast'::regclass, oid, format('%s to %s', format_type(castsource, NULL), format_type(casttarget, NULL))
    FROM pg_cast WHERE oid >= 16384
  UNION ALL SELECT 'conversions', 'pg_conversion'::regclass, c.oid, format('%s.%s', n.nspname, c.conname)
    FROM pg_conversion c JOIN user_schema n ON n.oid = c.connamespace
  UNION ALL SELECT 'text search configurations', 'pg_ts_config'::regclass, c.oid, format('%s.%s', n.nspname, c.cfgname)
    FROM pg_ts_config c JOIN user_schema n ON n.oid = c.cfgnamespace
  UNION ALL SELECT 'text search dictionaries', 'pg_ts_dict'::regclass, d.oid, format('%s.%s', n.nspname, d.dictname)
    FROM pg_ts_dict d JOIN user_schema n ON n.oid = d.dictnamespace
  UNION ALL SELECT 'text search parsers', 'pg_ts_parser'::regclass, p.oid, format('%s.%s', n.nspname, p.prsname)
    FROM pg_ts_parser p JOIN user_schema n ON n.oid = p.prsnamespace
  UNION ALL SELECT 'text search templates', 'pg_ts_template'::regclass, t.oid, format('%s.%s', n.nspname, t.tmplname)
    FROM pg_ts_template t JOIN user_schema n ON n.oid = t.tmplnamespace
  UNION ALL SELECT 'statistics objects', 'pg_statistic_ext'::regclass, s.oid, format('%s.%s', n.nspname, s.stxname)
    FROM pg_statistic_ext s JOIN user_schema n ON n.oid = s.stxnamespace
  UNION ALL SELECT 'transforms', 'pg_transform'::regclass, t.oid, format('%s for %s', format_type(t.trftype, NULL), l.lanname)
    FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang WHERE t.oid >= 16384
  UNION ALL SELECT 'languages', 'pg_language'::regclass, oid, lanname FROM pg_language WHERE oid >= 16384
  UNION ALL SELECT 'access methods', 'pg_am'::regclass, oid, amname FROM pg_am WHERE oid >= 16384
  UNION ALL SELECT 'default privileges', 'pg_default_acl'::regclass, oid, format('of %s', defaclrole::regrole) FROM pg_default_acl
  UNION ALL SELECT 'privileges', 'pg_class'::regclass, c.oid, format('%s.%s', n.nspname, c.relname)
    FROM pg_class c JOIN user_schema n ON n.oid = c.relnamespace
    WHERE c.relacl IS NOT NULL OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)
  UNION ALL SELECT 'privileges', 'pg_proc'::regclass, p.oid, format('%s.%s', n.nspname, p.proname)
    FROM pg_proc p JOIN user_schema n ON n.oid = p.pronamespace WHERE p.proacl IS NOT NULL
  UNION ALL SELECT 'privileges', 'pg_namespace'::regclass, n.oid, n.nspname
    FROM pg_namespace n JOIN user_schema u ON u.oid = n.oid WHERE n.nspacl IS NOT NULL AND n.nspname <> 'public'
  UNION ALL SELECT 'security labels', classoid::regclass, objoid, format('%s on %s', provider, objoid) FROM pg_seclabel
  UNION ALL SELECT 'tablespaces of tables and indexes', 'pg_class'::regclass, c.oid, format('%s.%s', n.nspname, c.relname)
    FROM pg_class c JOIN user_schema n ON n.oid = c.relnamespace WHERE c.reltablespace <> 0
  UNION ALL SELECT 'typed tables', 'pg_class'::regclass, c.oid, format('%s.%s', n.nspname, c.relname)
    FROM pg_class c JOIN user_schema n ON n.oid = c.relnamespace WHERE c.reloftype <> 0
)
SELECT f.kind, array_agg(DISTINCT f.name::text ORDER BY f.name::text)
FROM found f
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = f.class AND m.objid = f.oid)
GROUP BY f.kind
ORDER BY f.kind

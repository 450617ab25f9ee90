-- What empties a database, in this order: all but what extensions bring, the schema lockstep, the table of versions, and the schemas in $1
-- themselves. A schema goes only when it is empty: what somebody makes meanwhile is never removed unseen. Each with what it does, in words.
-- What comes and goes with something else, such as the sequence of a column, is not named.
WITH part AS (
  SELECT d.classid, d.objid
    FROM pg_catalog.pg_depend AS d
    LEFT JOIN pg_catalog.pg_class AS c ON d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid
   WHERE (d.deptype IN ('e', 'i') OR d.deptype = 'a' AND c.relkind = 'S') AND (d.refclassid, d.refobjid) <> (d.classid, d.objid)
), schema (oid, name) AS (
  SELECT n.oid, n.nspname
    FROM pg_catalog.pg_namespace AS n
   WHERE n.nspname NOT IN ('lockstep', 'information_schema') AND n.nspname !~ '^pg_'
), found (place, class, oid) AS (
  SELECT 1, 'pg_catalog.pg_event_trigger'::regclass::oid, oid FROM pg_catalog.pg_event_trigger
  UNION ALL SELECT 2, 'pg_catalog.pg_publication'::regclass::oid, oid FROM pg_catalog.pg_publication
  UNION ALL SELECT 3, 'pg_catalog.pg_foreign_server'::regclass::oid, oid FROM pg_catalog.pg_foreign_server
  UNION ALL SELECT 4, 'pg_catalog.pg_foreign_data_wrapper'::regclass::oid, oid FROM pg_catalog.pg_foreign_data_wrapper
  UNION ALL SELECT 5, 'pg_catalog.pg_cast'::regclass::oid, oid FROM pg_catalog.pg_cast
  UNION ALL SELECT 5, 'pg_catalog.pg_transform'::regclass::oid, oid FROM pg_catalog.pg_transform
  UNION ALL SELECT 6, 'pg_catalog.pg_language'::regclass::oid, oid FROM pg_catalog.pg_language
  UNION ALL SELECT 6, 'pg_catalog.pg_am'::regclass::oid, oid FROM pg_catalog.pg_am
  UNION ALL SELECT 8, 'pg_catalog.pg_class'::regclass::oid, c.oid FROM pg_catalog.pg_class AS c JOIN schema AS k ON k.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT 9, 'pg_catalog.pg_proc'::regclass::oid, p.oid FROM pg_catalog.pg_proc AS p JOIN schema AS k ON k.oid = p.pronamespace
  UNION ALL SELECT 10, 'pg_catalog.pg_type'::regclass::oid, t.oid FROM pg_catalog.pg_type AS t JOIN schema AS k ON k.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
    WHERE t.typtype <> 'm' AND coalesce(c.relkind, 'c') = 'c'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS element WHERE element.typarray = t.oid)
  UNION ALL SELECT 11, 'pg_catalog.pg_opfamily'::regclass::oid, o.oid FROM pg_catalog.pg_opfamily AS o JOIN schema AS k ON k.oid = o.opfnamespace
  UNION ALL SELECT 11, 'pg_catalog.pg_opclass'::regclass::oid, o.oid FROM pg_catalog.pg_opclass AS o JOIN schema AS k ON k.oid = o.opcnamespace
  UNION ALL SELECT 12, 'pg_catalog.pg_operator'::regclass::oid, o.oid FROM pg_catalog.pg_operator AS o JOIN schema AS k ON k.oid = o.oprnamespace
  UNION ALL SELECT 12, 'pg_catalog.pg_collation'::regclass::oid, o.oid FROM pg_catalog.pg_collation AS o JOIN schema AS k ON k.oid = o.collnamespace
  UNION ALL SELECT 12, 'pg_catalog.pg_conversion'::regclass::oid, o.oid FROM pg_catalog.pg_conversion AS o JOIN schema AS k ON k.oid = o.connamespace
  UNION ALL SELECT 12, 'pg_catalog.pg_ts_config'::regclass::oid, o.oid FROM pg_catalog.pg_ts_config AS o JOIN schema AS k ON k.oid = o.cfgnamespace
  UNION ALL SELECT 13, 'pg_catalog.pg_ts_dict'::regclass::oid, o.oid FROM pg_catalog.pg_ts_dict AS o JOIN schema AS k ON k.oid = o.dictnamespace
  UNION ALL SELECT 14, 'pg_catalog.pg_ts_template'::regclass::oid, o.oid FROM pg_catalog.pg_ts_template AS o JOIN schema AS k ON k.oid = o.tmplnamespace
  UNION ALL SELECT 14, 'pg_catalog.pg_ts_parser'::regclass::oid, o.oid FROM pg_catalog.pg_ts_parser AS o JOIN schema AS k ON k.oid = o.prsnamespace
  UNION ALL SELECT 15, 'pg_catalog.pg_statistic_ext'::regclass::oid, o.oid FROM pg_catalog.pg_statistic_ext AS o JOIN schema AS k ON k.oid = o.stxnamespace
  UNION ALL SELECT 16, 'pg_catalog.pg_namespace'::regclass::oid, oid FROM schema WHERE name <> ALL ($1::text[])
)
SELECT pg_catalog.format('DROP %s IF EXISTS %s %s', CASE o.type WHEN 'statistics object' THEN 'STATISTICS'
                                                                ELSE pg_catalog.replace(pg_catalog.upper(o.type), '-', ' ') END,
                         CASE o.type WHEN 'transform' THEN pg_catalog.replace(o.identity, ' on language ', ' language ') ELSE o.identity END,
                         CASE o.type WHEN 'schema' THEN 'RESTRICT' ELSE 'CASCADE' END),
       pg_catalog.format('Removes the %s %s', o.type, o.identity)
  FROM found AS f
  CROSS JOIN LATERAL pg_catalog.pg_identify_object(f.class, f.oid, 0) AS o
 WHERE f.oid >= 16384
   AND NOT EXISTS (SELECT FROM part AS p WHERE p.classid = f.class AND p.objid = f.oid)
   AND f.oid IS DISTINCT FROM pg_catalog.to_regclass('public.schema_versions')
 ORDER BY f.place, o.identity

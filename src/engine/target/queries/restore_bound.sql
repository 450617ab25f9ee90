-- What a restore leaves as it is (the schema lockstep and the table of versions), and what of it rests on something that goes.
WITH RECURSIVE kept (class, oid) AS (
  SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid
    FROM pg_catalog.pg_class AS c
   WHERE c.oid = pg_catalog.to_regclass('public.schema_versions') OR c.relnamespace = pg_catalog.to_regnamespace('lockstep')
  UNION
  SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid
    FROM pg_catalog.pg_proc AS p
   WHERE p.pronamespace = pg_catalog.to_regnamespace('lockstep')
  UNION
  SELECT 'pg_catalog.pg_type'::regclass::oid, t.oid
    FROM pg_catalog.pg_type AS t
   WHERE t.typnamespace = pg_catalog.to_regnamespace('lockstep')
  UNION
  SELECT d.classid, d.objid
    FROM pg_catalog.pg_depend AS d
    JOIN kept AS k ON d.refclassid = k.class AND d.refobjid = k.oid
   WHERE d.deptype IN ('a', 'i')
)
SELECT DISTINCT pg_catalog.pg_describe_object(k.class, k.oid, 0), pg_catalog.pg_describe_object(d.refclassid, d.refobjid, 0)
  FROM kept AS k
  JOIN pg_catalog.pg_depend AS d ON d.classid = k.class AND d.objid = k.oid
 WHERE d.refobjid >= 16384
   AND d.refclassid NOT IN ('pg_catalog.pg_namespace'::regclass, 'pg_catalog.pg_extension'::regclass)
   AND NOT EXISTS (SELECT FROM kept AS other WHERE other.class = d.refclassid AND other.oid = d.refobjid)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e
                   WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e')
 ORDER BY 1, 2

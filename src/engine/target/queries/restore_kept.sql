-- The table of versions with all that hangs on it, as catalog and row: a restore leaves it as it is.
WITH RECURSIVE kept (class, oid) AS (
  SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid
    FROM pg_catalog.pg_class AS c
   WHERE c.oid = pg_catalog.to_regclass('public.schema_versions')
  UNION
  SELECT d.classid, d.objid
    FROM pg_catalog.pg_depend AS d
    JOIN kept AS k ON d.refclassid = k.class AND d.refobjid = k.oid
   WHERE d.deptype IN ('a', 'i')
)
SELECT class::bigint, oid::bigint FROM kept

-- What depends on what, with inner objects replaced by those that people know: a rule by its view, a default by its column, an array by its
-- element type, a row type by its relation, the index behind a constraint by the constraint.
WITH types AS (
  SELECT t.oid, coalesce(e.oid, t.oid) AS base,
         CASE WHEN r.relkind <> 'c' THEN r.oid END AS relation
  FROM pg_type t
  LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_class r ON r.oid = coalesce(e.typrelid, t.typrelid) AND r.oid <> 0
  WHERE t.oid >= 16384
), raw AS (
  SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid
  FROM pg_depend d
  WHERE d.deptype IN ('n', 'a', 'i') AND d.objid >= 16384 AND d.refobjid >= 16384
), known AS (
  SELECT
    CASE WHEN w.oid IS NOT NULL OR f.oid IS NOT NULL OR t.relation IS NOT NULL THEN 'pg_class'::regclass
         WHEN dk.oid IS NOT NULL OR cc.oid IS NOT NULL THEN 'pg_type'::regclass
         WHEN ik.oid IS NOT NULL THEN 'pg_constraint'::regclass
         ELSE raw.classid::regclass END AS class,
    coalesce(w.ev_class, f.adrelid, t.relation, t.base, dk.contypid, cc.reltype, ik.oid, raw.objid) AS oid,
    CASE WHEN f.oid IS NOT NULL THEN f.adnum::int WHEN w.oid IS NULL AND cc.oid IS NULL AND ik.oid IS NULL THEN raw.objsubid ELSE 0 END AS subid,
    CASE WHEN rt.relation IS NOT NULL THEN 'pg_class'::regclass
         WHEN rik.oid IS NOT NULL THEN 'pg_constraint'::regclass
         ELSE raw.refclassid::regclass END AS ref_class,
    coalesce(rt.relation, rt.base, rik.oid, raw.refobjid) AS ref_oid,
    raw.refobjsubid AS ref_subid
  FROM raw
  LEFT JOIN pg_rewrite w ON raw.classid = 'pg_rewrite'::regclass AND w.oid = raw.objid
  LEFT JOIN pg_attrdef f ON raw.classid = 'pg_attrdef'::regclass AND f.oid = raw.objid
  LEFT JOIN types t ON raw.classid = 'pg_type'::regclass AND t.oid = raw.objid
  LEFT JOIN pg_constraint dk ON raw.classid = 'pg_constraint'::regclass AND dk.oid = raw.objid AND dk.contypid <> 0
  LEFT JOIN pg_constraint ik ON raw.classid = 'pg_class'::regclass AND ik.conindid = raw.objid AND ik.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_class cc ON raw.classid = 'pg_class'::regclass AND cc.oid = raw.objid AND cc.relkind = 'c'
  LEFT JOIN types rt ON raw.refclassid = 'pg_type'::regclass AND rt.oid = raw.refobjid
  LEFT JOIN pg_constraint rik ON raw.refclassid = 'pg_class'::regclass AND rik.conindid = raw.refobjid AND rik.contype IN ('p', 'u', 'x')
)
SELECT DISTINCT k.class::text, k.oid::bigint, a.attname::text, k.ref_class::text, k.ref_oid::bigint, ra.attname::text
FROM known k
LEFT JOIN pg_attribute a ON k.class = 'pg_class'::regclass AND a.attrelid = k.oid AND a.attnum = k.subid AND k.subid > 0
LEFT JOIN pg_attribute ra ON k.ref_class = 'pg_class'::regclass AND ra.attrelid = k.ref_oid AND ra.attnum = k.ref_subid AND k.ref_subid > 0

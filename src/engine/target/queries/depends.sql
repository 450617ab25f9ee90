-- What depends on what, with inner objects replaced by those that people know: a rule by its view, a default by its column, an array
-- or multirange by its element type, a function that reads or writes a base type by that, a row type by its relation, the index behind a key by the key, an entry of an operator class, family or publication by that, a member of an extension by the extension.
WITH member AS MATERIALIZED (
  SELECT classid, objid, refobjid AS extension FROM pg_depend WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass
), inner_object (class, oid, outer_class, outer_oid, outer_column) AS MATERIALIZED (
  SELECT 'pg_rewrite'::regclass::oid, oid, 'pg_class'::regclass::oid, ev_class, 0 FROM pg_rewrite WHERE oid >= 16384 AND rulename = '_RETURN'
  UNION ALL
  SELECT 'pg_attrdef'::regclass, oid, 'pg_class'::regclass, adrelid, adnum FROM pg_attrdef WHERE oid >= 16384
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid,
         CASE WHEN m.extension IS NOT NULL THEN 'pg_extension'::regclass WHEN r.oid IS NOT NULL THEN 'pg_class'::regclass
              ELSE 'pg_type'::regclass END,
         coalesce(m.extension, r.oid, g.rngtypid, e.oid, t.oid), 0
  FROM pg_type t
  LEFT JOIN pg_type e ON e.typarray = t.oid
  LEFT JOIN pg_class r ON r.oid = coalesce(e.typrelid, t.typrelid) AND r.relkind <> 'c'
  LEFT JOIN pg_range g ON g.rngmultitypid = coalesce(e.oid, t.oid)
  LEFT JOIN member m ON m.classid = 'pg_type'::regclass AND m.objid = coalesce(g.rngtypid, e.oid, t.oid)
  WHERE t.oid >= 16384
  UNION ALL
  SELECT 'pg_class'::regclass, oid, 'pg_type'::regclass, reltype, 0 FROM pg_class WHERE relkind = 'c' AND oid >= 16384
  UNION ALL
  SELECT 'pg_constraint'::regclass, oid, 'pg_type'::regclass, contypid, 0 FROM pg_constraint WHERE contypid >= 16384
  UNION ALL
  SELECT 'pg_class'::regclass, conindid, 'pg_constraint'::regclass, oid, 0 FROM pg_constraint WHERE contype IN ('p', 'u', 'x')
  UNION ALL
  -- The functions that make values of a range or its multirange.
  SELECT d.classid, d.objid, 'pg_type'::regclass, coalesce(g.rngtypid, d.refobjid), 0
  FROM pg_depend d LEFT JOIN pg_range g ON g.rngmultitypid = d.refobjid
  WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i'
  UNION ALL
  SELECT 'pg_proc'::regclass, f, 'pg_type'::regclass, b.oid, 0
  FROM pg_type b CROSS JOIN unnest(ARRAY[b.typinput, b.typoutput, b.typreceive, b.typsend, b.typmodin, b.typmodout, b.typanalyze]::oid[]) f
  WHERE b.typtype = 'b' AND b.typinput >= 16384 AND f >= 16384
    AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = f)
  UNION ALL
  SELECT d.classid, d.objid, d.refclassid, d.refobjid, 0
  FROM pg_depend d
  WHERE d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) AND d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
     OR d.classid IN ('pg_publication_rel'::regclass, to_regclass('pg_publication_namespace')) AND d.refclassid = 'pg_publication'::regclass
  UNION ALL
  SELECT classid, objid, 'pg_extension'::regclass, extension, 0 FROM member WHERE classid <> 'pg_type'::regclass
), edge AS MATERIALIZED (
  SELECT DISTINCT coalesce(i.outer_class, d.classid) AS class, coalesce(i.outer_oid, d.objid) AS oid, coalesce(i.outer_column, d.objsubid) AS sub,
         coalesce(r.outer_class, d.refclassid) AS ref_class, coalesce(r.outer_oid, d.refobjid) AS ref_oid,
         coalesce(r.outer_column, d.refobjsubid) AS ref_sub
  FROM pg_depend d
  LEFT JOIN inner_object i ON i.class = d.classid AND i.oid = d.objid
  LEFT JOIN inner_object r ON r.class = d.refclassid AND r.oid = d.refobjid
  WHERE d.deptype IN ('n', 'a', 'i') AND d.objid >= 16384 AND d.refobjid >= 16384
)
SELECT e.class::bigint, e.oid::bigint, a.attname::text, e.ref_class::bigint, e.ref_oid::bigint, ra.attname::text
FROM edge e
LEFT JOIN pg_attribute a ON e.class = 'pg_class'::regclass AND a.attrelid = e.oid AND a.attnum = e.sub AND a.attnum > 0
LEFT JOIN pg_attribute ra ON e.ref_class = 'pg_class'::regclass AND ra.attrelid = e.ref_oid AND ra.attnum = e.ref_sub AND ra.attnum > 0
WHERE (e.class, e.oid, e.sub) <> (e.ref_class, e.ref_oid, e.ref_sub)

-- Changes whenever a transaction that changed any definition commits: the rows of the system catalogs by their versions.
SELECT md5(string_agg(part, ',' ORDER BY part))
FROM (
  SELECT concat('class ', count(*), ' ', sum(xmin::text::bigint), ' ', sum(oid::bigint)) FROM pg_class
  UNION ALL SELECT concat('attribute ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_attribute WHERE attrelid >= 16384
  UNION ALL SELECT concat('default ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_attrdef
  UNION ALL SELECT concat('constraint ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_constraint
  UNION ALL SELECT concat('index ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_index
  UNION ALL SELECT concat('inherits ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_inherits
  UNION ALL SELECT concat('rule ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_rewrite
  UNION ALL SELECT concat('trigger ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_trigger
  UNION ALL SELECT concat('policy ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_policy
  UNION ALL SELECT concat('function ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_proc
  UNION ALL SELECT concat('aggregate ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_aggregate
  UNION ALL SELECT concat('type ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_type
  UNION ALL SELECT concat('enum ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_enum
  UNION ALL SELECT concat('sequence ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_sequence
  UNION ALL SELECT concat('collation ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_collation
  UNION ALL SELECT concat('namespace ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_namespace
  UNION ALL SELECT concat('extension ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_extension
  UNION ALL SELECT concat('comment ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_description
  UNION ALL SELECT concat('dependency ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_depend WHERE objid >= 16384
) AS parts (part)

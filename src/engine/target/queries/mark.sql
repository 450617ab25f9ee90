-- Changes whenever a transaction that changed any definition commits: the rows of the system catalogs by their versions, without those that
-- PostgreSQL itself brings (below 16384).
SELECT md5(string_agg(part, ',' ORDER BY part))
FROM (
  SELECT concat('class ', count(*), ' ', sum(xmin::text::bigint), ' ', sum(oid::bigint)) FROM pg_class WHERE oid >= 16384
  UNION ALL SELECT concat('attribute ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_attribute WHERE attrelid >= 16384
  UNION ALL SELECT concat('default ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_attrdef WHERE oid >= 16384
  UNION ALL SELECT concat('constraint ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT concat('index ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_index WHERE indrelid >= 16384
  UNION ALL SELECT concat('inherits ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_inherits WHERE inhrelid >= 16384
  UNION ALL SELECT concat('rule ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_rewrite WHERE oid >= 16384
  UNION ALL SELECT concat('trigger ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_trigger WHERE oid >= 16384
  UNION ALL SELECT concat('policy ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_policy WHERE oid >= 16384
  UNION ALL SELECT concat('function ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT concat('aggregate ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_aggregate WHERE aggfnoid::oid >= 16384
  UNION ALL SELECT concat('type ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_type WHERE oid >= 16384
  UNION ALL SELECT concat('enum ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_enum WHERE oid >= 16384
  UNION ALL SELECT concat('sequence ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_sequence WHERE seqrelid >= 16384
  UNION ALL SELECT concat('collation ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_collation WHERE oid >= 16384
  UNION ALL SELECT concat('namespace ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_namespace
  UNION ALL SELECT concat('extension ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_extension
  UNION ALL SELECT concat('statistics ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_statistic_ext WHERE oid >= 16384
  UNION ALL SELECT concat('publication ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_publication WHERE oid >= 16384
  UNION ALL SELECT concat('published ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_publication_rel WHERE oid >= 16384
  UNION ALL SELECT concat('event trigger ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_event_trigger WHERE oid >= 16384
  UNION ALL SELECT concat('wrapper ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_foreign_data_wrapper WHERE oid >= 16384
  UNION ALL SELECT concat('server ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_foreign_server WHERE oid >= 16384
  UNION ALL SELECT concat('foreign table ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_foreign_table WHERE ftrelid >= 16384
  UNION ALL SELECT concat('operator ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_operator WHERE oid >= 16384
  UNION ALL SELECT concat('operator class ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_opclass WHERE oid >= 16384
  UNION ALL SELECT concat('operator family ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_opfamily WHERE oid >= 16384
  UNION ALL SELECT concat('class operator ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_amop WHERE oid >= 16384
  UNION ALL SELECT concat('class function ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_amproc WHERE oid >= 16384
  UNION ALL SELECT concat('cast ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_cast WHERE oid >= 16384
  UNION ALL SELECT concat('conversion ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_conversion WHERE oid >= 16384
  UNION ALL SELECT concat('parser ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_ts_parser WHERE oid >= 16384
  UNION ALL SELECT concat('template ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_ts_template WHERE oid >= 16384
  UNION ALL SELECT concat('dictionary ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_ts_dict WHERE oid >= 16384
  UNION ALL SELECT concat('configuration ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_ts_config WHERE oid >= 16384
  UNION ALL SELECT concat('mapping ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_ts_config_map WHERE mapcfg >= 16384
  UNION ALL SELECT concat('range ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_range WHERE rngtypid >= 16384
  UNION ALL SELECT concat('transform ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_transform WHERE oid >= 16384
  UNION ALL SELECT concat('language ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_language
  UNION ALL SELECT concat('comment ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_description
  UNION ALL SELECT concat('dependency ', count(*), ' ', sum(xmin::text::bigint)) FROM pg_depend WHERE objid >= 16384
) AS parts (part)

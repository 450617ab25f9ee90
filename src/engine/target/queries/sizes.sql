-- Of the tables in $1 and $2 (schema and name, pairwise): rows as the statistics know them (none before the first ANALYZE) and bytes with
-- indexes and TOAST, of all partitions together.
SELECT n.nspname::text, c.relname::text, sizes.rows, sizes.bytes
  FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
  JOIN pg_catalog.pg_namespace AS n ON n.nspname = wanted.schema
  JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = wanted.name
 CROSS JOIN LATERAL (
       SELECT CASE WHEN min(part.reltuples) >= 0 THEN sum(part.reltuples)::int8 END AS rows,
              coalesce(sum(pg_catalog.pg_total_relation_size(part.oid)), 0)::int8 AS bytes
         FROM pg_catalog.pg_class AS part
        WHERE part.relkind IN ('r', 'm')
          AND (part.oid = c.oid OR part.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(c.oid)))
       ) AS sizes
 WHERE c.relkind IN ('r', 'p', 'm')
 ORDER BY 1, 2

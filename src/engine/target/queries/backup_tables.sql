-- Bytes of the tables in $1 and $2 (schema and name, pairwise) with their partitions and children, without indexes.
WITH RECURSIVE kept (id) AS (
    SELECT c.oid
      FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
      JOIN pg_catalog.pg_namespace AS n ON n.nspname = wanted.schema
      JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind IN ('r', 'p')
     UNION
    SELECT i.inhrelid
      FROM kept AS k
      JOIN pg_catalog.pg_inherits AS i ON i.inhparent = k.id
)
SELECT coalesce(sum(pg_catalog.pg_table_size(k.id)), 0)::int8 FROM kept AS k

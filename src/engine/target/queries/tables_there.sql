-- Of the names in $1 and $2 (schema and name, pairwise): those of tables, in the order in which they are locked.
SELECT n.nspname::text, c.relname::text
  FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
  JOIN pg_catalog.pg_namespace AS n ON n.nspname = wanted.schema
  JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = wanted.name
 WHERE c.relkind IN ('r', 'p')
 ORDER BY 1, 2

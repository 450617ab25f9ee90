-- Of the relations in $1 and $2 (schema and name, pairwise): those that this user may not change.
SELECT n.nspname::text, c.relname::text, r.rolname::text
  FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
  JOIN pg_catalog.pg_namespace AS n ON n.nspname = wanted.schema
  JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = wanted.name
  JOIN pg_catalog.pg_roles AS r ON r.oid = c.relowner
 WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
 ORDER BY 1, 2

-- Of the tables in $1 and $2 (schema and name, pairwise) and their partitions: those with triggers that this user may not turn off.
WITH RECURSIVE family (oid) AS (
  SELECT c.oid
    FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
    JOIN pg_catalog.pg_namespace AS n ON n.nspname = wanted.schema
    JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = wanted.name
  UNION
  SELECT i.inhrelid FROM family AS f JOIN pg_catalog.pg_inherits AS i ON i.inhparent = f.oid
)
SELECT n.nspname::text, c.relname::text, r.rolname::text
  FROM family AS f
  JOIN pg_catalog.pg_class AS c ON c.oid = f.oid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_roles AS r ON r.oid = c.relowner
 WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
   AND EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D')
 ORDER BY 1, 2

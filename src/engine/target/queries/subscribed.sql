SELECT p.pubname::text
FROM pg_catalog.pg_publication AS p
WHERE p.puballtables
   OR EXISTS (
       SELECT
       FROM pg_catalog.pg_publication_tables AS t
       JOIN unnest($1::text[], $2::text[]) AS w (schema, name) ON w.schema = t.schemaname::text AND w.name = t.tablename::text
       WHERE t.pubname = p.pubname
   )
ORDER BY 1

-- Row filters and column lists came with PostgreSQL 15, generated columns with 18: where a column is unknown, "older" has it. The schemas of a
-- publication are read from its dependencies, as their system catalog came with 15.
SELECT p.oid::bigint AS oid, to_json('publication'::text) AS kind, '' AS schema, p.pubname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', ARRAY[format('CREATE PUBLICATION %I%s WITH (publish = %L, publish_via_partition_root = %s%s)', p.pubname,
           CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE ' FOR ' || nullif(concat_ws(', ', o.tables, o.schemas), '') END,
           concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                     CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
           p.pubviaroot::text,
           CASE WHEN (SELECT pubgencols FROM pg_publication WHERE oid = p.oid) = 's' THEN ', publish_generated_columns = stored' END)],
         'comment', obj_description(p.oid, 'pg_publication')) AS object
FROM (SELECT NULL::pg_node_tree AS prqual, NULL::int2vector AS prattrs, 'n'::"char" AS pubgencols) older
CROSS JOIN pg_publication p
CROSS JOIN LATERAL (
  SELECT (SELECT string_agg(member.text, ', ' ORDER BY member.text)
          FROM (SELECT format('TABLE %s%s%s', m.prrelid::regclass,
                  ' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_attribute a
                           WHERE a.attrelid = m.prrelid AND a.attnum = ANY (prattrs::int2[])) || ')',
                  ' WHERE ' || pg_get_expr(prqual, m.prrelid)) AS text
                FROM pg_publication_rel m WHERE m.prpubid = p.oid) member) AS tables,
         (SELECT string_agg(format('TABLES IN SCHEMA %I', s.nspname), ', ' ORDER BY s.nspname)
          FROM pg_depend d JOIN pg_depend e ON e.classid = d.classid AND e.objid = d.objid JOIN pg_namespace s ON s.oid = e.refobjid
          WHERE d.classid = to_regclass('pg_catalog.pg_publication_namespace') AND d.refclassid = 'pg_publication'::regclass AND d.refobjid = p.oid
            AND e.refclassid = 'pg_namespace'::regclass) AS schemas) o
WHERE true
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_publication'::regclass AND e.objid = p.oid AND e.deptype = 'e')

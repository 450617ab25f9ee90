-- A foreign table holds no rows of its own: it is made anew whenever it changes.
SELECT c.oid::bigint AS oid, to_json('foreign_table'::text) AS kind, n.nspname::text AS schema, c.relname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', array_remove(ARRAY[
           format('CREATE FOREIGN TABLE %I.%I (%s)%s SERVER %I%s', n.nspname, c.relname, concat_ws(', ', o.columns, o.constraints),
             ' INHERITS (' || (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
                               FROM pg_inherits i WHERE i.inhrelid = c.oid AND NOT c.relispartition) || ')', s.srvname,
             ' OPTIONS (' || (SELECT string_agg(format('%I %L', p.option_name, p.option_value), ', ' ORDER BY p.option_name)
                              FROM pg_options_to_table(f.ftoptions) p) || ')'),
           CASE WHEN c.relispartition THEN (SELECT format('ALTER TABLE %s ATTACH PARTITION %I.%I %s', i.inhparent::regclass, n.nspname, c.relname,
                                                          pg_get_expr(c.relpartbound, c.oid)) FROM pg_inherits i WHERE i.inhrelid = c.oid) END]
           || (SELECT array_agg(format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, c.relname, a.attname, col_description(c.oid, a.attnum)) ORDER BY a.attname)
               FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NOT NULL), NULL),
         'comment', obj_description(c.oid, 'pg_class')) AS object
FROM pg_foreign_table f
JOIN pg_class c ON c.oid = f.ftrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_foreign_server s ON s.oid = f.ftserver
CROSS JOIN LATERAL (
  SELECT (SELECT string_agg(concat(quote_ident(a.attname), ' ', format_type(a.atttypid, a.atttypmod),
                    ' OPTIONS (' || (SELECT string_agg(format('%I %L', p.option_name, p.option_value), ', ' ORDER BY p.option_name)
                                     FROM pg_options_to_table(a.attfdwoptions) p) || ')',
                    CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation END,
                    CASE WHEN a.attgenerated <> '' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
                         WHEN d.oid IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
                    CASE WHEN a.attnotnull THEN ' NOT NULL' END), ', ' ORDER BY a.attnum)
          FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            -- What comes from a parent as it is needs no word.
            AND (a.attislocal OR c.relispartition OR a.attnotnull OR d.oid IS NOT NULL OR a.attfdwoptions IS NOT NULL)) AS columns,
         (SELECT string_agg(format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ', ' ORDER BY k.conname)
          FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND (k.conislocal OR c.relispartition)) AS constraints) o
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')

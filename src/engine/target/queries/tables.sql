WITH ours AS (
  SELECT c.*, n.nspname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p')
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
    AND (n.nspname, c.relname) <> ('public', 'schema_versions')
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
), columns AS (
  SELECT a.attrelid, json_agg(json_build_object(
    'name', a.attname,
    'type_name', format_type(a.atttypid, a.atttypmod),
    'collation', CASE WHEN a.attcollation <> t.typcollation THEN
      (SELECT json_build_object('schema', cn.nspname, 'name', co.collname)
       FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END,
    'not_null', a.attnotnull,
    'not_null_constraint', CASE WHEN k.oid IS NOT NULL AND
        (k.connoinherit OR NOT k.convalidated OR ko.description IS NOT NULL OR
         -- A name that PostgreSQL gave; it cuts those that are too long.
         NOT (rtrim(k.conname, '0123456789') = format('%s_%s_not_null', c.relname, a.attname)
              OR octet_length(c.relname) + octet_length(a.attname) > 53 AND rtrim(k.conname, '0123456789') LIKE '%\_not\_null')) THEN
      json_build_object('name', k.conname, 'no_inherit', k.connoinherit, 'validated', k.convalidated, 'comment', ko.description) END,
    'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'identity', CASE WHEN a.attidentity <> '' THEN
      (SELECT json_build_object('always', a.attidentity = 'a', 'sequence',
         json_build_object('type_name', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
                           'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle),
         'comment', obj_description(s.seqrelid, 'pg_class'))
       FROM pg_depend i JOIN pg_sequence s ON s.seqrelid = i.objid
       WHERE i.classid = 'pg_class'::regclass AND i.refclassid = 'pg_class'::regclass AND i.refobjid = a.attrelid
         AND i.refobjsubid = a.attnum AND i.deptype = 'i') END,
    'generated', CASE WHEN a.attgenerated <> '' THEN
      json_build_object('expression', pg_get_expr(d.adbin, d.adrelid), 'stored', a.attgenerated = 's') END,
    'storage', CASE WHEN a.attstorage <> t.typstorage THEN
      CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END END,
    'compression', CASE a.compression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
    'statistics', nullif(a.attstattarget, -1),
    'options', (SELECT coalesce(json_agg(o ORDER BY o), '[]') FROM unnest(a.attoptions) o),
    'local', a.attislocal AND NOT c.relispartition,
    'comment', o.description) ORDER BY a.attnum) AS list
  FROM ours c
  -- PostgreSQL 13 has no attcompression: there the name means the one of `missing`.
  CROSS JOIN (SELECT ''::"char" AS attcompression) AS missing
  CROSS JOIN LATERAL (SELECT a.*, attcompression AS compression FROM pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS a
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_description o ON o.classoid = 'pg_class'::regclass AND o.objoid = a.attrelid AND o.objsubid = a.attnum
  -- Since PostgreSQL 18; those that come from a parent are part of that one's column.
  LEFT JOIN pg_constraint k ON k.contype = 'n' AND k.conrelid = a.attrelid AND k.conkey[1] = a.attnum AND k.conislocal
  LEFT JOIN pg_description ko ON ko.classoid = 'pg_constraint'::regclass AND ko.objoid = k.oid AND k.contype = 'n'
  GROUP BY a.attrelid
)
SELECT c.oid::bigint AS oid, to_json('table'::text) AS kind, c.nspname::text AS schema, c.relname::text AS name, '' AS part,
       json_build_object(
         'kind', 'table',
         'unlogged', c.relpersistence = 'u',
         'columns', coalesce(columns.list, '[]'),
         'partition_key', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
         'partition_of', CASE WHEN c.relispartition THEN
           (SELECT json_build_object('parent', json_build_object('schema', pn.nspname, 'name', p.relname),
                                     'bound', pg_get_expr(c.relpartbound, c.oid))
            FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
            WHERE i.inhrelid = c.oid) END,
         'inherits', (SELECT coalesce(json_agg(json_build_object('schema', pn.nspname, 'name', p.relname) ORDER BY i.inhseqno), '[]')
                      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
                      WHERE i.inhrelid = c.oid AND NOT c.relispartition),
         'options', (SELECT coalesce(json_agg(o ORDER BY o), '[]') FROM (
                       SELECT unnest(c.reloptions) AS o
                       UNION ALL SELECT 'toast.' || unnest(x.reloptions) FROM pg_class x WHERE x.oid = c.reltoastrelid) options),
         'row_security', c.relrowsecurity,
         'force_row_security', c.relforcerowsecurity,
         'replica_identity', CASE c.relreplident WHEN 'd' THEN 'DEFAULT' WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL'
           ELSE coalesce((SELECT 'INDEX ' || x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                          WHERE i.indrelid = c.oid AND i.indisreplident), 'NOTHING') END,
         'clustered_on', (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                          WHERE i.indrelid = c.oid AND i.indisclustered),
         'of_type', (SELECT json_build_object('schema', tn.nspname, 'name', t.typname)
                     FROM pg_type t JOIN pg_namespace tn ON tn.oid = t.typnamespace WHERE t.oid = c.reloftype),
         'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace),
         'comment', obj_description(c.oid, 'pg_class')) AS object
FROM ours c LEFT JOIN columns ON columns.attrelid = c.oid

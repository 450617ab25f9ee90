-- Removes the large objects that are there now, and none that comes meanwhile.
SELECT pg_catalog.format('SELECT pg_catalog.lo_unlink(o.oid) FROM pg_catalog.unnest(%L::oid[]) AS o (oid)', pg_catalog.array_agg(oid)),
       'Removes the large objects'
  FROM pg_catalog.pg_largeobject_metadata
HAVING pg_catalog.count(*) > 0

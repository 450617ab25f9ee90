-- Tables that the session $1 keeps others from writing or reading. Asked from outside its transaction: what it made itself is not there yet,
-- and nobody waits for it.
SELECT n.nspname::text, c.relname::text, pg_catalog.bool_or(l.mode = 'AccessExclusiveLock') AS readers
  FROM pg_catalog.pg_locks AS l
  JOIN pg_catalog.pg_database AS d ON d.oid = l.database
  JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE l.pid = $1 AND l.granted AND l.locktype = 'relation' AND d.datname = pg_catalog.current_database()
   AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
   AND c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384
 GROUP BY 1, 2

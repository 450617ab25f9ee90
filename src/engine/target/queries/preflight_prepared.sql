-- Prepared transactions that hold a lock on a relation in $1 and $2 (schema and name, pairwise). Until the server is restarted their locks
-- go by the virtual transaction of the session that prepared them; each holds the lock on its own number.
SELECT DISTINCT p.gid::text, p.owner::text, pg_catalog.date_trunc('second', pg_catalog.now() - p.prepared)::text
  FROM pg_catalog.pg_prepared_xacts AS p
  JOIN pg_catalog.pg_locks AS own ON own.locktype = 'transactionid' AND own.transactionid = p.transaction AND own.pid IS NULL
  JOIN pg_catalog.pg_locks AS l ON l.virtualtransaction = own.virtualtransaction AND l.pid IS NULL
  JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN unnest($1::text[], $2::text[]) AS wanted (schema, name) ON wanted.schema = n.nspname AND wanted.name = c.relname
 WHERE p.database = pg_catalog.current_database()

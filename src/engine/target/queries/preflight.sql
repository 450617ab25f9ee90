SELECT pg_catalog.current_setting('server_version_num')::int AS server_version,
       pg_catalog.pg_is_in_recovery() AS standby,
       pg_catalog.pg_encoding_to_char(d.encoding)::text AS encoding,
       pg_catalog.current_setting('max_locks_per_transaction')::bigint AS locks_each,
       pg_catalog.current_setting('max_connections')::bigint + pg_catalog.current_setting('max_prepared_transactions')::bigint AS sessions,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class AS c
         WHERE c.relkind IN ('r', 'p', 'S', 'v', 'm') AND c.oid >= 16384) AS relations,
       pg_catalog.has_database_privilege(d.oid, 'CREATE') AS may_create,
       EXISTS (SELECT FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'lockstep') AS has_ledger
  FROM pg_catalog.pg_database AS d
 WHERE d.datname = pg_catalog.current_database()

SELECT pg_catalog.pg_is_in_recovery() AS standby,
       pg_catalog.pg_encoding_to_char(d.encoding)::text AS encoding,
       pg_catalog.has_database_privilege(d.oid, 'CREATE') AS may_create,
       EXISTS (SELECT FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'lockstep') AS has_ledger
  FROM pg_catalog.pg_database AS d
 WHERE d.datname = pg_catalog.current_database()

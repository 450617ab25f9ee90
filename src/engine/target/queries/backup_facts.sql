SELECT (SELECT r.rolsuper OR r.rolcreatedb FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user) AS may_create_databases,
       pg_catalog.current_setting('server_version_num')::int AS server_version,
       pg_catalog.pg_is_in_recovery() AS standby,
       pg_catalog.current_setting('wal_level')::text AS wal_level,
       pg_catalog.has_function_privilege('pg_catalog.pg_create_restore_point(text)', 'EXECUTE') AS may_name_points,
       pg_catalog.current_setting('max_locks_per_transaction')::bigint AS locks_each,
       pg_catalog.current_setting('max_connections')::bigint + pg_catalog.current_setting('max_prepared_transactions')::bigint AS sessions,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class AS c
         WHERE c.relkind IN ('r', 'p', 'S', 'v', 'm') AND c.oid >= 16384) AS relations

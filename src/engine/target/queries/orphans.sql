SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(a.pid, 5000))
  FROM pg_catalog.pg_stat_activity AS a
 WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
   AND pg_catalog.starts_with(a.application_name, $1)

SELECT a.pid, a.application_name, coalesce(a.state, '') AS state,
       pg_catalog.date_trunc('second', pg_catalog.now() - coalesce(a.xact_start, a.query_start, a.backend_start))::text AS age
  FROM unnest(pg_catalog.pg_blocking_pids($1)) AS blocking (pid)
  LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = blocking.pid
 ORDER BY a.pid

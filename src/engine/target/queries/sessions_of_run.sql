SELECT concat_ws(', ', pid, application_name, state)
FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND starts_with(application_name, 'lockstep:' || $1)
ORDER BY pid

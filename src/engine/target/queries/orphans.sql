-- The sessions of a run $1, named lockstep:<run>:<claim>:<step>, whose claim is $2 or an earlier one.
SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(a.pid, 5000))
  FROM pg_catalog.pg_stat_activity AS a, pg_catalog.string_to_array(a.application_name, ':') AS part
 WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
   AND part[1] = 'lockstep' AND part[2] = $1
   AND CASE WHEN part[3] ~ '^[0-9]{1,18}$' THEN part[3]::bigint <= $2 ELSE true END

-- The timeline of the log position $1, which the name of its segment begins with, and the server's clock.
SELECT ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name($1::pg_catalog.pg_lsn), 1, 8))::bit(32)::int4,
       pg_catalog.clock_timestamp()

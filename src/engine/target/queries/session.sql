-- The settings of every session with a target. Those that a server does not know (client_connection_check_interval came
-- with PostgreSQL 14) are left out instead of failing. The server notices by itself, within a minute, that a console vanished together
-- with its machine or its network.
SELECT pg_catalog.count(pg_catalog.set_config(known.name, wanted.value, false))
  FROM (VALUES
         ('client_connection_check_interval', '500ms'),
         ('tcp_keepalives_idle', '15'),
         ('tcp_keepalives_interval', '5'),
         ('tcp_keepalives_count', '4'),
         ('tcp_user_timeout', '35000'),
         ('lock_timeout', '3s'),
         ('idle_in_transaction_session_timeout', '60s'),
         ('row_security', 'off'),
         ('TimeZone', 'UTC'),
         ('DateStyle', 'ISO, YMD'),
         ('IntervalStyle', 'postgres'),
         ('extra_float_digits', '1'),
         ('bytea_output', 'hex'),
         ('xmlbinary', 'base64'),
         ('xmloption', 'content'),
         ('quote_all_identifiers', 'off'),
         ('standard_conforming_strings', 'on'),
         ('check_function_bodies', 'on'),
         ('default_tablespace', ''),
         ('default_table_access_method', 'heap'),
         ('default_transaction_isolation', 'read committed'),
         ('default_transaction_read_only', 'off'),
         ('default_transaction_deferrable', 'off'),
         ('session_replication_role', 'origin'),
         ('jit', 'off')
       ) AS wanted (name, value)
  JOIN pg_catalog.pg_settings AS known ON known.name OPERATOR(pg_catalog.=) wanted.name
 WHERE known.setting OPERATOR(pg_catalog.<>) wanted.value

SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS version_num,
       pg_encoding_to_char(d.encoding)::text AS encoding,
       pg_is_in_recovery() AS in_recovery,
       has_database_privilege(d.oid, 'CREATE') AS may_create_schemas,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       ARRAY(
           SELECT c.oid::regclass::text
           FROM pg_class AS c
           JOIN pg_namespace AS n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('r', 'p')
             AND n.nspname NOT LIKE 'pg\_%'
             AND n.nspname <> 'information_schema'
             AND NOT pg_has_role(c.relowner, 'USAGE')
           ORDER BY 1
       ) AS foreign_tables
FROM pg_database AS d
WHERE d.datname = current_database()

SELECT pg_catalog.concat_ws(':',
         CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
              THEN (SELECT c.system_identifier::text FROM pg_catalog.pg_control_system() AS c)
              ELSE 'unknown' END,
         d.oid)
  FROM pg_catalog.pg_database AS d
 WHERE d.datname = pg_catalog.current_database()

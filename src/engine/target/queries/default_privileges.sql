SELECT 0::bigint AS oid, to_json('default_privileges'::text) AS kind, coalesce(n.nspname, '')::text AS schema, pg_get_userbyid(a.defaclrole)::text AS name,
       CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS'
                            ELSE 'LARGE OBJECTS' END AS part,
       json_build_object(
         'kind', 'default_privileges',
         'grants', (SELECT coalesce(json_agg(json_build_object('grantee', g.grantee, 'grant',
                             json_build_object('privilege', g.privilege, 'column', NULL, 'grantable', g.grantable)) ORDER BY g.grantee, g.privilege), '[]')
                    FROM (SELECT CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END AS grantee, x.privilege_type AS privilege,
                                 bool_or(x.is_grantable) AS grantable
                          FROM aclexplode(a.defaclacl) x WHERE x.grantee <> a.defaclrole GROUP BY x.grantee, x.privilege_type) g)) AS object
FROM pg_default_acl a
LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
WHERE n.nspname IS NULL OR n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'

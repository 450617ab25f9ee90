SELECT w.oid::bigint AS oid, to_json('foreign_data_wrapper'::text) AS kind, '' AS schema, w.fdwname::text AS name, '' AS part,
       json_build_object(
         'kind', 'foreign_data_wrapper',
         'handler', CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regproc::text END,
         'validator', CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regproc::text END,
         'options', (SELECT coalesce(json_agg(json_build_array(o.option_name, o.option_value) ORDER BY o.option_name), '[]')
                     FROM pg_options_to_table(w.fdwoptions) o),
         'comment', obj_description(w.oid, 'pg_foreign_data_wrapper')) AS object
FROM pg_foreign_data_wrapper w
WHERE true
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_foreign_data_wrapper'::regclass AND e.objid = w.oid AND e.deptype = 'e')

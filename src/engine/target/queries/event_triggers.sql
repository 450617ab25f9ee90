SELECT t.oid::bigint AS oid, to_json('event_trigger'::text) AS kind, '' AS schema, t.evtname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', array_remove(ARRAY[
           format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s', t.evtname, t.evtevent,
                  ' WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ' ORDER BY tag) FROM unnest(t.evttags) tag) || ')',
                  t.evtfoid::regprocedure),
           CASE t.evtenabled WHEN 'D' THEN format('ALTER EVENT TRIGGER %I DISABLE', t.evtname)
                             WHEN 'R' THEN format('ALTER EVENT TRIGGER %I ENABLE REPLICA', t.evtname)
                             WHEN 'A' THEN format('ALTER EVENT TRIGGER %I ENABLE ALWAYS', t.evtname) END], NULL),
         'comment', obj_description(t.oid, 'pg_event_trigger')) AS object
FROM pg_event_trigger t
WHERE true
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_event_trigger'::regclass AND e.objid = t.oid AND e.deptype = 'e')

DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT evtname FROM pg_event_trigger LOOP
    EXECUTE format('DROP EVENT TRIGGER %I', one.evtname);
  END LOOP;
  FOR one IN SELECT pubname FROM pg_publication LOOP
    EXECUTE format('DROP PUBLICATION %I', one.pubname);
  END LOOP;
  FOR one IN SELECT format_type(castsource, NULL) AS "from", format_type(casttarget, NULL) AS "to" FROM pg_cast c
    WHERE oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i')) LOOP
    EXECUTE format('DROP CAST (%s AS %s)', one."from", one."to");
  END LOOP;
  FOR one IN SELECT fdwname FROM pg_foreign_data_wrapper LOOP
    EXECUTE format('DROP FOREIGN DATA WRAPPER %I CASCADE', one.fdwname);
  END LOOP;
  FOR one IN SELECT format_type(trftype, NULL) AS type, lanname FROM pg_transform t JOIN pg_language l ON l.oid = trflang LOOP
    EXECUTE format('DROP TRANSFORM FOR %s LANGUAGE %I', one.type, one.lanname);
  END LOOP;
  FOR one IN SELECT lanname FROM pg_language WHERE oid >= 16384 LOOP
    EXECUTE format('DROP LANGUAGE %I CASCADE', one.lanname);
  END LOOP;
  FOR one IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
    EXECUTE format('DROP EXTENSION %I CASCADE', one.extname);
  END LOOP;
  FOR one IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', one.nspname);
  END LOOP;
  CREATE SCHEMA public;
  COMMENT ON SCHEMA public IS 'standard public schema';
END
$$;

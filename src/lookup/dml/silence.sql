DECLARE
  one record;
  back text := '';
BEGIN
  FOR one IN
    WITH RECURSIVE family (oid) AS (
      SELECT wanted.name::oid FROM pg_catalog.unnest(ARRAY[{tables}]::pg_catalog.regclass[]) AS wanted (name)
      UNION
      SELECT i.inhrelid FROM family AS f JOIN pg_catalog.pg_inherits AS i ON i.inhparent = f.oid
    )
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation, t.tgname AS name,
           CASE t.tgenabled WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END AS again
      FROM family AS f
      JOIN pg_catalog.pg_class AS c ON c.oid = f.oid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = c.oid
     WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
     ORDER BY 1, 2
  LOOP
    EXECUTE pg_catalog.format('ALTER TABLE ONLY %s DISABLE TRIGGER %I', one.relation, one.name);
    back := back || pg_catalog.format('ALTER TABLE ONLY %s %s TRIGGER %I;', one.relation, one.again, one.name);
  END LOOP;
  PERFORM pg_catalog.set_config('lockstep.triggers', back, true);
END

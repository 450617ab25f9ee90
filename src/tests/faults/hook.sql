-- In every environment alike, so that it is no difference: what `lockstep.hook` says is done after each ALTER TABLE, in its transaction.
CREATE FUNCTION public.hook() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
  command text;
BEGIN
  IF pg_catalog.to_regclass('lockstep.hook') IS NOT NULL THEN
    FOR command IN SELECT sql FROM lockstep.hook WHERE at = 'change' LOOP
      EXECUTE command;
    END LOOP;
  END IF;
END $$;
CREATE EVENT TRIGGER hook ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION public.hook();

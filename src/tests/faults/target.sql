-- In the target alone and in the schema that nobody compares: what is done within its transaction, and when.
CREATE TABLE lockstep.hook (at text CHECK (at IN ('change', 'record')), sql text);
CREATE FUNCTION lockstep.record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  command text;
BEGIN
  FOR command IN SELECT sql FROM lockstep.hook WHERE at = 'record' LOOP
    EXECUTE command;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER record BEFORE INSERT ON lockstep.ledger FOR EACH ROW EXECUTE FUNCTION lockstep.record();
INSERT INTO public.sales (fee, amount) SELECT 1 + g % 2, g FROM generate_series(1, 500) AS g;

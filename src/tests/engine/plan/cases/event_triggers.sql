--- event triggers come, change, go and do not see the promotion that brings them
-- both
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE TABLE seen (tag text);
-- target
CREATE EVENT TRIGGER gone ON ddl_command_end EXECUTE FUNCTION f(); CREATE EVENT TRIGGER changed ON ddl_command_end EXECUTE FUNCTION f();
-- source
CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'nobody changes anything'; END $$; CREATE EVENT TRIGGER changed ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION f(); ALTER EVENT TRIGGER changed DISABLE; COMMENT ON EVENT TRIGGER changed IS 'x'; CREATE TABLE t (a int); CREATE EVENT TRIGGER strict ON sql_drop EXECUTE FUNCTION no();

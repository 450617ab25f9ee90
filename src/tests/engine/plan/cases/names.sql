--- quotes, dots, spaces, upper case, keywords, 63 bytes
-- target
CREATE SCHEMA "a.b";
-- source
CREATE SCHEMA "a.b"; CREATE SCHEMA "Select"; CREATE TABLE "a.b"."T""q" ("c""1" int PRIMARY KEY, "user" text, "order" int, "ünï" int, "a123456789012345678901234567890123456789012345678901234567890xyz" int CHECK ("a123456789012345678901234567890123456789012345678901234567890xyz" > 0)); CREATE TABLE "Select"."from" ("c""1" serial REFERENCES "a.b"."T""q"); CREATE VIEW "Select"."V v" AS SELECT "user", "order" FROM "a.b"."T""q"; CREATE INDEX "I;--" ON "a.b"."T""q" ("user"); CREATE FUNCTION "Select"."F f"("A a" int) RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON FUNCTION "Select"."F f"(int) IS 'x'; CREATE TYPE "Select"."E" AS ENUM ('A b'); CREATE DOMAIN "Select"."D" AS "Select"."E"[]; CREATE TABLE "Select"."t" (x "Select"."D" DEFAULT '{A b}'); CREATE FUNCTION "T f"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER "tr g" BEFORE INSERT ON "a.b"."T""q" FOR EACH ROW EXECUTE FUNCTION "T f"(); CREATE POLICY "po l" ON "a.b"."T""q" USING ("user" = CURRENT_USER); COMMENT ON TRIGGER "tr g" ON "a.b"."T""q" IS 'x'; COMMENT ON POLICY "po l" ON "a.b"."T""q" IS 'y';
--- the same names in several schemas
-- both
CREATE SCHEMA a; CREATE SCHEMA b;
-- target
CREATE TABLE a.t (id int PRIMARY KEY); CREATE TABLE b.t (id int PRIMARY KEY); CREATE VIEW a.v AS SELECT * FROM b.t;
-- source
CREATE TABLE a.t (id bigint PRIMARY KEY); CREATE TABLE b.t (id int PRIMARY KEY, x int); CREATE VIEW a.v AS SELECT * FROM b.t;
--- schemas and extensions
-- target
CREATE SCHEMA gone; CREATE TABLE gone.t (a int);
-- source
CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE EXTENSION pg_trgm; CREATE TABLE t (a ext.citext UNIQUE, b text); CREATE INDEX i ON t USING gin (b gin_trgm_ops);
--- text to citext and back
-- both
CREATE EXTENSION citext;
-- target
CREATE TABLE t (a text DEFAULT 'x' UNIQUE, b citext); INSERT INTO t VALUES ('Q', 'Q');
-- source
CREATE TABLE t (a citext DEFAULT 'x' UNIQUE, b text);
-- keeps
SELECT a FROM t

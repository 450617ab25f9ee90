--- values at both ends and in the middle
-- target
CREATE TYPE e AS ENUM ('b', 'd');
-- source
CREATE TYPE e AS ENUM ('a', 'b', 'c', 'd', 'e', 'f');
--- an empty enum gets its first values
-- target
CREATE TYPE e AS ENUM ();
-- source
CREATE TYPE e AS ENUM ('x', 'y');
--- a value is used by a new table's default, a partition bound and a function's default
-- target
CREATE TYPE e AS ENUM ('a'); CREATE TABLE p (k e) PARTITION BY LIST (k);
-- source
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE p (k e) PARTITION BY LIST (k); CREATE TABLE pb PARTITION OF p FOR VALUES IN ('b'); CREATE TABLE t (x e DEFAULT 'b'); CREATE FUNCTION f(x e DEFAULT 'b') RETURNS int LANGUAGE sql AS 'SELECT 1';
-- one way
--- quotes and upper case in labels and in names
-- both
CREATE SCHEMA "My S";
-- target
CREATE TYPE "My S"."E e" AS ENUM ('A', 'a'); CREATE TABLE "My S"."T" ("X" "My S"."E e" DEFAULT 'A', "Y" "My S"."E e"[]); INSERT INTO "My S"."T" VALUES ('a', '{A,a}');
-- source
CREATE TYPE "My S"."E e" AS ENUM ('a', 'A', '"q''x"'); CREATE TABLE "My S"."T" ("X" "My S"."E e" DEFAULT 'A', "Y" "My S"."E e"[]);
-- keeps
SELECT ("X", "Y")::text FROM "My S"."T"
--- several new values at once, of which only one is used
-- target
CREATE TYPE e AS ENUM ('d'); CREATE TABLE t (a e DEFAULT 'd');
-- source
CREATE TYPE e AS ENUM ('c', 'a', 'd', 'z'); CREATE TABLE t (a e DEFAULT 'a');

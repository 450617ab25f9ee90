--- children come and go with columns of their own
-- source
CREATE TABLE a (x int DEFAULT 1, y text NOT NULL, CHECK (x > 0)); CREATE TABLE b (z int, y text) INHERITS (a); CREATE TABLE c (x int DEFAULT 5) INHERITS (a); CREATE TABLE d (x int DEFAULT 9) INHERITS (b, c); COMMENT ON COLUMN b.x IS 'bx';
--- columns of the parent change
-- target
CREATE TABLE a (x int DEFAULT 1, y text, gone int); CREATE TABLE b (z int) INHERITS (a); INSERT INTO b VALUES (1, 'y', 2, 3); CREATE VIEW v AS SELECT x FROM b;
-- source
CREATE TABLE a (x bigint DEFAULT 2, y text NOT NULL DEFAULT 'q', n int); CREATE TABLE b (z int) INHERITS (a); CREATE VIEW v AS SELECT x FROM b;
-- keeps
SELECT (x, y, z)::text FROM b
--- inherit and no inherit
-- target
CREATE TABLE a (x int); CREATE TABLE b (x int, y int); CREATE TABLE c () INHERITS (a); INSERT INTO c VALUES (1);
-- source
CREATE TABLE a (x int); CREATE TABLE b (x int, y int); ALTER TABLE b INHERIT a; CREATE TABLE c (x int);
-- keeps
SELECT x FROM c
--- checks of the parent come, change and go
-- target
CREATE TABLE a (x int, CONSTRAINT k CHECK (x > 0)); CREATE TABLE b () INHERITS (a);
-- source
CREATE TABLE a (x int, CONSTRAINT k CHECK (x > 1), CONSTRAINT l CHECK (x < 100), CONSTRAINT n CHECK (x <> 7) NO INHERIT); CREATE TABLE b () INHERITS (a);
--- a parent goes and the child stays
-- target
CREATE TABLE a (x int); CREATE TABLE b (y int) INHERITS (a); INSERT INTO b VALUES (1, 2);
-- source
CREATE TABLE b (x int, y int);
-- keeps
SELECT (x, y)::text FROM b

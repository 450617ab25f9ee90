--- every kind comes and goes
-- target
CREATE TABLE p (id int PRIMARY KEY, x int UNIQUE); CREATE TABLE t (id int, a int, b text, r int4range);
-- source
CREATE TABLE p (id int PRIMARY KEY, x int UNIQUE); CREATE TABLE t (id int, a int, b text, r int4range, CONSTRAINT pk PRIMARY KEY (id) INCLUDE (b), CONSTRAINT un UNIQUE NULLS NOT DISTINCT (a, b) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT ck CHECK (a > 0) NO INHERIT, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (x) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE, CONSTRAINT ex EXCLUDE USING gist (r WITH &&) WHERE (a > 1)); COMMENT ON CONSTRAINT un ON t IS 'uu'; COMMENT ON CONSTRAINT fk ON t IS 'ff';
--- deferrable comes and goes
-- target
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int, CONSTRAINT f1 FOREIGN KEY (a) REFERENCES p, CONSTRAINT f2 FOREIGN KEY (b) REFERENCES p DEFERRABLE INITIALLY DEFERRED, CONSTRAINT u UNIQUE (a));
-- source
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int, CONSTRAINT f1 FOREIGN KEY (a) REFERENCES p DEFERRABLE, CONSTRAINT f2 FOREIGN KEY (b) REFERENCES p, CONSTRAINT u UNIQUE (a) DEFERRABLE);
--- not valid on either side
-- target
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int, c int); INSERT INTO t VALUES (-1, 99, 1); ALTER TABLE t ADD CONSTRAINT k2 CHECK (c > 0) NOT VALID; ALTER TABLE t ADD CONSTRAINT k3 CHECK (c > -1); 
-- source
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int, c int); ALTER TABLE t ADD CONSTRAINT k1 CHECK (a > 0) NOT VALID; ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p NOT VALID; ALTER TABLE t ADD CONSTRAINT k2 CHECK (c > 0); ALTER TABLE t ADD CONSTRAINT k3 CHECK (c > -1) NOT VALID;
-- keeps
SELECT t::text FROM t
--- a not valid foreign key is validated
-- target
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT VALID;
-- source
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int CONSTRAINT f REFERENCES p);
--- the primary key moves while foreign keys point at it
-- target
CREATE TABLE p (a int PRIMARY KEY, b int NOT NULL UNIQUE); CREATE TABLE t (a int REFERENCES p, CONSTRAINT fb FOREIGN KEY (a) REFERENCES p (a)); INSERT INTO p VALUES (1, 1); INSERT INTO t VALUES (1);
-- source
CREATE TABLE p (a int NOT NULL UNIQUE, b int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p (a), CONSTRAINT fb FOREIGN KEY (a) REFERENCES p (b));
-- keeps
SELECT a FROM t
--- the primary key is named anew under a foreign key and a view
-- target
CREATE TABLE p (a int CONSTRAINT one PRIMARY KEY, b text); CREATE TABLE t (a int REFERENCES p); CREATE VIEW v AS SELECT a, b FROM p GROUP BY a;
-- source
CREATE TABLE p (a int CONSTRAINT two PRIMARY KEY, b text); CREATE TABLE t (a int REFERENCES p); CREATE VIEW v AS SELECT a, b FROM p GROUP BY a;
--- names exchanged between two constraints
-- target
CREATE TABLE t (a int, b int, CONSTRAINT x UNIQUE (a), CONSTRAINT y UNIQUE (b), CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (b > 0));
-- source
CREATE TABLE t (a int, b int, CONSTRAINT y UNIQUE (a), CONSTRAINT x UNIQUE (b), CONSTRAINT d CHECK (a > 0), CONSTRAINT c CHECK (b > 0));
--- a unique index becomes a constraint of its name
-- target
CREATE TABLE t (a int, b int); CREATE UNIQUE INDEX u ON t (a); ALTER TABLE t ADD CONSTRAINT w UNIQUE (b);
-- source
CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT u UNIQUE (a); CREATE UNIQUE INDEX w ON t (b);
--- foreign keys in a circle and to itself come, change and go
-- target
CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a, s int REFERENCES b); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
-- source
CREATE TABLE c (id int PRIMARY KEY, d int); CREATE TABLE d (id int PRIMARY KEY, c int REFERENCES c, s int REFERENCES d ON DELETE CASCADE); ALTER TABLE c ADD FOREIGN KEY (d) REFERENCES d;
--- foreign keys keep their column lists
-- target
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL);
-- source
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b));
--- a foreign key to a unique index
-- target
CREATE TABLE p (a int); CREATE UNIQUE INDEX u ON p (a); CREATE TABLE t (a int REFERENCES p (a));
-- source
CREATE TABLE p (a bigint); CREATE UNIQUE INDEX u ON p (a); CREATE TABLE t (a bigint REFERENCES p (a));
--- a check that calls a function over its table
-- source
CREATE TABLE t (a int); CREATE FUNCTION f(t) RETURNS boolean LANGUAGE sql AS 'SELECT $1.a > 0'; ALTER TABLE t ADD CONSTRAINT k CHECK (f(t));
--- primary key on serial columns with other columns, dropped and made
-- target
CREATE TABLE t (id serial PRIMARY KEY, a int); INSERT INTO t (a) VALUES (4);
-- source
CREATE TABLE t (id int, a int PRIMARY KEY);
-- keeps
SELECT a FROM t

//! Partitioned tables and what comes from the parent.

use super::{CASE, Case, check};

const P: &str = "CREATE TABLE p (id int NOT NULL, at date NOT NULL, k text) PARTITION BY RANGE (at);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); INSERT INTO p VALUES (1, '2025-05-05', 'x')";

#[tokio::test]
async fn partitions_follow_their_parent() {
    check(&[
        Case { name: "new with sub-partitions", source: "CREATE TABLE p (id int, at date, k text) PARTITION BY RANGE (at); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (k);
            CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN ('a', 'b'); CREATE TABLE p12 PARTITION OF p1 DEFAULT; CREATE TABLE ph PARTITION OF p DEFAULT PARTITION BY HASH (id); CREATE TABLE ph0 PARTITION OF ph FOR VALUES WITH (MODULUS 2, REMAINDER 0)", ..CASE },
        Case { name: "another partition", both: P, source: "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')", keeps: "SELECT (id, at, k) FROM p", ..CASE },
        Case { name: "parent gets key, index, trigger, column", both: P, source: "ALTER TABLE p ADD PRIMARY KEY (id, at); CREATE INDEX pk ON p (k); ALTER TABLE p ADD x int DEFAULT 5 NOT NULL; ALTER TABLE p ADD CONSTRAINT c CHECK (id > 0);
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER g AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f()", keeps: "SELECT (id, at, k) FROM p", ..CASE },
        Case { name: "type of a parent's column", both: P, target: "CREATE INDEX pk ON p (k)", source: "CREATE INDEX pk ON p (k); ALTER TABLE p ALTER k TYPE varchar(50); ALTER TABLE p ALTER id TYPE bigint", keeps: "SELECT (id, at, k) FROM p" },
        Case { name: "default and not null of the parent", both: P, source: "ALTER TABLE p ALTER k SET DEFAULT 'q'; ALTER TABLE p ALTER k SET NOT NULL", ..CASE },
        Case { name: "default of one partition", both: P, source: "ALTER TABLE p1 ALTER k SET DEFAULT 'q'", ..CASE },
        Case { name: "own index of a partition", both: P, source: "CREATE INDEX own ON p1 (k)", ..CASE },
        Case { name: "attached", both: P, target: "CREATE TABLE p2 (id int NOT NULL, at date NOT NULL, k text); INSERT INTO p2 VALUES (5, '2026-02-02', 'z')", source: "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')", keeps: "SELECT (id, at, k) FROM p2" },
        Case { name: "bounds", both: "CREATE TABLE p (id int, at date) PARTITION BY RANGE (at)", target: "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); INSERT INTO p VALUES (1, '2025-05-05')",
            source: "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2026-01-01')", keeps: "SELECT (id, at) FROM p" },
        Case { name: "partition in another schema", both: "CREATE SCHEMA o; CREATE TABLE p (id int) PARTITION BY LIST (id)", source: "CREATE TABLE o.p1 PARTITION OF p FOR VALUES IN (1)", ..CASE },
        Case { name: "foreign key from and to a partitioned table", both: "CREATE TABLE r (id int PRIMARY KEY)", source: "CREATE TABLE p (id int PRIMARY KEY, r int REFERENCES r) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE c (p int REFERENCES p)", ..CASE },
        Case { name: "new partition of a parent that gets a column", both: P, source: "ALTER TABLE p ADD z text; CREATE TABLE p2 PARTITION OF p DEFAULT", ..CASE },
    ])
    .await;
}

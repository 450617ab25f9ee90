//! A database and its own dump restored are equal: what PostgreSQL prints differently after a reload must not show.

use super::catalog::EVERYTHING;
use super::harness::{self, Database};
use lockstep::catalog::Catalog;
use lockstep::diff::diff;
use std::path::Path;
use tokio::process::Command;

async fn run(program: &Path, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().await.unwrap();
    assert!(output.status.success(), "{}: {}", program.display(), String::from_utf8_lossy(&output.stderr));
}

/// Dumps `db`, restores the dump into a fresh database and reads that.
async fn restored(db: &Database) -> Catalog {
    let (bin, copy) = (harness::bin().await, harness::database("copy").await);
    let file = harness::folder(copy.url().rsplit('/').next().unwrap());
    let archive = file.to_str().unwrap();
    run(&bin.join("pg_dump"), &["--format=custom", "--file", archive, "--dbname", db.url()]).await;
    run(&bin.join("pg_restore"), &["--exit-on-error", "--dbname", copy.url(), archive]).await;
    std::fs::remove_file(&file).unwrap();
    copy.catalog().await
}

async fn check(script: &str) {
    let db = harness::database("dumped").await;
    db.exec(script).await;
    let (before, after) = (db.catalog().await, restored(&db).await);
    if let Some(change) = diff(&before, &after).first() {
        let (before, after) = (before.objects.get(&change.id), after.objects.get(&change.id));
        panic!("{:?} {:?}\n{before:#?}\n{after:#?}", change.action, change.id);
    }
    assert_eq!(before.fingerprint(), after.fingerprint());
    assert_eq!(before.depends, after.depends);
    assert_eq!(before.not_compared, after.not_compared);
}

#[tokio::test]
async fn every_kind_with_every_attribute_survives_a_dump() {
    check(EVERYTHING).await;
}

#[tokio::test]
async fn expressions_that_print_differently_after_a_reload_are_equal() {
    check(
        "CREATE TABLE public.t (v varchar(10), c char(3), n int, i bigint, a varchar[],
           CHECK (v IN ('a', 'it''s', NULL)), CHECK (c IN ('a', 'b')), CHECK (v::text = ANY (ARRAY[v, a[1], upper(v)])),
           CHECK (v NOT IN ('x', '(ARRAY[')), CHECK (n BETWEEN 1 AND 3 AND i IN (1, 2) AND v LIKE 'a%' AND c SIMILAR TO 'b'),
           CHECK ((ARRAY[v, v])::text[] <@ ARRAY['a', 'b']::text[]), CHECK ((ARRAY[ARRAY[v], ARRAY['b'::varchar]])::text[] <> a::text[]),
           g text GENERATED ALWAYS AS (CASE WHEN v IN ('a', 'b') THEN 'x' ELSE 'y' END) STORED);
         CREATE INDEX i ON public.t (n) WHERE v IN ('a', 'b');
         CREATE VIEW public.v AS SELECT * FROM public.t WHERE v IN ('a', 'b') AND c NOT IN ('x', 'y');
         CREATE MATERIALIZED VIEW public.m AS SELECT v FROM public.v WHERE v = ANY (ARRAY['a'::varchar, 'b']);
         CREATE DOMAIN public.d AS varchar(5) CHECK (VALUE IN ('a', 'b'));
         CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER w BEFORE UPDATE ON public.t FOR EACH ROW WHEN (NEW.v IN ('a', 'b')) EXECUTE FUNCTION public.f();
         ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
         CREATE VIEW public.w AS SELECT n, sum(i) OVER (PARTITION BY v ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s
           FROM public.t WHERE n BETWEEN 1 AND 3 AND i NOT BETWEEN 5 AND 6 AND (n NOT BETWEEN 1 AND 2 OR i = 1 OR (n = 2 AND i = 3))
             AND EXISTS (SELECT FROM public.t x WHERE x.n BETWEEN t.n AND 2 AND x.v IN ('a', 'b')) AND ((n = 1 AND i = 1) AND n = 2);
         CREATE FUNCTION public.atomic(v varchar DEFAULT 'a') RETURNS boolean LANGUAGE sql RETURN v IN ('a', 'b') AND v BETWEEN 'a' AND 'b' AND true;
         CREATE POLICY p ON public.t USING (v IN ('a', 'b')) WITH CHECK (v NOT IN ('c', 'd'));",
    )
    .await;
}

#[tokio::test]
async fn partitions_and_children_survive_a_dump_whatever_their_names() {
    check(
        "CREATE TABLE public.p (id bigint, at timestamptz NOT NULL, k varchar(5) DEFAULT 'x' CHECK (k IN ('a', 'x')), PRIMARY KEY (id, at))
           PARTITION BY RANGE (at);
         CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM ('2025-01-01 00:00+02') TO (MAXVALUE);
         CREATE TABLE public.p0 (at timestamptz NOT NULL, gone int, k varchar(5) CHECK (k IN ('a', 'x')), id bigint, CONSTRAINT mine CHECK (id > 0));
         ALTER TABLE public.p0 DROP gone;
         ALTER TABLE public.p0 ADD CONSTRAINT p_k_check CHECK (k IN ('a', 'x'));
         ALTER TABLE public.p0 ADD CONSTRAINT own_key PRIMARY KEY (id, at);
         ALTER TABLE public.p ATTACH PARTITION public.p0 FOR VALUES FROM (MINVALUE) TO ('2025-01-01 00:00+02');
         CREATE INDEX later ON public.p (k);
         CREATE INDEX only_here ON ONLY public.p (at);
         CREATE TABLE public.r (id bigint, at timestamptz, FOREIGN KEY (id, at) REFERENCES public.p);
         CREATE TABLE public.h (id int, v int) PARTITION BY HASH (id);
         CREATE TABLE public.h0 PARTITION OF public.h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
         CREATE TABLE public.target (id int PRIMARY KEY);
         ALTER TABLE public.h ADD FOREIGN KEY (v) REFERENCES public.target;",
    )
    .await;
    check(
        "CREATE TABLE public.a (x int NOT NULL DEFAULT 1, CHECK (x > 0)); CREATE TABLE public.b (y int);
         CREATE TABLE public.c (x int, z int, CHECK (z > 0)) INHERITS (public.a, public.b);
         ALTER TABLE public.c ALTER x SET DEFAULT 5; CREATE TABLE public.d () INHERITS (public.c);
         ALTER TABLE ONLY public.a ADD CONSTRAINT alone CHECK (x < 9) NO INHERIT;",
    )
    .await;
}

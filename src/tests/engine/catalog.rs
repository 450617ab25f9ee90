//! Reading a catalog: every kind with every attribute, odd names, and what is named because it is not compared.

use super::harness::{self, Database};
use lockstep::catalog::{Catalog, Kind, ObjectId};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub const EVERYTHING: &str = include_str!("everything.sql");

/// What a catalog holds at `id`, as it is stored.
fn stored(catalog: &Catalog, kind: Kind, schema: &str, name: &str, part: &str) -> Value {
    let id = ObjectId { kind, schema: schema.into(), name: name.into(), part: part.into() };
    let object = catalog.objects.get(&id).unwrap_or_else(|| panic!("{id:?} is not among {:#?}", catalog.objects.keys()));
    serde_json::to_value(object).unwrap()
}

/// One part of an object and what it must be.
type Expected<'a> = (Kind, &'a str, &'a str, &'a str, Value);

fn check(catalog: &Catalog, expected: &[Expected<'_>]) {
    for (kind, name, part, pointer, value) in expected {
        let object = stored(catalog, *kind, if *kind == Kind::Schema { "" } else { "public" }, name, part);
        let found = object.pointer(pointer).unwrap_or_else(|| panic!("{name} {part} has no {pointer}: {object:#}"));
        assert_eq!(found, value, "{name} {part} {pointer}");
    }
}

/// The names of the objects of a kind, with their parts.
fn names(catalog: &Catalog, kind: Kind, name: &str) -> Vec<String> {
    let of = catalog.objects.keys().filter(|id| id.kind == kind && (name.is_empty() || id.name == name));
    of.map(|id| if id.part.is_empty() { id.name.clone() } else { id.part.clone() }).collect()
}

async fn with(script: &str) -> (Database, Catalog) {
    let db = harness::database("read").await;
    db.exec(script).await;
    let catalog = db.catalog().await;
    (db, catalog)
}

#[tokio::test]
async fn two_databases_made_by_the_same_script_are_equal() {
    let (one, two) = (with(EVERYTHING).await.1, with(EVERYTHING).await.1);
    assert!(one.objects.len() >= 60, "{} objects", one.objects.len());
    for (id, object) in &one.objects {
        assert_eq!(Some(object), two.objects.get(id), "{id:?}");
    }
    assert_eq!(one, two);
    assert_eq!(one.fingerprint(), two.fingerprint());
    assert_eq!(one.not_compared, [], "everything in the script is compared");
}

#[tokio::test]
async fn a_stored_catalog_is_read_back_as_it_was() {
    let catalog = with(EVERYTHING).await.1;
    let text = serde_json::to_string(&catalog).unwrap();
    let back: Catalog = serde_json::from_str(&text).unwrap();
    assert_eq!(back, Catalog { roles: BTreeSet::new(), tablespaces: BTreeSet::new(), ..catalog });
}

#[tokio::test]
async fn types_are_read_with_all_they_have() {
    use Kind::{Collation, Composite, Domain, Enum, Extension, Schema, Sequence};
    let catalog = with(EVERYTHING).await.1;
    let icu = stored(&catalog, Collation, "public", "german", "");
    assert_eq!((&icu["provider"], &icu["deterministic"]), (&json!("icu"), &json!(false)));
    assert!(icu["locale"].as_str().unwrap().starts_with("de-u-kn"), "{icu}");
    check(
        &catalog,
        &[
            (Schema, "public", "", "/comment", json!("where it all is")),
            (Schema, "Odd.Schema \"x\"", "", "/comment", json!("it's odd")),
            (Collation, "german", "", "/comment", json!("numbers as numbers")),
            (Enum, "status", "", "/labels", json!(["new", "it's open", "closed"])),
            (Domain, "positive", "", "/base_type", json!("integer")),
            (Domain, "positive", "", "/default", json!("1")),
            (Domain, "positive", "", "/not_null", json!(true)),
            (Domain, "positive", "", "/checks/0/comment", json!("zero is nothing")),
            (Domain, "positive", "", "/checks/1/definition", json!("CHECK ((VALUE < 1000000)) NOT VALID")),
            (Domain, "name", "", "/collation", json!({"schema": "pg_catalog", "name": "C"})),
            (Composite, "address", "", "/attributes/0/comment", json!("with its kind")),
            (Composite, "address", "", "/attributes/1/name", json!("Number")),
            (Composite, "address", "", "/attributes/2/type_name", json!("public.name")),
            (
                Sequence,
                "numbers",
                "",
                "/options",
                json!({"type_name": "smallint", "start": 10, "increment": -2, "min": -100,
            "max": 100, "cache": 5, "cycle": true}),
            ),
            (Sequence, "merchants_legacy_seq", "", "/owned_by/column", json!("legacy")),
        ],
    );
    assert_eq!(names(&catalog, Extension, ""), ["pg_trgm", "plpgsql"]);
    assert_eq!(
        names(&catalog, Sequence, ""),
        ["merchants_legacy_seq", "numbers"],
        "identity sequences are part of their columns"
    );
}

#[tokio::test]
async fn tables_are_read_with_all_they_have() {
    use Kind::{Constraint, Index, Table};
    let catalog = with(EVERYTHING).await.1;
    check(
        &catalog,
        &[
            (Table, "merchants", "", "/columns/0/identity/always", json!(true)),
            (Table, "merchants", "", "/columns/0/identity/sequence/increment", json!(5)),
            (Table, "merchants", "", "/columns/2/identity/always", json!(false)),
            (Table, "merchants", "", "/columns/3/type_name", json!("character varying(20)")),
            (Table, "merchants", "", "/columns/3/default", json!("public.next_code('m'::text)")),
            (Table, "merchants", "", "/columns/4/collation/name", json!("german")),
            (Table, "merchants", "", "/columns/4/comment", json!("as people say it")),
            (Table, "merchants", "", "/columns/6/type_name", json!("public.status[]")),
            (Table, "merchants", "", "/columns/10/generated", json!({"expression": "(amount * (2)::numeric)", "stored": true})),
            (Table, "merchants", "", "/columns/10/default", json!(null)),
            (Table, "merchants", "", "/columns/11/storage", json!("EXTERNAL")),
            (Table, "merchants", "", "/columns/11/compression", json!("pglz")),
            (Table, "merchants", "", "/columns/11/statistics", json!(500)),
            (
                Table,
                "merchants",
                "",
                "/options",
                json!(["autovacuum_enabled=false", "fillfactor=70", "toast.autovacuum_enabled=false"]),
            ),
            (Table, "merchants", "", "/replica_identity", json!("INDEX merchants_legacy_idx")),
            (Table, "merchants", "", "/clustered_on", json!("merchants_pkey")),
            (Table, "orders", "", "/unlogged", json!(true)),
            (Table, "lines", "", "/row_security", json!(true)),
            (Table, "lines", "", "/force_row_security", json!(true)),
            (Table, "events", "", "/partition_key", json!("RANGE (at)")),
            (Table, "events_2025", "", "/partition_of/bound", json!("FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')")),
            (Table, "events_2026", "", "/partition_key", json!("LIST (kind)")),
            (Table, "events_rest", "", "/partition_of/bound", json!("DEFAULT")),
            (Table, "birds", "", "/inherits", json!([{"schema": "public", "name": "animals"}])),
            (Table, "birds", "", "/columns/0/local", json!(false)),
            (
                Constraint,
                "merchants",
                "merchants_code_key",
                "/definition",
                json!("UNIQUE NULLS NOT DISTINCT (code) INCLUDE (name)"),
            ),
            (Constraint, "merchants", "later", "/validated", json!(false)),
            (Constraint, "merchants", "amount_positive", "/comment", json!("never owed")),
            (
                Constraint,
                "orders",
                "orders_pkey",
                "/definition",
                json!("PRIMARY KEY (merchant, \"Line \"\"No\"\"\") WITH (fillfactor='60') DEFERRABLE INITIALLY DEFERRED"),
            ),
            (
                Constraint,
                "lines",
                "lines_merchant_fkey",
                "/definition",
                json!(
                    "FOREIGN KEY (merchant) REFERENCES public.merchants(id) MATCH FULL \
            ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED"
                ),
            ),
            (
                Constraint,
                "lines",
                "lines_merchant_fkey",
                "/references",
                json!({"table": {"schema": "public", "name": "merchants"}, "columns": ["id"]}),
            ),
            (
                Constraint,
                "lines",
                "lines_parent_fkey",
                "/definition",
                json!("FOREIGN KEY (parent) REFERENCES public.lines(id) NOT VALID"),
            ),
            (
                Index,
                "events_kind_idx",
                "",
                "/definition",
                json!("CREATE INDEX events_kind_idx ON public.events USING btree (kind, at)"),
            ),
            (
                Index,
                "events ON ONLY idx",
                "",
                "/definition",
                json!("CREATE INDEX \"events ON ONLY idx\" ON public.events USING btree (id)"),
            ),
            (Index, "merchants_trgm", "", "/comment", json!("search")),
            (Index, "totals_status", "", "/table/name", json!("totals")),
        ],
    );
    for part in ["events_2025", "events_2026", "events_2026_a", "events_rest", "birds"] {
        assert_eq!(names(&catalog, Constraint, part), [""; 0], "{part} has what its parent has");
    }
    assert_eq!(names(&catalog, Constraint, "events"), ["events_pkey", "known"]);
    let indexes = names(&catalog, Index, "");
    assert!(!indexes.iter().any(|name| name.ends_with("_pkey") || name.contains("_kind_at")), "{indexes:?}");
    assert!(indexes.contains(&"events_2025_only".to_owned()), "{indexes:?}");
}

#[tokio::test]
async fn code_is_read_with_all_it_has() {
    use Kind::{Function, MaterializedView, Policy, Trigger, View};
    let catalog = with(EVERYTHING).await.1;
    check(
        &catalog,
        &[
            (View, "open_merchants", "", "/options", json!(["check_option=local", "security_barrier=true"])),
            (View, "open_merchants", "", "/columns/11/default", json!("'from the view'::text")),
            (View, "open_merchants", "", "/columns/13/comment", json!("small letters")),
            (MaterializedView, "totals", "", "/options", json!(["fillfactor=80"])),
            (MaterializedView, "totals", "", "/comment", json!("by status")),
            (Function, "next_code", "text, integer[]", "/comment", json!("a code")),
            (Function, "next_code", "integer", "/result", json!("integer")),
            (Function, "pairs", "", "/result", json!("SETOF record")),
            (Function, "total", "integer", "/function_type", json!("aggregate")),
            (Function, "work", "integer, integer", "/function_type", json!("procedure")),
            (Trigger, "merchants", "touch", "/function/name", json!("touched")),
            (Trigger, "merchants", "touch", "/comment", json!("keeps the time")),
            (Trigger, "lines", "many", "/enabled", json!("D")),
            (Trigger, "lines", "checked", "/enabled", json!("A")),
            (Policy, "lines", "own", "/command", json!("UPDATE")),
            (Policy, "lines", "own", "/permissive", json!(false)),
            (Policy, "lines", "own", "/roles", json!(["public"])),
            (Policy, "lines", "own", "/using", json!("(merchant > 0)")),
            (Policy, "lines", "own", "/comment", json!("one's own")),
        ],
    );
    let body = stored(&catalog, Function, "public", "next_code", "text, integer[]")["definition"].as_str().unwrap().to_owned();
    for part in ["STABLE", "STRICT", "PARALLEL SAFE", "COST 7", "SET search_path TO 'pg_catalog'", "VARIADIC rest"] {
        assert!(body.contains(part), "{part} in {body}");
    }
    assert_eq!(names(&catalog, Trigger, "events_2025"), [""; 0], "a partition's triggers are its parent's");
    assert_eq!(names(&catalog, Trigger, "names"), ["instead"]);
}

#[tokio::test]
async fn dependencies_lead_from_what_people_made_to_what_people_made() {
    let (_db, catalog) = with(EVERYTHING).await;
    let object = |kind, name: &str, part: &str| ObjectId { kind, schema: "public".into(), name: name.into(), part: part.into() };
    let column = |table: &str, column: &str| object(Kind::Column, table, column);
    let extension = ObjectId { kind: Kind::Extension, schema: String::new(), name: "pg_trgm".into(), part: String::new() };
    for (dependent, on) in [
        (object(Kind::View, "open_merchants", ""), column("merchants", "name")),
        (object(Kind::View, "names", ""), object(Kind::View, "open_merchants", "")),
        (object(Kind::MaterializedView, "totals", ""), column("merchants", "amount")),
        (column("merchants", "code"), object(Kind::Function, "next_code", "text, integer[]")),
        (column("merchants", "legacy"), object(Kind::Sequence, "merchants_legacy_seq", "")),
        (column("merchants", "statuses"), object(Kind::Enum, "status", "")),
        (column("merchants", "home"), object(Kind::Composite, "address", "")),
        (object(Kind::Composite, "address", ""), object(Kind::Domain, "name", "")),
        (object(Kind::Constraint, "lines", "lines_merchant_fkey"), object(Kind::Constraint, "merchants", "merchants_pkey")),
        (object(Kind::Index, "merchants_trgm", ""), extension),
        (object(Kind::Trigger, "merchants", "touch"), object(Kind::Function, "touched", "")),
        (object(Kind::Policy, "lines", "own"), column("merchants", "id")),
        (object(Kind::Table, "events_2025", ""), object(Kind::Table, "events", "")),
        (object(Kind::Table, "birds", ""), object(Kind::Table, "animals", "")),
    ] {
        let found = catalog.depends.iter().any(|edge| edge.dependent == dependent && edge.on == on);
        let of: Vec<_> = catalog.depends.iter().filter(|edge| edge.dependent == dependent).map(|edge| &edge.on).collect();
        assert!(found, "{dependent:?} on {on:?}, only {of:#?}");
    }
}

#[tokio::test]
async fn odd_names_are_read_as_they_are() {
    let long = "n".repeat(63);
    for name in ["a\"b", "a.b", "a b", "UPPER", "select", "é𝄞\u{202e}", "it's", "$1", "a\nb", "--", &long, " ", "a\\b", "public"]
    {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let script = format!(
            "CREATE SCHEMA s; CREATE TYPE s.{quoted} AS ENUM ('x'); CREATE TABLE s.t ({quoted} s.{quoted} CONSTRAINT {quoted} UNIQUE);
             ALTER TABLE s.t ALTER {quoted} SET DEFAULT 'x'; COMMENT ON COLUMN s.t.{quoted} IS 'c'"
        );
        let catalog = with(&script).await.1;
        stored(&catalog, Kind::Enum, "s", name, "");
        let table = stored(&catalog, Kind::Table, "s", "t", "");
        assert_eq!(table["columns"][0]["name"], json!(name));
        assert_eq!(table["columns"][0]["comment"], json!("c"));
        let unique = stored(&catalog, Kind::Constraint, "s", "t", name);
        assert_eq!(unique["columns"], json!([name]));
    }
}

#[tokio::test]
async fn the_order_of_columns_and_gaps_from_dropped_ones_do_not_show() {
    let plain = with("CREATE TABLE public.t (a int, b text NOT NULL, c numeric CHECK (c > 0))").await.1;
    let grown = "CREATE TABLE public.t (x int, c numeric CHECK (c > 0), y int, b text NOT NULL);
                 ALTER TABLE public.t DROP x, DROP y, ADD a int";
    let grown = with(grown).await.1;
    assert_eq!(plain.fingerprint(), grown.fingerprint());
}

#[tokio::test]
async fn lockstep_and_extensions_keep_their_own_objects_to_themselves() {
    let script = "CREATE SCHEMA lockstep; CREATE TABLE lockstep.ledger (id int PRIMARY KEY);
                  CREATE TABLE public.schema_versions (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, version text CHECK (version <> ''));
                  CREATE INDEX own ON public.schema_versions (version); COMMENT ON TABLE public.schema_versions IS 'x';
                  GRANT SELECT ON public.schema_versions TO PUBLIC";
    let (_db, catalog) = with(script).await;
    let empty = with("SELECT 1").await.1;
    assert_eq!(catalog.objects, empty.objects);
    assert_eq!(catalog.not_compared, empty.not_compared);
    let extended = with("CREATE EXTENSION pg_trgm; CREATE TEMP TABLE gone (id int PRIMARY KEY)").await.1;
    assert_eq!(extended.objects.len(), empty.objects.len() + 1);
    assert_eq!(extended.not_compared, []);
}

#[tokio::test]
async fn what_is_not_compared_is_named() {
    let catalog = with(include_str!("not_compared.sql")).await.1;
    let found: Vec<(&str, Vec<&str>)> =
        catalog.not_compared.iter().map(|rest| (rest.kind.as_str(), rest.names.iter().map(String::as_str).collect())).collect();
    let expected: Vec<(&str, Vec<&str>)> = vec![
        ("default privileges", vec!["of postgres for tables in all schemas", "of postgres for tables in schema public"]),
        ("large objects", vec!["1 of them"]),
        ("operators without a function", vec!["public.!=="]),
        ("privileges", vec!["public", "public.f(integer)", "public.mood", "public.t"]),
        ("range types with a canonical function", vec!["public.turn"]),
        ("shell types", vec!["public.shell"]),
        ("subscriptions", vec!["readers"]),
        ("user mappings", vec!["far for public"]),
    ];
    assert_eq!(found, expected);
}

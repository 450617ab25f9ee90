//! Random pairs of schemas: each object has a state on either side, most of the time the same. The plan must take one side to the other and
//! back, or say what it refuses. A failure is shrunk to the few objects that matter and shown as the two scripts.

use super::{Made, apply, made, one_way};
use crate::harness::{self, Database};
use lockstep::diff;
use lockstep::engine::target::checks;
use lockstep::promotion::CheckResult;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use sqlx::Connection;

/// The state on one side and, where it differs, on the other.
type Sides<T> = (T, Option<T>);

#[derive(Debug, Clone)]
struct Column {
    type_name: &'static str,
    not_null: bool,
    default: bool,
    kind: ColumnKind,
    comment: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum ColumnKind {
    Plain,
    Identity,
    Serial,
    Generated,
    Called,
}

#[derive(Debug, Clone)]
struct Traits {
    key: bool,
    unlogged: bool,
    partitioned: bool,
    secured: bool,
    comment: bool,
}

#[derive(Debug, Clone)]
struct Table {
    there: Sides<bool>,
    traits: Sides<Traits>,
    columns: Vec<Sides<Option<Column>>>,
}

/// Parts of the table of the same number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    None,
    Unique(usize),
    NotEmpty(usize),
    Positive,
    Reference(usize),
    Index(usize),
    Partial(usize),
    Expression,
    Trigger,
    Policy,
}

#[derive(Debug, Clone)]
struct Schema {
    enums: Vec<Sides<Option<Vec<&'static str>>>>,
    domain: Sides<Option<u8>>,
    sequence: Sides<Option<u8>>,
    function: Sides<Option<u8>>,
    tables: Vec<Table>,
    parts: Vec<Sides<Part>>,
    views: Vec<Sides<Option<usize>>>,
}

const TABLES: [&str; 4] = [r#"public.plain"#, r#"public."Odd ""name""""#, r#""other s".select"#, "public.таблица"];
const COLUMNS: [&str; 4] = ["a", r#""B c""#, r#""order""#, "d"];
const TYPES: [&str; 14] = [
    "integer",
    "bigint",
    "text",
    "varchar(20)",
    "numeric(10,2)",
    "boolean",
    "timestamptz",
    "date",
    "jsonb",
    "uuid",
    "text[]",
    "public.e0",
    "public.\"E 1\"",
    "public.dom",
];
const ENUMS: [&str; 2] = ["public.e0", "public.\"E 1\""];
const PARTS_EACH: usize = 3;

fn sides<T: Clone + std::fmt::Debug>(of: impl Strategy<Value = T> + Clone) -> impl Strategy<Value = Sides<T>> {
    (of.clone(), prop::option::weighted(0.35, of))
}

fn column() -> impl Strategy<Value = Option<Column>> + Clone {
    use ColumnKind::{Called, Generated, Identity, Plain, Serial};
    let kind = prop_oneof![6 => Just(Plain), 1 => Just(Identity), 1 => Just(Serial), 1 => Just(Generated), 1 => Just(Called)];
    let column = (select(&TYPES[..]), any::<bool>(), any::<bool>(), kind, prop::bool::weighted(0.2))
        .prop_map(|(type_name, not_null, default, kind, comment)| Column { type_name, not_null, default, kind, comment });
    prop::option::weighted(0.75, column)
}

fn traits() -> impl Strategy<Value = Traits> + Clone {
    let rarely = || prop::bool::weighted(0.15);
    (prop::bool::weighted(0.8), rarely(), rarely(), rarely(), rarely())
        .prop_map(|(key, unlogged, partitioned, secured, comment)| Traits { key, unlogged, partitioned, secured, comment })
}

fn table() -> impl Strategy<Value = Table> {
    let columns = prop::collection::vec(sides(column()), COLUMNS.len());
    (sides(prop::bool::weighted(0.85)), sides(traits()), columns).prop_map(|(there, traits, columns)| Table {
        there,
        traits,
        columns,
    })
}

fn part() -> impl Strategy<Value = Part> + Clone {
    let any_column = 0..COLUMNS.len();
    prop_oneof![
        4 => Just(Part::None),
        1 => any_column.clone().prop_map(Part::Unique),
        1 => any_column.clone().prop_map(Part::NotEmpty),
        1 => Just(Part::Positive),
        2 => (0..TABLES.len()).prop_map(Part::Reference),
        1 => any_column.clone().prop_map(Part::Index),
        1 => any_column.prop_map(Part::Partial),
        1 => Just(Part::Expression),
        1 => Just(Part::Trigger),
        1 => Just(Part::Policy),
    ]
}

fn schema() -> impl Strategy<Value = Schema> {
    let labels = prop::sample::subsequence(vec!["a", "b'", "c", "D d"], 1..=4).prop_shuffle();
    let enums = prop::collection::vec(sides(prop::option::weighted(0.8, labels)), ENUMS.len());
    let state = || sides(prop::option::weighted(0.7, 0..3_u8));
    let views = prop::collection::vec(sides(prop::option::weighted(0.6, 0..TABLES.len())), 3);
    let parts = prop::collection::vec(sides(part()), TABLES.len() * PARTS_EACH);
    let tables = prop::collection::vec(table(), TABLES.len());
    (enums, state(), state(), state(), tables, parts, views).prop_map(
        |(enums, domain, sequence, function, tables, parts, views)| Schema {
            enums,
            domain,
            sequence,
            function,
            tables,
            parts,
            views,
        },
    )
}

/// One side of the pair.
#[derive(Clone, Copy)]
struct Side(bool);

impl Side {
    fn of<T>(self, states: &Sides<T>) -> &T {
        match &states.1 {
            Some(other) if self.0 => other,
            _ => &states.0,
        }
    }

    fn type_name(self, schema: &Schema, column: &Column) -> &'static str {
        let there = match column.type_name {
            "public.dom" => self.of(&schema.domain).is_some(),
            name => ENUMS.iter().zip(&schema.enums).all(|(known, state)| *known != name || self.of(state).is_some()),
        };
        if there { column.type_name } else { "text" }
    }

    fn columns(self, schema: &Schema, at: usize) -> Vec<(&'static str, &Column)> {
        let states = COLUMNS.iter().zip(&schema.tables[at].columns);
        states.filter_map(|(name, state)| Some((*name, self.of(state).as_ref()?))).collect()
    }

    fn there(self, schema: &Schema, at: usize) -> bool {
        *self.of(&schema.tables[at].there)
    }

    fn script(self, schema: &Schema) -> String {
        let mut sql = vec!["CREATE SCHEMA \"other s\"".to_owned()];
        for (name, state) in ENUMS.iter().zip(&schema.enums) {
            if let Some(labels) = self.of(state) {
                let labels: Vec<String> = labels.iter().map(|label| format!("'{}'", label.replace('\'', "''"))).collect();
                sql.push(format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", ")));
            }
        }
        if let Some(state) = self.of(&schema.domain) {
            let base = ["text", "varchar(20)", "text NOT NULL"][usize::from(*state)];
            sql.push(format!("CREATE DOMAIN public.dom AS {base} CONSTRAINT long CHECK (length(VALUE::text) < 1{state}0)"));
        }
        if let Some(state) = self.of(&schema.sequence) {
            sql.push(format!("CREATE SEQUENCE public.counter AS bigint INCREMENT BY {} CACHE {}", state + 1, state * 2 + 1));
        }
        if let Some(state) = self.of(&schema.function) {
            let result = ["integer", "integer", "bigint"][usize::from(*state)];
            sql.push(format!("CREATE FUNCTION public.called(x integer DEFAULT {state}) RETURNS {result} LANGUAGE sql STABLE AS $$ SELECT x + {state} $$"));
        }
        sql.push("CREATE FUNCTION public.fired() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$".to_owned());
        for at in 0..TABLES.len() {
            if self.there(schema, at) {
                sql.extend(self.table(schema, at));
            }
        }
        for (place, part) in schema.parts.iter().enumerate() {
            sql.extend(self.part(schema, place, *self.of(part)));
        }
        sql.extend(self.views(schema));
        sql.join(";\n")
    }

    fn table(self, schema: &Schema, at: usize) -> Vec<String> {
        let (name, traits) = (TABLES[at], self.of(&schema.tables[at].traits));
        let mut lines = vec![format!("id integer{}", if traits.key { " PRIMARY KEY" } else { "" })];
        let mut after = Vec::new();
        for (column, state) in self.columns(schema, at) {
            lines.push(self.column(schema, column, state));
            if state.comment {
                after.push(format!("COMMENT ON COLUMN {name}.{column} IS 'it''s {column}'"));
            }
        }
        let unlogged = if traits.unlogged && !traits.partitioned { "UNLOGGED " } else { "" };
        let partitioned = if traits.partitioned { " PARTITION BY RANGE (id)" } else { "" };
        let mut sql = vec![format!("CREATE {unlogged}TABLE {name} (\n  {}\n){partitioned}", lines.join(",\n  "))];
        if traits.partitioned {
            sql.push(format!("CREATE TABLE public.low_{at} PARTITION OF {name} FOR VALUES FROM (0) TO (100)"));
            sql.push(format!("CREATE TABLE public.rest_{at} PARTITION OF {name} DEFAULT"));
        }
        if traits.secured {
            sql.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
        }
        if traits.comment {
            sql.push(format!("COMMENT ON TABLE {name} IS 'a table;\nwith -- signs'"));
        }
        sql.extend(after);
        sql
    }

    fn column(self, schema: &Schema, name: &str, column: &Column) -> String {
        let type_name = self.type_name(schema, column);
        let required = if column.not_null { " NOT NULL" } else { "" };
        match column.kind {
            ColumnKind::Identity => format!("{name} bigint GENERATED BY DEFAULT AS IDENTITY (START 7)"),
            ColumnKind::Serial => format!("{name} serial"),
            ColumnKind::Generated => format!("{name} text GENERATED ALWAYS AS (id::text || 'x') STORED"),
            ColumnKind::Called if self.of(&schema.function).is_some() => {
                format!("{name} bigint DEFAULT public.called(){required}")
            }
            ColumnKind::Called if self.of(&schema.sequence).is_some() => {
                format!("{name} bigint DEFAULT nextval('public.counter'){required}")
            }
            ColumnKind::Plain | ColumnKind::Called => {
                let default = if column.default { self.default(schema, type_name) } else { String::new() };
                format!("{name} {type_name}{default}{required}")
            }
        }
    }

    fn default(self, schema: &Schema, type_name: &str) -> String {
        let value = match type_name {
            "integer" | "bigint" | "numeric(10,2)" => "7".to_owned(),
            "boolean" => "true".to_owned(),
            "timestamptz" | "date" => "now()".to_owned(),
            "jsonb" => "'{}'".to_owned(),
            "uuid" => "gen_random_uuid()".to_owned(),
            "text[]" => "'{}'".to_owned(),
            name => match ENUMS.iter().zip(&schema.enums).find(|(known, _)| **known == name) {
                Some((_, state)) => format!("'{}'", self.of(state).as_ref().map_or("", |labels| labels[0]).replace('\'', "''")),
                None => "'x'".to_owned(),
            },
        };
        format!(" DEFAULT {value}")
    }

    /// A few rows for each table, one statement each: a rule of the schema may refuse some of them.
    fn rows(self, schema: &Schema) -> Vec<String> {
        let mut sql = Vec::new();
        for (at, row) in
            (0..TABLES.len()).flat_map(|at| (1..4).map(move |row| (at, row))).filter(|(at, _)| self.there(schema, *at))
        {
            let given = self.columns(schema, at).into_iter().filter(|(_, column)| column.kind == ColumnKind::Plain);
            let (mut names, mut values) = (vec!["id".to_owned()], vec![row.to_string()]);
            for (name, column) in given {
                let value = self.value(schema, self.type_name(schema, column), row);
                names.push(name.to_owned());
                values.push(if row == 3 && !column.not_null { "NULL".to_owned() } else { value });
            }
            sql.push(format!("INSERT INTO {} ({}) VALUES ({})", TABLES[at], names.join(", "), values.join(", ")));
        }
        sql
    }

    fn value(self, schema: &Schema, type_name: &str, row: i32) -> String {
        match type_name {
            "integer" | "bigint" => (row * 40_000).to_string(),
            "numeric(10,2)" => format!("{row}.25"),
            "boolean" => (row > 1).to_string(),
            "timestamptz" | "date" => format!("'2025-0{row}-01'"),
            "jsonb" => format!("'{{\"n\": {row}}}'"),
            "uuid" => format!("'00000000-0000-0000-0000-00000000000{row}'"),
            "text[]" => format!("'{{a,{row}}}'"),
            name => match ENUMS.iter().zip(&schema.enums).find(|(known, _)| **known == name) {
                Some((_, state)) => {
                    let labels = self.of(state).as_ref().map_or(&[][..], Vec::as_slice);
                    let label = labels.get(row as usize % labels.len().max(1)).unwrap_or(&"");
                    format!("'{}'", label.replace('\'', "''"))
                }
                None => format!("'text {row}'"),
            },
        }
    }

    fn part(self, schema: &Schema, place: usize, part: Part) -> Option<String> {
        let at = place / PARTS_EACH;
        if !self.there(schema, at) {
            return None;
        }
        let (name, traits) = (TABLES[at], self.of(&schema.tables[at].traits));
        let column = |number: usize| {
            let (name, state) = self.columns(schema, at).into_iter().find(|(name, _)| *name == COLUMNS[number])?;
            let json = state.kind == ColumnKind::Plain && state.type_name == "jsonb";
            (!json).then_some(name)
        };
        match part {
            Part::None => None,
            Part::Unique(_) if traits.partitioned => Some(format!("ALTER TABLE {name} ADD CONSTRAINT part_{place} UNIQUE (id)")),
            Part::Unique(number) => Some(format!("ALTER TABLE {name} ADD CONSTRAINT part_{place} UNIQUE ({})", column(number)?)),
            Part::NotEmpty(number) => {
                let column = column(number)?;
                Some(format!("ALTER TABLE {name} ADD CONSTRAINT part_{place} CHECK ({column}::text <> '')"))
            }
            Part::Positive => Some(format!("ALTER TABLE {name} ADD CONSTRAINT part_{place} CHECK (id > 0)")),
            Part::Reference(to) => {
                let reachable = self.there(schema, to) && self.of(&schema.tables[to].traits).key;
                let lasting = |table: usize| {
                    !self.of(&schema.tables[table].traits).unlogged || self.of(&schema.tables[table].traits).partitioned
                };
                let allowed = reachable && (lasting(to) || !lasting(at));
                allowed.then(|| {
                    format!("ALTER TABLE {name} ADD CONSTRAINT part_{place} FOREIGN KEY (id) REFERENCES {} (id)", TABLES[to])
                })
            }
            Part::Index(number) => Some(format!("CREATE INDEX part_{place} ON {name} ({} DESC)", column(number)?)),
            Part::Partial(number) => {
                Some(format!("CREATE INDEX part_{place} ON {name} (id) WHERE {} IS NOT NULL", column(number)?))
            }
            Part::Expression => Some(format!("CREATE INDEX part_{place} ON {name} ((id + 1))")),
            Part::Trigger => {
                Some(format!("CREATE TRIGGER part_{place} BEFORE INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION public.fired()"))
            }
            Part::Policy => Some(format!("CREATE POLICY part_{place} ON {name} USING (id > {place})")),
        }
    }

    /// Each over a table and, from the second on, over the view before it where that is there.
    fn views(self, schema: &Schema) -> Vec<String> {
        let mut sql = Vec::new();
        let mut before: Option<usize> = None;
        for (place, state) in schema.views.iter().enumerate() {
            let Some(at) = *self.of(state) else { continue };
            if !self.there(schema, at) {
                continue;
            }
            let columns: Vec<String> = self.columns(schema, at).iter().map(|(name, _)| format!("t.{name}")).collect();
            let list = std::iter::once("t.id".to_owned()).chain(columns).collect::<Vec<_>>().join(", ");
            let join = before.map(|other| format!(" JOIN public.view_{other} AS v ON v.id = t.id")).unwrap_or_default();
            sql.push(format!("CREATE VIEW public.view_{place} AS SELECT {list} FROM {} AS t{join}", TABLES[at]));
            before = Some(place);
        }
        sql
    }
}

async fn holds(schema: &Schema) -> Result<(), String> {
    let scripts = [Side(false).script(schema), Side(true).script(schema)];
    if scripts[0] == scripts[1] {
        return Ok(());
    }
    let (target, source) = (harness::empty_database().await, harness::empty_database().await);
    target.exec(&scripts[0]).await;
    source.exec(&scripts[1]).await;
    let (old, new) = (target.catalog().await, source.catalog().await);
    let mut done = Ok(());
    if !diff::diff(&new, &old).is_empty() {
        for (database, before, wanted) in [(&target, &old, &new), (&source, &new, &old)] {
            if matches!(made(wanted, before), Made::Refused(_)) {
                continue;
            }
            done = done.and(one_way(database, before, wanted, apply).await);
        }
    }
    harness::give_back(target);
    harness::give_back(source);
    done.map_err(|problem| format!("{problem}\n\n== one side\n{}\n\n== the other\n{}", scripts[0], scripts[1]))
}

/// The values of all columns that both sides have, of tables that both sides have, as texts.
fn kept(schema: &Schema) -> String {
    let both = |at: &usize| Side(false).there(schema, *at) && Side(true).there(schema, *at);
    let tables = (0..TABLES.len()).filter(both).map(|at| {
        let here = Side(false).columns(schema, at);
        let stays = |(name, column): &(&str, &Column)| {
            let there = Side(true).columns(schema, at).into_iter().find(|(other, _)| other == name);
            there.is_some_and(|(_, other)| {
                let types = (Side(false).type_name(schema, column), Side(true).type_name(schema, other));
                column.kind == ColumnKind::Plain && other.kind == ColumnKind::Plain && types.0 == types.1
            })
        };
        let columns: Vec<String> = here.into_iter().filter(stays).map(|(name, _)| format!("{name}::text")).collect();
        let row = std::iter::once("id::text".to_owned()).chain(columns).collect::<Vec<_>>().join(", ");
        format!("SELECT '{at}' || ROW({row})::text AS x FROM {}", TABLES[at])
    });
    let all: Vec<String> = tables.collect();
    if all.is_empty() {
        "SELECT 1".to_owned()
    } else {
        format!("SELECT x FROM ({}) AS q ORDER BY x COLLATE \"C\"", all.join(" UNION ALL "))
    }
}

/// What the checks let through applies, and keeps every row.
async fn keeps_rows(schema: &Schema) -> Result<(), String> {
    let scripts = [Side(false).script(schema), Side(true).script(schema)];
    let (target, source) = (harness::empty_database().await, harness::empty_database().await);
    target.exec(&scripts[0]).await;
    source.exec(&scripts[1]).await;
    let rows = Side(false).rows(schema);
    for row in &rows {
        // What breaks a rule of the schema is not there, and nobody misses it.
        let _ = target.try_exec(row).await;
    }
    let done = promoted(&target, &source, &kept(schema)).await;
    harness::give_back(target);
    harness::give_back(source);
    done.map_err(|problem| {
        format!("{problem}\n\n== one side\n{};\n{}\n\n== the other\n{}", scripts[0], rows.join(";\n"), scripts[1])
    })
}

async fn promoted(target: &Database, source: &Database, kept: &str) -> Result<(), String> {
    let (old, new) = (target.catalog().await, source.catalog().await);
    let Made::Plan(plan) = made(&new, &old) else { return Ok(()) };
    let mut session = target.connect().await;
    let mut transaction = session.begin().await.map_err(|error| error.to_string())?;
    let answers = checks::run(&mut transaction, &plan.checks, 60_000).await.map_err(|problem| problem.to_string())?;
    transaction.rollback().await.map_err(|error| error.to_string())?;
    // What only PostgreSQL itself can tell, as the target does not know a new type yet, is said to be unknown.
    if plan.is_empty() || !answers.iter().all(CheckResult::holds) {
        return Ok(());
    }
    let before = target.column(kept).await;
    one_way(target, &old, &new, apply).await?;
    let after = target.column(kept).await;
    if before == after { Ok(()) } else { Err(format!("{before:?} became {after:?}")) }
}

/// How many pairs each of the tests draws.
fn cases() -> u32 {
    std::env::var("LOCKSTEP_RANDOM_PAIRS").ok().and_then(|count| count.parse().ok()).unwrap_or(70)
}

fn pairs_from(seed: u8, holds: impl AsyncFn(&Schema) -> Result<(), String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config { cases: cases(), max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    // The same pairs on every machine: a failure is there again tomorrow.
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let found = runner.run(&schema(), |schema| runtime.block_on(holds(&schema)).map_err(TestCaseError::fail));
    match found {
        // Without the generator's value: the scripts say what it is.
        Err(TestError::Fail(why, _)) => panic!("{why}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
        Ok(()) => {}
    }
}

#[test]
fn random_pairs_reach_each_other() {
    pairs_from(1, holds);
}

#[test]
fn other_random_pairs_reach_each_other() {
    pairs_from(2, holds);
}

#[test]
fn rows_survive_whatever_the_checks_let_through() {
    pairs_from(3, keeps_rows);
}

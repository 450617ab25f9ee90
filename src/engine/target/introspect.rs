//! Reads a catalog from `pg_catalog`: one query for each kind, each row an object as JSON in the form that the catalog stores.

use super::connect::{self, TargetUrl};
use crate::catalog::{Catalog, Dependency, Kind, NotCompared, Object, ObjectId, Scope, normalise};
use crate::engine::{Result, sql_error};
use crate::problem::{Problem, ProblemKind};
use futures::TryStreamExt;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::{BTreeSet, HashMap};

/// The system catalogs whose rows can depend on each other. PostgreSQL numbers them by hand, the same in every version.
const PG_NAMESPACE: i64 = 2615;
const PG_EXTENSION: i64 = 3079;
const PG_COLLATION: i64 = 3456;
const PG_TYPE: i64 = 1247;
const PG_CLASS: i64 = 1259;
const PG_CONSTRAINT: i64 = 2606;
const PG_PROC: i64 = 1255;
const PG_TRIGGER: i64 = 2620;
const PG_POLICY: i64 = 3256;
const PG_REWRITE: i64 = 2618;
const PG_EVENT_TRIGGER: i64 = 3466;
const PG_STATISTIC_EXT: i64 = 3381;
const PG_PUBLICATION: i64 = 6104;
const PG_FOREIGN_DATA_WRAPPER: i64 = 2328;
const PG_FOREIGN_SERVER: i64 = 1417;
const PG_OPERATOR: i64 = 2617;
const PG_OPCLASS: i64 = 2616;
const PG_OPFAMILY: i64 = 2753;
const PG_CAST: i64 = 2605;
const PG_CONVERSION: i64 = 2607;
const PG_TS_PARSER: i64 = 3601;
const PG_TS_TEMPLATE: i64 = 3764;
const PG_TS_DICT: i64 = 3600;
const PG_TS_CONFIG: i64 = 3602;
const PG_TRANSFORM: i64 = 3576;
const PG_LANGUAGE: i64 = 2612;

/// Privileges are no rows of their own: nothing depends on them.
const PRIVILEGES: i64 = 0;

/// The system catalog whose rows a query reads (with `oid` it is a dependency's end), and the query.
const KINDS: &[(i64, &str)] = &[
    (PG_NAMESPACE, include_str!("queries/schemas.sql")),
    (PG_EXTENSION, include_str!("queries/extensions.sql")),
    (PG_TYPE, include_str!("queries/types.sql")),
    (PG_CLASS, include_str!("queries/sequences.sql")),
    (PG_CLASS, include_str!("queries/tables.sql")),
    (PG_CONSTRAINT, include_str!("queries/constraints.sql")),
    (PG_CLASS, include_str!("queries/indexes.sql")),
    (PG_CLASS, include_str!("queries/views.sql")),
    (PG_PROC, include_str!("queries/functions.sql")),
];

/// Kinds that most databases have none of, with where to look first: asked only when there is something.
const RARE: &[(i64, &str, &str)] = &[
    (PG_COLLATION, include_str!("queries/collations.sql"), "pg_collation WHERE oid >= 16384"),
    (PG_TRIGGER, include_str!("queries/triggers.sql"), "pg_trigger WHERE oid >= 16384"),
    (PG_POLICY, include_str!("queries/policies.sql"), "pg_policy WHERE oid >= 16384"),
    (PG_TYPE, include_str!("queries/ranges.sql"), "pg_range WHERE rngtypid >= 16384"),
    (PG_TYPE, include_str!("queries/base_types.sql"), "pg_type WHERE typtype = 'b' AND typinput >= 16384"),
    (PG_REWRITE, include_str!("queries/rules.sql"), "pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN'"),
    (PG_EVENT_TRIGGER, include_str!("queries/event_triggers.sql"), "pg_event_trigger WHERE oid >= 16384"),
    (PG_STATISTIC_EXT, include_str!("queries/statistics.sql"), "pg_statistic_ext WHERE oid >= 16384"),
    (PG_PUBLICATION, include_str!("queries/publications.sql"), "pg_publication WHERE oid >= 16384"),
    (PG_FOREIGN_DATA_WRAPPER, include_str!("queries/foreign_data_wrappers.sql"), "pg_foreign_data_wrapper WHERE oid >= 16384"),
    (PG_FOREIGN_SERVER, include_str!("queries/foreign_servers.sql"), "pg_foreign_server WHERE oid >= 16384"),
    (PG_CLASS, include_str!("queries/foreign_tables.sql"), "pg_foreign_table"),
    (PG_OPERATOR, include_str!("queries/operators.sql"), "pg_operator WHERE oid >= 16384"),
    (PG_OPFAMILY, include_str!("queries/operator_families.sql"), "pg_opfamily WHERE oid >= 16384"),
    (PG_OPCLASS, include_str!("queries/operator_classes.sql"), "pg_opclass WHERE oid >= 16384"),
    (PG_CAST, include_str!("queries/casts.sql"), "pg_cast WHERE oid >= 16384"),
    (PG_CONVERSION, include_str!("queries/conversions.sql"), "pg_conversion WHERE oid >= 16384"),
    (PG_TS_PARSER, include_str!("queries/text_search_parsers.sql"), "pg_ts_parser WHERE oid >= 16384"),
    (PG_TS_TEMPLATE, include_str!("queries/text_search_templates.sql"), "pg_ts_template WHERE oid >= 16384"),
    (PG_TS_DICT, include_str!("queries/text_search_dictionaries.sql"), "pg_ts_dict WHERE oid >= 16384"),
    (PG_TS_CONFIG, include_str!("queries/text_search_configurations.sql"), "pg_ts_config WHERE oid >= 16384"),
    (PG_TRANSFORM, include_str!("queries/transforms.sql"), "pg_transform WHERE oid >= 16384"),
    (PG_LANGUAGE, include_str!("queries/languages.sql"), "pg_language WHERE oid >= 16384"),
];

/// Asked only when they are compared.
const RIGHTS: &[&str] = &[include_str!("queries/privileges.sql"), include_str!("queries/default_privileges.sql")];

/// How often a read begins again before it gives up on a schema that keeps changing.
const ATTEMPTS: u32 = 10;

#[derive(sqlx::FromRow)]
struct Found {
    oid: i64,
    kind: Json<Kind>,
    schema: String,
    name: String,
    part: String,
    object: Json<Object>,
}

/// One row of `pg_depend`: catalog, row and column of both ends.
#[derive(sqlx::FromRow)]
struct Edge(i64, i64, Option<String>, i64, i64, Option<String>);

/// Reads everything that is compared, and names everything that is not. Call it inside a `connect::snapshot`.
///
/// PostgreSQL prints definitions (`pg_get_*`) as they are now, whatever the snapshot: a change that commits meanwhile is either
/// refused here, or seen by comparing `mark` in the snapshot with `mark` after it.
pub async fn read(conn: &mut PgConnection, scope: Scope) -> Result<Catalog> {
    let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::int4")
        .fetch_one(&mut *conn)
        .await
        .map_err(unreadable)?;
    let mut catalog = Catalog { server_version: version.unsigned_abs(), ..Catalog::default() };
    let mut known: HashMap<(i64, i64), ObjectId> = HashMap::new();
    let mut wanted = KINDS.to_vec();
    wanted.extend(rare(conn).await?);
    if scope.privileges {
        wanted.extend(RIGHTS.iter().map(|query| (PRIVILEGES, *query)));
    }
    // Trees that are made from a list are dense, and those of many thousand tables are large.
    let (mut objects, mut depends) = (Vec::new(), Vec::new());
    for (class, query) in wanted {
        let rows: Vec<Found> = sqlx::query_as(query).fetch_all(&mut *conn).await.map_err(unreadable)?;
        for row in rows {
            let id = ObjectId { kind: row.kind.0, schema: row.schema, name: row.name, part: row.part };
            known.insert((class, row.oid), id.clone());
            objects.push((id, normalise::object(row.object.0)));
        }
    }
    // The most numerous rows: one at a time.
    let mut edges = sqlx::query_as(include_str!("queries/depends.sql")).fetch(&mut *conn);
    while let Some(edge) = edges.try_next().await.map_err(unreadable)? {
        depends.extend(dependency(&known, edge));
    }
    drop((edges, known));
    catalog.objects = objects.into_iter().collect();
    catalog.depends = depends.into_iter().collect();
    let rest: Vec<(String, Vec<String>)> =
        sqlx::query_as(include_str!("queries/not_compared.sql")).fetch_all(&mut *conn).await.map_err(unreadable)?;
    catalog.not_compared = rest.into_iter().map(|(kind, names)| NotCompared { kind, names }).collect();
    catalog.roles = names(conn, "SELECT rolname::text FROM pg_roles").await?;
    catalog.tablespaces = names(conn, "SELECT spcname::text FROM pg_tablespace").await?;
    catalog.keep(scope);
    Ok(catalog.without_bookkeeping())
}

async fn names(conn: &mut PgConnection, query: &'static str) -> Result<BTreeSet<String>> {
    let names: Vec<String> = sqlx::query_scalar(query).fetch_all(conn).await.map_err(unreadable)?;
    Ok(names.into_iter().collect())
}

/// Which of the rare kinds there are.
async fn rare(conn: &mut PgConnection) -> Result<Vec<(i64, &'static str)>> {
    let questions: Vec<String> = RARE.iter().map(|(_, _, place)| format!("EXISTS (SELECT FROM {place})")).collect();
    let there: Vec<bool> = sqlx::query_scalar(AssertSqlSafe(format!("SELECT ARRAY[{}]", questions.join(", "))))
        .fetch_one(conn)
        .await
        .map_err(unreadable)?;
    Ok(RARE.iter().zip(there).filter(|(_, there)| *there).map(|((class, query, _), _)| (*class, *query)).collect())
}

/// The queries of a read, so that they can be measured bare.
pub fn queries() -> impl Iterator<Item = &'static str> {
    let rest = [include_str!("queries/depends.sql"), include_str!("queries/not_compared.sql")];
    KINDS.iter().map(|(_, query)| *query).chain(RARE.iter().map(|(_, query, _)| *query)).chain(rest)
}

/// A text that changes when a transaction that changed any definition commits.
pub async fn mark(conn: &mut PgConnection) -> Result<String> {
    sqlx::query_scalar(include_str!("queries/mark.sql")).fetch_one(conn).await.map_err(unreadable)
}

/// Opens a session, reads the catalog as of one moment and closes the session. Begins again when the schema changed meanwhile.
pub async fn read_at(target: &TargetUrl, scope: Scope) -> Result<Catalog> {
    let mut conn = connect::open(target, "lockstep:read").await?;
    let mut outcome = read_steadily(&mut conn, scope).await;
    for _ in 1..ATTEMPTS {
        if !outcome.as_ref().is_err_and(|problem| problem.kind == ProblemKind::Conflict) {
            break;
        }
        outcome = read_steadily(&mut conn, scope).await;
    }
    connect::close(conn).await;
    outcome
}

async fn read_steadily(conn: &mut PgConnection, scope: Scope) -> Result<Catalog> {
    let mut snapshot = connect::snapshot(conn).await?;
    let before = mark(&mut snapshot).await?;
    let catalog = read(&mut snapshot, scope).await;
    snapshot.rollback().await.map_err(unreadable)?;
    match mark(conn).await? == before {
        true => catalog,
        false => Err(changed()),
    }
}

fn changed() -> Problem {
    Problem::new(ProblemKind::Conflict, "The schema was changed while it was read.")
        .because("Another session changed definitions at the same moment.")
        .way_out("Try again when nobody changes the schema.")
}

fn unreadable(error: sqlx::Error) -> Problem {
    match is_gone(&error) {
        true => changed(),
        false => sql_error::problem("The schema could not be read.", &error),
    }
}

/// PostgreSQL's answers when a definition that the snapshot shows is gone by now: an internal error, or nothing in place of the text.
fn is_gone(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::ColumnDecode { source, .. } => source.to_string().starts_with("invalid type: null"),
        error => sql_error::code(error).as_deref() == Some("XX000"),
    }
}

/// None when either end is not part of the catalog, or both are the same.
fn dependency(known: &HashMap<(i64, i64), ObjectId>, edge: Edge) -> Option<Dependency> {
    let Edge(class, oid, column, on_class, on_oid, on_column) = edge;
    let dependent = part(known.get(&(class, oid))?, column);
    let on = part(known.get(&(on_class, on_oid))?, on_column);
    // A sequence belongs to its column (`owned_by`) but has to be there before the column's default.
    let belongs = dependent.kind == Kind::Sequence;
    (dependent != on && !belongs).then_some(Dependency { dependent, on })
}

fn part(object: &ObjectId, column: Option<String>) -> ObjectId {
    match column {
        Some(name) if object.kind == Kind::Table => ObjectId::column(object, name),
        _ => object.clone(),
    }
}

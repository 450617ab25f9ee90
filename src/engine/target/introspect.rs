//! Reads a catalog from `pg_catalog`: one query for each kind, each row an object as JSON in the form that the catalog stores.

use super::connect::{self, TargetUrl};
use crate::catalog::{Catalog, Dependency, Kind, NotCompared, Object, ObjectId, normalise};
use crate::engine::{Result, sql_error};
use crate::problem::{Problem, ProblemKind};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::HashMap;

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

/// The system catalog whose rows a query reads (with `oid` it is a dependency's end), and the query.
const KINDS: &[(i64, &str)] = &[
    (PG_NAMESPACE, include_str!("queries/schemas.sql")),
    (PG_EXTENSION, include_str!("queries/extensions.sql")),
    (PG_COLLATION, include_str!("queries/collations.sql")),
    (PG_TYPE, include_str!("queries/types.sql")),
    (PG_CLASS, include_str!("queries/sequences.sql")),
    (PG_CLASS, include_str!("queries/tables.sql")),
    (PG_CONSTRAINT, include_str!("queries/constraints.sql")),
    (PG_CLASS, include_str!("queries/indexes.sql")),
    (PG_CLASS, include_str!("queries/views.sql")),
    (PG_PROC, include_str!("queries/functions.sql")),
    (PG_TRIGGER, include_str!("queries/triggers.sql")),
    (PG_POLICY, include_str!("queries/policies.sql")),
];

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
pub async fn read(conn: &mut PgConnection) -> Result<Catalog> {
    let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::int4")
        .fetch_one(&mut *conn)
        .await
        .map_err(unreadable)?;
    let mut catalog = Catalog { server_version: version.unsigned_abs(), ..Catalog::default() };
    let mut known: HashMap<(i64, i64), ObjectId> = HashMap::new();
    for (class, query) in KINDS {
        let rows: Vec<Found> = sqlx::query_as(*query).fetch_all(&mut *conn).await.map_err(unreadable)?;
        for row in rows {
            let id = ObjectId { kind: row.kind.0, schema: row.schema, name: row.name, part: row.part };
            known.insert((*class, row.oid), id.clone());
            catalog.objects.insert(id, normalise::object(row.object.0));
        }
    }
    let edges: Vec<Edge> = sqlx::query_as(include_str!("queries/depends.sql")).fetch_all(&mut *conn).await.map_err(unreadable)?;
    catalog.depends = edges.into_iter().filter_map(|edge| dependency(&known, edge)).collect();
    let rest: Vec<(String, Vec<String>)> =
        sqlx::query_as(include_str!("queries/not_compared.sql")).fetch_all(&mut *conn).await.map_err(unreadable)?;
    catalog.not_compared = rest.into_iter().map(|(kind, names)| NotCompared { kind, names }).collect();
    Ok(catalog.without_bookkeeping())
}

/// A text that changes when a transaction that changed any definition commits.
pub async fn mark(conn: &mut PgConnection) -> Result<String> {
    sqlx::query_scalar(include_str!("queries/mark.sql")).fetch_one(conn).await.map_err(unreadable)
}

/// Opens a session, reads the catalog as of one moment and closes the session. Begins again when the schema changed meanwhile.
pub async fn read_at(target: &TargetUrl) -> Result<Catalog> {
    let mut conn = connect::open(target, "lockstep:read").await?;
    let mut outcome = read_steadily(&mut conn).await;
    for _ in 1..ATTEMPTS {
        if !outcome.as_ref().is_err_and(|problem| problem.kind == ProblemKind::Conflict) {
            break;
        }
        outcome = read_steadily(&mut conn).await;
    }
    connect::close(conn).await;
    outcome
}

async fn read_steadily(conn: &mut PgConnection) -> Result<Catalog> {
    let mut snapshot = connect::snapshot(conn).await?;
    let before = mark(&mut snapshot).await?;
    let catalog = read(&mut snapshot).await;
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
    // PostgreSQL's own answer when a definition that the snapshot shows is gone by now.
    match sql_error::code(&error).as_deref() {
        Some("XX000") => changed(),
        _ => sql_error::problem("The schema could not be read.", &error),
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

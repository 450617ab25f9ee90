//! Reads a catalog from `pg_catalog`: one query for each kind, each row an object as JSON in the form that the catalog stores.

use super::connect::{self, TargetUrl};
use crate::catalog::{Catalog, Dependency, Kind, NotCompared, Object, ObjectId, normalise};
use crate::engine::Result;
use crate::engine::sql_error::explain;
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::HashMap;

/// The system catalog whose rows a query reads (with `oid` it is a dependency's end), and the query.
const KINDS: &[(&str, &str)] = &[
    ("pg_namespace", include_str!("queries/schemas.sql")),
    ("pg_extension", include_str!("queries/extensions.sql")),
    ("pg_collation", include_str!("queries/collations.sql")),
    ("pg_type", include_str!("queries/types.sql")),
    ("pg_class", include_str!("queries/sequences.sql")),
    ("pg_class", include_str!("queries/tables.sql")),
    ("pg_constraint", include_str!("queries/constraints.sql")),
    ("pg_class", include_str!("queries/indexes.sql")),
    ("pg_class", include_str!("queries/views.sql")),
    ("pg_proc", include_str!("queries/functions.sql")),
    ("pg_trigger", include_str!("queries/triggers.sql")),
    ("pg_policy", include_str!("queries/policies.sql")),
];

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
struct Edge(String, i64, Option<String>, String, i64, Option<String>);

/// Reads everything that is compared, and names everything that is not. Call it inside a `connect::snapshot`: outside one,
/// objects may change between two queries.
pub async fn read(conn: &mut PgConnection) -> Result<Catalog> {
    const READING: &str = "The schema could not be read.";
    let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::int4")
        .fetch_one(&mut *conn)
        .await
        .map_err(explain(READING))?;
    let mut catalog = Catalog { server_version: version.unsigned_abs(), ..Catalog::default() };
    let mut known: HashMap<(&str, i64), ObjectId> = HashMap::new();
    for (class, query) in KINDS {
        let rows: Vec<Found> = sqlx::query_as(*query).fetch_all(&mut *conn).await.map_err(explain(READING))?;
        for row in rows {
            let id = ObjectId { kind: row.kind.0, schema: row.schema, name: row.name, part: row.part };
            known.insert((*class, row.oid), id.clone());
            catalog.objects.insert(id, normalise::object(row.object.0));
        }
    }
    let edges: Vec<Edge> =
        sqlx::query_as(include_str!("queries/depends.sql")).fetch_all(&mut *conn).await.map_err(explain(READING))?;
    catalog.depends = edges.into_iter().filter_map(|edge| dependency(&known, edge)).collect();
    let rest: Vec<(String, Vec<String>)> =
        sqlx::query_as(include_str!("queries/not_compared.sql")).fetch_all(&mut *conn).await.map_err(explain(READING))?;
    catalog.not_compared = rest.into_iter().map(|(kind, names)| NotCompared { kind, names }).collect();
    Ok(catalog)
}

/// Opens a session, reads the catalog in one snapshot and closes the session.
pub async fn read_at(target: &TargetUrl) -> Result<Catalog> {
    let mut conn = connect::open(target, "lockstep:read").await?;
    let mut snapshot = connect::snapshot(&mut conn).await?;
    let catalog = read(&mut snapshot).await?;
    drop(snapshot);
    connect::close(conn).await;
    Ok(catalog)
}

/// None when either end is not part of the catalog, or both are the same.
fn dependency(known: &HashMap<(&str, i64), ObjectId>, edge: Edge) -> Option<Dependency> {
    let Edge(class, oid, column, on_class, on_oid, on_column) = edge;
    let dependent = part(known.get(&(class.as_str(), oid))?, column);
    let on = part(known.get(&(on_class.as_str(), on_oid))?, on_column);
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

//! Whether the backup directory has room for what is to come.

use super::super::super::Result;
use super::super::super::sql_error::explain;
use super::{Extent, Order, READING};
use crate::catalog::QName;
use crate::problem::{Problem, ProblemKind};
use crate::run::size;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The nearest folder above that is there.
pub fn existing(dir: &Path) -> PathBuf {
    dir.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("/")).to_owned()
}

/// Bytes that this user may still write to a folder, or where it will be made.
pub fn free(dir: &Path) -> std::io::Result<u64> {
    let about = rustix::fs::statvfs(existing(dir))?;
    Ok(about.f_bavail.saturating_mul(about.f_frsize))
}

/// Refused before anything is begun: a disk that runs full stops others, too.
pub async fn too_little(conn: &mut PgConnection, order: &Order<'_>) -> Result<Option<Problem>> {
    let (needed, of) = match order.extent {
        Extent::External => return Ok(None),
        Extent::Full => (database(conn).await?, format!("as much as {} has", order.url)),
        Extent::Touched(kept) => (tables(conn, kept).await?, "as much as the tables have whose rows are kept".to_owned()),
    };
    let free = free(order.dir).map_err(|error| {
        Problem::new(ProblemKind::Internal, format!("It cannot be found out how much room {} has.", order.dir.display()))
            .because(format!("{error}."))
            .way_out("Check that the user that runs Lockstep may read it.")
    })?;
    Ok((free < needed).then(|| {
        Problem::new(ProblemKind::Conflict, format!("There is too little room for the backup in {}.", order.dir.display()))
            .because(format!("The backup may take {}, {of}, and {} are free.", size(needed), size(free)))
            .way_out("Free space there, set LOCKSTEP_BACKUP_DIR to a larger disk, or let the policy keep less.")
    }))
}

/// A dump has neither indexes nor empty space and is compressed: it is hardly ever larger than the database.
async fn database(conn: &mut PgConnection) -> Result<u64> {
    let bytes: i64 = sqlx::query_scalar("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())")
        .fetch_one(conn)
        .await
        .map_err(explain(READING))?;
    Ok(bytes.unsigned_abs())
}

async fn tables(conn: &mut PgConnection, kept: &BTreeSet<QName>) -> Result<u64> {
    let (schemas, names): (Vec<&str>, Vec<&str>) = kept.iter().map(|table| (table.schema.as_str(), table.name.as_str())).unzip();
    let bytes: i64 = sqlx::query_scalar(include_str!("../queries/backup_tables.sql"))
        .bind(schemas)
        .bind(names)
        .fetch_one(conn)
        .await
        .map_err(explain(READING))?;
    Ok(bytes.unsigned_abs())
}

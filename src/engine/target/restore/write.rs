//! The part of the transaction that puts a backup in the place of everything: all goes, the backup's schema comes, then its rows, then what
//! is built on rows.
//!
//! Rows come as `COPY` writes them for `pg_dump`, as text: there are types without a binary form, and in text a `regclass` names a table of
//! the target and not a number of the scratch database. Sequences are new in this transaction, so that their values go with it, too.

use super::super::backup::{Extent, counted, other_count, parted};
use super::super::session::{Session, Stop};
use super::rows::{Restored, compare, different};
use super::source::{ALL, Source};
use crate::catalog::ident::quote;
use crate::catalog::{Catalog, Kind, Object, ObjectId, QName, Scope};
use crate::plan::{self, Options};
use crate::problem::{Problem, ProblemKind};
use crate::release::stored_columns;
use std::collections::BTreeSet;
use std::time::Duration;

/// Bytes of a large object that are copied at once.
const PIECE: usize = 1024 * 1024;

/// A statement that removes something of the target, and what it does in words.
pub type Removal = (String, String);

/// Nobody else reads or writes a table while it is replaced. Gives the statements that remove what is there under these locks: the caller
/// reads the target after that, so that none of them is about something that is not known. What somebody makes later stays, and is found
/// when the target is read back.
pub async fn lock(session: &mut Session<'_>, source: &Source) -> Result<Vec<Removal>, Stop> {
    // It waits while rows are read from the scratch database. Whether its console is still there the server asks by itself.
    session.run("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    let tables: Vec<(String, String)> = sqlx::query_as(include_str!("../queries/restore_tables.sql"))
        .fetch_all(&mut session.conn)
        .await
        .map_err(|error| Stop::from_error("The tables could not be looked up.", &error))?;
    let tables: Vec<String> = tables.into_iter().map(|(schema, name)| format!("ONLY {}", QName::new(schema, name))).collect();
    if !tables.is_empty() {
        session.execute(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", tables.join(", ")), "Locks the tables").await?;
    }
    let unlisted = |error: sqlx::Error| Stop::from_error("What the target holds could not be listed.", &error);
    let frame: Vec<&String> = source.frame.iter().collect();
    let mut drops: Vec<Removal> = sqlx::query_as(include_str!("../queries/restore_drops.sql"))
        .bind(&frame)
        .fetch_all(&mut session.conn)
        .await
        .map_err(unlisted)?;
    let objects: Option<Removal> = sqlx::query_as(include_str!("../queries/restore_large_objects.sql"))
        .fetch_optional(&mut session.conn)
        .await
        .map_err(unlisted)?;
    drops.extend(objects);
    Ok(drops)
}

/// `drops` and `before` are of the target under these locks, as it was approved.
pub async fn write(session: &mut Session<'_>, source: &Source, drops: &[Removal], before: &Catalog) -> Result<(), Stop> {
    let mut restored = Restored::open(&source.url, &source.catalog, &source.held.tables).await?;
    let now = compare(&mut session.conn, before, &source.catalog, &source.held, &mut restored).await?;
    let sealed = session.order.sealed;
    if let Some(problem) = sealed.restore.as_ref().and_then(|restore| restore.grown(&sealed.target, &now)) {
        return Err(Stop::Failed(problem));
    }
    let plan = framed(source, before);
    if let Some(problem) = plan.refused.first() {
        return Err(Stop::Failed(problem.clone()));
    }
    let tables = parted(&source.catalog, &Extent::Full).0;
    let total = (drops.len() + plan.statements().count() + tables.len() + 4) as u64;
    let mut done = 0;
    for (sql, what) in drops {
        session.step(&mut done, total, sql, what).await?;
    }
    for statement in plan.statements() {
        session.step(&mut done, total, &statement.sql, &statement.summary).await?;
    }
    session.step(&mut done, total, &source.scripts.before_rows, "Makes the schema of the backup").await?;
    for table in &tables {
        session.progress(done, total, &format!("Restores the rows of {}", table.shown()));
        done += 1;
        copy(session, &mut restored, &source.catalog, table).await?;
    }
    session.progress(done, total, "Restores the large objects");
    done += 1;
    large_objects(session, &mut restored).await?;
    session.step(&mut done, total, &source.scripts.beside_rows, "Sets the sequences").await?;
    session.step(&mut done, total, &source.scripts.after_rows, "Makes indexes, rules and all that is built on rows").await?;
    session.statement("SET CONSTRAINTS ALL IMMEDIATE", "Checks every constraint").await?;
    session.progress(total, total, "All statements are done");
    Ok(())
}

/// What the archive cannot bring because it is there already: the schemas that stay, and extensions. What new objects would grant by
/// themselves goes first; the archive brings it again at its end.
fn framed(source: &Source, before: &Catalog) -> plan::Plan {
    let mut after = part(&source.catalog, &source.frame);
    after.objects.retain(|id, _| id.kind != Kind::DefaultPrivileges);
    let before = part(before, &source.frame);
    for (id, object) in &mut after.objects {
        if let Object::Extension(extension) = object {
            // The version is the server's, which may have moved on.
            extension.version = match before.objects.get(id) {
                Some(Object::Extension(there)) => there.version.clone(),
                _ => String::new(),
            };
        }
    }
    plan::plan(&after, &before, &Options { scope: ALL, ..Options::default() })
}

fn part(catalog: &Catalog, frame: &BTreeSet<String>) -> Catalog {
    let of_frame = |id: &ObjectId| id.kind == Kind::Schema && frame.contains(&id.name);
    let belongs = |id: &ObjectId, object: &Object| match object {
        Object::Extension(_) => true,
        Object::Privileges(privileges) => of_frame(&privileges.on),
        Object::DefaultPrivileges(_) => id.schema.is_empty() || frame.contains(&id.schema),
        _ => of_frame(id),
    };
    let mut part = catalog.clone();
    part.objects.retain(|id, object| belongs(id, object));
    let objects = &part.objects;
    part.depends.retain(|edge| objects.contains_key(&edge.dependent) && objects.contains_key(&edge.on));
    part
}

async fn copy(session: &mut Session<'_>, restored: &mut Restored, backup: &Catalog, table: &QName) -> Result<(), Stop> {
    let columns: Vec<String> = stored_columns(backup, table).iter().map(|column| quote(column)).collect();
    let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
    let (out, into) = (format!("COPY {table}{columns} TO STDOUT"), format!("COPY {table}{columns} FROM STDIN"));
    session.copy(&mut restored.conn, &out, &into, &format!("Restores the rows of {}", table.shown())).await.map(|_| ())
}

/// What they hold, a piece at a time; they are there already, and empty.
async fn large_objects(session: &mut Session<'_>, restored: &mut Restored) -> Result<(), Stop> {
    let failed = |error: sqlx::Error| Stop::from_error("The large objects could not be restored.", &error);
    let objects: Vec<i64> = sqlx::query_scalar("SELECT oid::bigint FROM pg_catalog.pg_largeobject_metadata ORDER BY oid")
        .fetch_all(&mut restored.conn)
        .await
        .map_err(failed)?;
    for object in objects {
        for offset in (0_i64..).step_by(PIECE) {
            let piece: Vec<u8> = sqlx::query_scalar("SELECT pg_catalog.lo_get($1::oid, $2, $3)")
                .bind(object)
                .bind(offset)
                .bind(i32::try_from(PIECE).unwrap_or(i32::MAX))
                .fetch_one(&mut restored.conn)
                .await
                .map_err(failed)?;
            if piece.is_empty() {
                break;
            }
            session.pause(Duration::ZERO).await?;
            let put = sqlx::query("SELECT pg_catalog.lo_put($1::oid, $2, $3)").bind(object).bind(offset).bind(piece);
            put.execute(&mut session.conn).await.map_err(failed)?;
        }
    }
    Ok(())
}

/// The target is not what the backup holds: none when it is. `after` was read back.
pub async fn differs(session: &mut Session<'_>, source: &Source, after: &Catalog) -> Result<Option<Problem>, Stop> {
    let mut differs = Vec::new();
    if source.manifest.catalog != Some(after.within(Scope::default()).fingerprint()) {
        differs.push("Its schema is another one.".to_owned());
    }
    let tables = parted(after, &Extent::Full).0;
    differs.extend(other_count(&source.manifest.rows, &counted(&mut session.conn, &tables).await?));
    let mut restored = Restored::open(&source.url, &source.catalog, &[]).await?;
    let rows = different(&mut session.conn, after, &mut restored).await?;
    differs.extend((!rows.is_empty()).then(|| format!("Rows differ in {}.", rows.join(", "))));
    Ok((!differs.is_empty()).then(|| {
        Problem::new(ProblemKind::Conflict, format!("Read back, {} is not what the backup holds.", session.order.sealed.target))
            .because(differs.join(" "))
            .way_out("Nothing was changed. Restore the backup into a database of its own and look at what differs.")
    }))
}

//! The backup that is to be restored: proven once more in a scratch database beside the target, from where its rows come, and as scripts
//! for all that is no row.

use super::super::super::Result;
use super::super::super::sql_error::explain;
use super::super::backup::drill::restore_and_compare;
use super::super::backup::scratch::{self, Ownership};
use super::super::backup::{Manifest, Order, Scrap};
use super::super::connect::{self, TargetUrl};
use super::super::{Tell, Told, introspect, programs};
use super::rows;
use super::toc::{LeftOut, wanted};
use crate::catalog::{Catalog, Object, Scope};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{BackupSummary, Sealed};
use crate::release::Held;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use std::path::Path;
use tokio::io::AsyncReadExt;

/// Everything of a backup counts, privileges included.
pub const ALL: Scope = Scope { privileges: true };

pub struct Source {
    /// The scratch database.
    pub url: TargetUrl,
    pub manifest: Manifest,
    pub catalog: Catalog,
    pub held: Held,
    /// Schemas that are emptied and not removed.
    pub frame: BTreeSet<String>,
    pub scripts: Scripts,
}

/// What `pg_restore` prints without the rows of tables and without what large objects hold.
pub struct Scripts {
    pub before_rows: String,
    /// The values of sequences.
    pub beside_rows: String,
    pub after_rows: String,
}

/// A backup that was restored into a scratch database.
pub struct Opened {
    pub manifest: Manifest,
    pub catalog: Catalog,
    pub complaint: Option<String>,
}

/// Restores a backup beside the target of `order` and holds it against its manifest. The caller removes the scratch database.
async fn opened(order: &Order<'_>, url: &TargetUrl, archive: &Path, manifest: Manifest, tell: Tell<'_>) -> Result<Opened> {
    if manifest.catalog.is_none() {
        return Err(Problem::new(ProblemKind::Unsupported, format!("The backup {} cannot be proven.", manifest.file))
            .because("An older version of Lockstep has made it, and did not write down which schema it holds.")
            .way_out("Restore it by hand with pg_restore into a database of its own."));
    }
    tell(Told::Note(format!("Restoring {} into the scratch database {}", manifest.file, url.database())));
    let complaint = restore_and_compare(order, url, archive, &manifest, Ownership::AsBackedUp).await.map_err(|problem| {
        problem.way_out(
            "Nothing was changed. Where only a superuser may make what is missing, connect as one; else restore the archive by hand with \
             pg_restore into a database of its own.",
        )
    })?;
    let tables = manifest.rows.len();
    tell(Told::Note(format!("{}: its schema and the rows of {tables} tables are what was backed up.", manifest.file)));
    let catalog = introspect::read_at(url, ALL).await?;
    Ok(Opened { manifest, catalog, complaint })
}

/// What a backup holds, and its rows as they can be had while the scratch database at `url` is there.
pub async fn read(order: &Order<'_>, url: &TargetUrl, backup: &BackupSummary) -> Result<(Opened, Held, rows::Restored)> {
    let (fetched, manifest) = order.shelf.open(order, backup).await?;
    // What a run could not read is found now.
    printed(order, fetched.path(), &["--schema-only".to_owned(), "--file=-".to_owned()]).await?;
    let opened = opened(order, url, fetched.path(), manifest, &|_| {}).await?;
    let target = introspect::read_at(order.url, ALL).await?;
    let mut conn = connect::open(url, "lockstep:scratch").await?;
    let tables = rows::held(&mut conn, &opened.catalog, &target).await?;
    connect::close(conn).await;
    let restored = rows::Restored::open(url, &opened.catalog, &tables).await?;
    let held = Held {
        file: backup.file.clone(),
        sha256: backup.sha256.clone(),
        taken_at: backup.taken_at,
        target_identity: opened.manifest.target_identity.clone(),
        tables,
        complaint: opened.complaint.clone(),
    };
    Ok((opened, held, restored))
}

/// Everything that a restore needs, before it touches the target.
pub async fn prepare(order: &Order<'_>, backup: &BackupSummary, sealed: &Sealed, held: &Held, tell: Tell<'_>) -> Result<Source> {
    let restore = sealed.restore.as_ref();
    if restore.is_none_or(|restore| (&restore.file, &restore.sha256) != (&backup.file, &backup.sha256)) {
        return Err(Problem::new(ProblemKind::Conflict, format!("The backup {} is not the one that was approved.", backup.file))
            .way_out("Cancel the promotion, and restore the backup once more."));
    }
    let url = scratch::restore_url(order.url, order.run);
    let (fetched, manifest) = order.shelf.open(order, backup).await?;
    let Opened { manifest, catalog, .. } = opened(order, &url, fetched.path(), manifest, tell).await?;
    let mut conn = connect::open(order.url, "lockstep:restore").await?;
    let target = introspect::read(&mut conn, ALL).await?;
    let objects = kept(&mut conn).await?;
    connect::close(conn).await;
    let frame = frame(&[&catalog, &target]);
    let left_out = LeftOut { schemas: frame.clone(), objects };
    let scripts = scripts(order, fetched.path(), &left_out).await?;
    Ok(Source { url, manifest, catalog, held: held.clone(), frame, scripts })
}

async fn kept(conn: &mut PgConnection) -> Result<BTreeSet<(i64, i64)>> {
    let kept: Vec<(i64, i64)> = sqlx::query_as(include_str!("../queries/restore_kept.sql"))
        .fetch_all(conn)
        .await
        .map_err(explain("What of the target stays could not be read."))?;
    Ok(kept.into_iter().collect())
}

/// Extensions stay where they are the same before and after, and `public` has an owner that nobody can give: their schemas are emptied.
fn frame(catalogs: &[&Catalog]) -> BTreeSet<String> {
    let extensions = catalogs.iter().flat_map(|catalog| catalog.objects.values()).filter_map(|object| match object {
        Object::Extension(extension) => Some(extension.schema.clone()),
        _ => None,
    });
    extensions.chain(["public".to_owned()]).collect()
}

async fn scripts(order: &Order<'_>, archive: &Path, left_out: &LeftOut) -> Result<Scripts> {
    let listing = printed(order, archive, &["--list".to_owned()]).await?;
    let list = Scrap::partial(order.dir, &format!("{}.list", order.run.0));
    super::super::super::files::write_private(&list.0, wanted(&listing, left_out).as_bytes())?;
    let script = async |section: &str| {
        let list = format!("--use-list={}", list.0.display());
        Ok(statements(&printed(order, archive, &[format!("--section={section}"), list, "--file=-".to_owned()]).await?))
    };
    Ok(Scripts {
        before_rows: script("pre-data").await?,
        beside_rows: script("data").await?,
        after_rows: script("post-data").await?,
    })
}

async fn printed(order: &Order<'_>, archive: &Path, arguments: &[String]) -> Result<String> {
    const PRINTING: &str = "The statements of the backup could not be read.";
    let mut command = programs::command(order.bin, "pg_restore")?;
    command.args(arguments).arg(archive);
    let mut printing = programs::Running::start(command, "pg_restore")?;
    let mut text = Vec::new();
    let read = printing.out.read_to_end(&mut text).await;
    printing.finish(PRINTING).await?;
    let unread = |cause: String| Problem::new(ProblemKind::Internal, PRINTING).because(cause);
    read.map_err(|error| unread(format!("{error}.")))?;
    String::from_utf8(text).map_err(|_| {
        unread("They are not in UTF-8.".to_owned())
            .way_out("Restore the archive by hand with pg_restore into a database of its encoding.")
    })
}

/// Without what stands before the first object and after the last: settings that are ours to make, and commands of psql.
fn statements(script: &str) -> String {
    let starts = ["\n--\n-- Name: ", "\n--\n-- Data for Name: "].iter().filter_map(|mark| script.find(mark)).min();
    let end = script.rfind("\n--\n-- PostgreSQL database dump complete").unwrap_or(script.len());
    starts.and_then(|start| script.get(start..end)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_commands_of_psql_are_no_part_of_a_script() {
        let script = "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\nSET lock_timeout = 0;\n\n--\n-- Name: a; Type: TABLE\n--\n\n\
                      CREATE TABLE a ();\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc\n";
        assert_eq!(statements(script), "\n--\n-- Name: a; Type: TABLE\n--\n\nCREATE TABLE a ();\n");
        assert_eq!(
            statements("--\n-- PostgreSQL database dump\n--\n\\restrict a\n--\n-- PostgreSQL database dump complete\n--\n"),
            ""
        );
    }
}

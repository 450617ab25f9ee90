//! The lookup rows of releases, in pages: written once, in the order of their places, and read in that order.

use super::refused::refused;
use crate::engine::Result;
use crate::engine::batches::{Batches, Rows};
use crate::lookup::lines::values;
use crate::lookup::{Digest, Lines, LookupTable, Seal, Shape, TableDigest, hash_of};
use crate::problem::{Problem, ProblemKind};
use crate::release::Content;
use futures::{StreamExt, TryStreamExt};
use sqlx::pool::PoolConnection;
use sqlx::{Executor, PgConnection, Postgres};
use uuid::Uuid;

/// Bytes from which a page is full; a row stays on one page however long it is.
const PAGE: usize = 256 * 1024;

/// Writes the rows of one release in the caller's transaction, which waits for the source as long as that takes.
pub struct Writer<'c> {
    conn: &'c mut PgConnection,
    pub rows: Uuid,
    tables: i32,
}

impl<'c> Writer<'c> {
    pub async fn new(conn: &'c mut PgConnection) -> Result<Self> {
        let begin = "SET LOCAL idle_in_transaction_session_timeout = '30min'; SAVEPOINT rows";
        conn.execute(begin).await.map_err(refused(KEPT))?;
        Ok(Self { conn, rows: Uuid::now_v7(), tables: 0 })
    }

    /// Keeps the rows of the next table, and says what is known of them.
    pub async fn table(&mut self, lookup: &LookupTable, shape: &Shape, mut batches: Batches<'_>) -> Result<TableDigest> {
        let counted = shape.counted(lookup);
        let (mut digest, mut seal) = (Digest::default(), Seal::default());
        let (mut page, mut pages) = (String::new(), 0);
        while let Some(lines) = batches.try_next().await? {
            for line in lines.iter() {
                let row: Vec<_> = values(line).collect();
                digest.add(hash_of(&row, &counted));
                seal.add(row.iter().map(Option::as_deref));
                page.extend([line, "\n"]);
                if page.len() >= PAGE {
                    self.page(&mut pages, &mut page).await?;
                }
            }
        }
        self.page(&mut pages, &mut page).await?;
        self.tables += 1;
        Ok(TableDigest { table: lookup.table.clone(), shape: shape.clone(), digest, sha256: Some(seal.finish()) })
    }

    async fn page(&mut self, pages: &mut i32, lines: &mut String) -> Result<()> {
        sqlx::query("INSERT INTO release_rows (rows, table_at, page, content) VALUES ($1, $2, $3, $4)")
            .bind(self.rows)
            .bind(self.tables)
            .bind(*pages)
            .bind(lines.as_str())
            .execute(&mut *self.conn)
            .await
            .map_err(refused(KEPT))?;
        lines.clear();
        *pages += 1;
        Ok(())
    }
}

/// Takes back what the writer wrote in this transaction.
pub async fn discard(conn: &mut PgConnection) -> Result<()> {
    conn.execute("ROLLBACK TO SAVEPOINT rows").await.map(|_| ()).map_err(refused(KEPT))
}

const KEPT: &str = "The rows of the release could not be kept.";
const READ: &str = "The rows of the release could not be read.";

/// The rows of releases; of each table those of the first release that has it.
pub struct Reader {
    conn: PoolConnection<Postgres>,
    pub tables: Vec<TableDigest>,
    /// For each table what its rows are kept as, and at which place.
    places: Vec<(Uuid, i32)>,
}

impl Reader {
    pub fn new<'c>(conn: PoolConnection<Postgres>, releases: impl IntoIterator<Item = &'c (Content, Uuid)>) -> Self {
        let mut reader = Self { conn, tables: Vec::new(), places: Vec::new() };
        for (content, rows) in releases {
            for (at, table) in (0..).zip(&content.lookup) {
                if !reader.tables.iter().any(|known| known.table == table.table) {
                    reader.tables.push(table.clone());
                    reader.places.push((*rows, at));
                }
            }
        }
        reader
    }
}

impl Rows for Reader {
    /// Fails at the end when the rows are not those that were frozen.
    fn rows<'s>(&'s mut self, lookup: &'s LookupTable, _shape: &'s Shape) -> Batches<'s> {
        let at = self.tables.iter().position(|one| one.table == lookup.table);
        let known = at.and_then(|at| self.tables.get(at)?.sha256.clone());
        let (rows, at) = at.and_then(|at| self.places.get(at).copied()).unwrap_or_default();
        let mut seal = Some(Seal::default());
        let pages = sqlx::query_scalar("SELECT content FROM release_rows WHERE rows = $1 AND table_at = $2 ORDER BY page")
            .bind(rows)
            .bind(at)
            .fetch(&mut *self.conn);
        let end = futures::stream::once(std::future::ready(Ok(None)));
        pages
            .map_err(|error| refused(READ)(error))
            .map_ok(Some)
            .chain(end)
            .map(move |page: Result<Option<String>>| {
                let altered = |cause: String| Problem::new(ProblemKind::Conflict, READ).because(cause).way_out(ALTERED);
                let Some(text) = page? else {
                    let seal = seal.take().map(Seal::finish);
                    return match known == seal {
                        true => Ok(Lines::default()),
                        false => Err(altered(format!("The rows of {} are not those that were frozen.", lookup.table.shown()))),
                    };
                };
                let lines = Lines::new(text);
                if let Some(seal) = &mut seal {
                    lines.iter().for_each(|line| seal.add(values(line)));
                }
                Ok(lines)
            })
            .boxed()
    }
}

const ALTERED: &str = "Somebody altered the store: freeze the release again and look at the audit log.";

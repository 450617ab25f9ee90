//! A database in one snapshot: its schema, what is known of its lookup tables, and their rows when they are asked for.

use super::super::Result;
use super::super::sql_error::explain;
use super::connect::{self, TargetUrl};
use super::introspect;
use super::rows;
use crate::catalog::{Catalog, Scope};
use crate::lookup::{self, LookupSet, LookupTable, TableDigest};
use sqlx::{Executor, PgConnection};

/// Ends with its session.
pub struct Reading {
    pub conn: PgConnection,
    pub catalog: Catalog,
    /// Of the tables that were asked for.
    pub tables: Vec<TableDigest>,
}

impl Reading {
    /// `application` is what the server calls the session.
    pub async fn open(url: &TargetUrl, application: &str, scope: Scope) -> Result<Self> {
        let mut conn = connect::open(url, application).await?;
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
        conn.execute(begin).await.map_err(explain("A snapshot of the database could not be opened."))?;
        let catalog = introspect::read(&mut conn, scope).await?;
        Ok(Self { conn, catalog, tables: Vec::new() })
    }

    /// Asks for the digests of the tables that can be lookup tables here.
    pub async fn digest(&mut self, set: &LookupSet) -> Result<()> {
        let fit = |table: &&LookupTable| lookup::shape(&self.catalog, table).is_ok();
        let set = LookupSet { tables: set.tables.iter().filter(fit).cloned().collect() };
        self.tables = rows::digests(&mut self.conn, &self.catalog, &set).await?;
        Ok(())
    }

    pub async fn close(self) {
        connect::close(self.conn).await;
    }
}

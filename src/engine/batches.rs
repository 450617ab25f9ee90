//! Rows of lookup tables as they come, whether from a database, from the store or from a file: in the order of their places, some at a time.

use super::Result;
use crate::lookup::{Lines, LookupTable, Row, Shape, TableRows};
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};

pub type Batches<'a> = BoxStream<'a, Result<Lines>>;

/// Where the rows of lookup tables can be had in the order of their places.
pub trait Rows: Send {
    fn rows<'s>(&'s mut self, lookup: &'s LookupTable, shape: &'s Shape) -> Batches<'s>;
}

/// All rows at once, for tables that are compared as a whole.
pub async fn collected(mut batches: Batches<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    while let Some(lines) = batches.try_next().await? {
        rows.extend(lines.rows());
    }
    Ok(rows)
}

/// Rows that are at hand, sorted by place.
pub struct Held(pub Vec<TableRows>);

impl Rows for Held {
    fn rows<'s>(&'s mut self, lookup: &'s LookupTable, _shape: &'s Shape) -> Batches<'s> {
        let found = self.0.iter().find(|rows| rows.table == lookup.table);
        stream::iter(found.map(|rows| Ok(rows.rows.iter().collect()))).boxed()
    }
}

//! Names for the cells of a page that refer to rows of other lookup tables, as the release calls them.

use super::Result;
use super::batches::Rows;
use super::store::release_rows::Reader;
use crate::lookup::{TableChanges, referring, values};
use crate::release::Content;
use futures::TryStreamExt;

/// Fills in `names` of changes that are shown.
pub(super) async fn name(reader: &mut Reader, content: &Content, changes: &mut [TableChanges]) -> Result<()> {
    for table in changes {
        for one in referring(&content.catalog, &content.lookup_set, &content.lookup, table) {
            let mut wanted = values(table, one.column);
            let mut batches = reader.rows(one.lookup, one.shape);
            while !wanted.is_empty()
                && let Some(lines) = batches.try_next().await?
            {
                for row in lines.rows() {
                    let cell = |at: usize| row.get(at).cloned().flatten();
                    if let Some((key, name)) = cell(one.key).filter(|key| wanted.remove(key)).zip(cell(one.name)) {
                        table.names.entry(one.column).or_default().insert(key, name);
                    }
                }
            }
        }
    }
    Ok(())
}

//! Taking a promotion back, or restoring the backup of its run: one more release, which only its environment takes, and one more promotion with its own preview.

mod promotion;
mod restore;
mod rows;

pub use promotion::undo_promotion;
pub(super) use promotion::{restored, superseded, warnings};
pub use restore::restore_promotion;
pub(super) use restore::{backup_of, may_restore, passed};
pub use rows::undo_rows;

use super::Result;
use super::batches::Batches;
use super::store::promotions::Kept;
use crate::lookup::{Lines, Row, Shape, Undo};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{Outcome, State};
use futures::{StreamExt, TryStreamExt, stream};
use std::collections::VecDeque;

pub(super) fn may_undo(kept: &Kept) -> Result<()> {
    match kept.summary.state {
        State::Finished { outcome: Outcome::Succeeded, .. } => Ok(()),
        _ => Err(Problem::new(ProblemKind::Conflict, "There is nothing to undo.")
            .because("The promotion has not succeeded, so that it has changed nothing for good.")),
    }
}

/// The rows as they shall be, in the order of their places and with the columns of `kept`.
fn undone<'s>(batches: Batches<'s>, undo: &'s Undo<'s>, shape: &'s Shape, kept: &'s Shape) -> Batches<'s> {
    let mut back = undo.added();
    back.sort_by_cached_key(|row| shape.order(row));
    let mut back: VecDeque<Row> = back.into();
    let places: Vec<Option<usize>> = kept.columns.iter().map(|column| shape.position(&column.name)).collect();
    let push = move |lines: &mut Lines, row: &Row| {
        let row: Row = places.iter().map(|at| row.get((*at)?).cloned().flatten()).collect();
        lines.push(&row);
    };
    let end = stream::once(std::future::ready(Ok(None)));
    let merged = batches.map_ok(Some).chain(end).map(move |batch| {
        let mut lines = Lines::default();
        let Some(now) = batch? else {
            back.drain(..).for_each(|row| push(&mut lines, &row));
            return Ok(lines);
        };
        for row in now.rows() {
            while back.front().is_some_and(|old| shape.order(old) < shape.order(&row)) {
                back.pop_front().iter().for_each(|row| push(&mut lines, row));
            }
            // Somebody added it again.
            back.pop_front_if(|old| shape.key_of(old) == shape.key_of(&row));
            undo.row(row).iter().for_each(|row| push(&mut lines, row));
        }
        Ok(lines)
    });
    merged.boxed()
}

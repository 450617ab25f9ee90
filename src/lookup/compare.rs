//! Rows of the release against rows of the target: table by table, then all tables together.

use super::order::{self, Order};
use super::sound::{self, Facts};
use super::table::{Part, TableDiff};
use super::translate::translated;
use super::{Choice, Counted, Digest, LookupSet, LookupTable, Row, Shape, TableChanges, TableRows, fingerprint, park};
use crate::catalog::{Catalog, Fingerprint, QName};
use crate::lookup::digest::hash_of;
use crate::problem::{Problem, ProblemKind};
use std::collections::{BTreeMap, BTreeSet};

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub catalog: &'a Catalog,
    pub rows: &'a [TableRows],
}

/// What the policy and people say of a comparison.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terms<'a> {
    /// By the policy of the target.
    pub deletes_allowed: bool,
    /// The rows of the release last promoted into the target; none when there was none.
    pub promoted: Option<&'a [TableRows]>,
    /// About rows that were edited in the target since then.
    pub choices: &'a [Choice],
}

/// What the sync does, and what stands in its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Parents first; tables with nothing to say are left out.
    pub changes: Vec<TableChanges>,
    /// While there is any, the sync must not run.
    pub problems: Vec<Problem>,
    /// Of the target's rows now.
    pub from: Fingerprint,
    /// Of the target's rows after the sync.
    pub to: Fingerprint,
}

/// What is the same for all tables of a comparison.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    pub set: &'a LookupSet,
    pub release: &'a Catalog,
    pub target: &'a Catalog,
    pub deletes_allowed: bool,
    pub choices: &'a [Choice],
}

/// What takes the lookup rows of `target` to those of `release`, where all rows are at hand.
pub fn diff(set: &LookupSet, release: Side<'_>, target: Side<'_>, terms: Terms<'_>) -> Comparison {
    let Terms { deletes_allowed, promoted, choices } = terms;
    let frame = Frame { set, release: release.catalog, target: target.catalog, deletes_allowed, choices };
    let (parts, problems) = held(&frame, release.rows, target.rows, promoted, |_| true);
    let counted = |rows: &TableRows| {
        let lookup = set.find(&rows.table)?;
        let (shape, mut digest) = (rows.shape(), Digest::default());
        let positions = shape.counted(lookup);
        rows.rows.iter().for_each(|row| digest.add(hash_of(row, &positions)));
        Some(Counted { table: rows.table.clone(), columns: shape.names(&positions), digest })
    };
    let from = fingerprint(target.rows.iter().filter_map(counted));
    frame.conclude(parts, problems, &Facts::held(target.rows), from)
}

/// Compares the tables whose rows are at hand, with the numbers of the target. Gives those that `wanted` names.
pub fn held(
    frame: &Frame<'_>,
    release: &[TableRows],
    target: &[TableRows],
    promoted: Option<&[TableRows]>,
    wanted: impl Fn(&QName) -> bool,
) -> (Vec<Part>, Vec<Problem>) {
    let side = |rows| Side { catalog: frame.release, rows };
    let (rows, mut lost) = translated(frame.set, side(release), target);
    let promoted = promoted.map(|rows| translated(frame.set, side(rows), target).0);
    let (mut parts, mut problems) = (Vec::new(), Vec::new());
    for lookup in frame.set.tables.iter().filter(|lookup| wanted(&lookup.table)) {
        let of = |all: &'_ [TableRows]| all.iter().position(|rows| rows.table == lookup.table);
        let Some(source) = of(&rows).and_then(|at| rows.get(at)) else { continue };
        let now = of(target).and_then(|at| target.get(at));
        let promoted = promoted.as_deref().and_then(|all| all.get(of(all)?));
        match lost.remove(&lookup.table).map_or_else(|| table(frame, lookup, source, now, promoted), Err) {
            Ok(part) => parts.push(part),
            Err(problem) => problems.push(problem),
        }
    }
    (parts, problems)
}

fn table(
    frame: &Frame<'_>,
    lookup: &LookupTable,
    source: &TableRows,
    now: Option<&TableRows>,
    promoted: Option<&TableRows>,
) -> Result<Part, Problem> {
    let shapes = [Some(source), now, promoted].map(|rows| rows.map(TableRows::shape));
    let [Some(release), there, before] = &shapes else { unreachable!("the release has the table") };
    let mut diff = TableDiff::new(frame, lookup, release, there.as_ref(), before.as_ref())?;
    let mut places: BTreeMap<i64, [Vec<Row>; 3]> = BTreeMap::new();
    for (side, rows) in [Some(source), now, promoted].into_iter().enumerate() {
        let Some((rows, shape)) = rows.zip(shapes.get(side).and_then(Option::as_ref)) else { continue };
        for row in &rows.rows {
            let place = places.entry(shape.place(row)).or_default();
            place.get_mut(side).into_iter().for_each(|rows| rows.push(row.clone()));
        }
    }
    for [release, now, promoted] in places.values() {
        diff.place(release, now, promoted)?;
    }
    diff.finish()
}

impl Frame<'_> {
    /// The table differs in nothing.
    pub fn same(&self, lookup: &LookupTable, release: &Shape, now: &Shape, digest: Digest) -> Part {
        let changes = TableChanges::none(lookup.table.clone(), release.columns.clone(), release.key.clone());
        let columns = release.names(&release.counted(lookup));
        Part { changes, to: Counted { table: lookup.table.clone(), columns, digest }, now: Some(now.clone()) }
    }

    /// All tables together: their order, rows that step aside, and what stands in the way.
    pub fn conclude(&self, parts: Vec<Part>, mut problems: Vec<Problem>, facts: &Facts, from: Fingerprint) -> Comparison {
        problems.extend(sound::problems(self, &parts, facts));
        let to = fingerprint(parts.iter().map(|part| part.to.clone()));
        let mut changes: Vec<TableChanges> = parts.into_iter().map(|part| part.changes).collect();
        let names: BTreeSet<QName> = changes.iter().map(|one| one.table.clone()).collect();
        let Order { tables, deferred } = order::parents_first(self.release, names);
        changes.sort_by_key(|one| tables.iter().position(|table| *table == one.table));
        for one in &mut changes {
            if !one.inserts.is_empty() {
                one.sequences = order::sequences(self.release, &one.table);
            }
            order::defer(self.release, one, &deferred);
            problems.extend(park::step_aside(self.release, one, facts).err());
        }
        problems.extend(changes.iter().filter_map(undecided));
        changes.retain(|one| !one.is_empty() || one.kept > 0 || !one.unknown.is_empty() || !one.conflicts.is_empty());
        Comparison { changes, problems, from, to }
    }
}

/// Rows that were edited in the target, and nobody said yet whose stay.
fn undecided(changes: &TableChanges) -> Option<Problem> {
    let open = changes.conflicts.iter().filter(|conflict| conflict.keep.is_none()).count();
    let what = match open {
        0 => return None,
        1 => format!("1 row of {} was edited in the target since the last promotion.", changes.table.shown()),
        open => format!("{open} rows of {} were edited in the target since the last promotion.", changes.table.shown()),
    };
    Some(
        Problem::new(ProblemKind::Conflict, what)
            .because("This release would overwrite what somebody wrote there.")
            .way_out("Choose for each row, or for the table, whether the target's or the release's stays."),
    )
}

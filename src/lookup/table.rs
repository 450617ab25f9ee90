//! One lookup table of the release against that of the target, fed with the rows of one place after the other.
//!
//! The target's rows are read under its present columns, and are compared as they will stand after the schema change of the same
//! promotion, by one rule: a column that the target does not have yet is empty when it comes without a default; otherwise its value is
//! unknown, and so is one whose type changes. Unknown cells differ, so that they are written, and are no condition of any statement.

use super::compare::Frame;
use super::digest::hash_of;
use super::shape::{self, refused};
use super::{
    Choice, Conflict, Counted, Digest, Keep, LookupTable, Mode, Row, RowKey, RowUpdate, Shape, TableChanges, ambiguous,
    owned_key, same_key,
};
use crate::catalog::{Catalog, Column, QName};
use crate::problem::Problem;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The rows of one place with their keys, sorted by them.
type Keyed<'r> = Vec<(RowKey<'r>, Cow<'r, Row>)>;

/// A comparison under way.
pub struct TableDiff<'a> {
    frame: &'a Frame<'a>,
    lookup: &'a LookupTable,
    columns: Columns<'a>,
    now: Option<&'a Shape>,
    edits: Option<Edits<'a>>,
    counted: Vec<usize>,
    /// The target's columns are understood, so that its keys must be.
    is_read: bool,
    /// Rows that stay have cells whose values nobody knows.
    hides: bool,
    /// Where not all rows of the target come: what is known of them all. Those that come are counted anew.
    skips: bool,
    to: Digest,
    changes: TableChanges,
}

/// What came of it.
#[derive(Debug)]
pub struct Part {
    pub changes: TableChanges,
    /// The rows as they will be.
    pub to: Counted,
    /// The columns of the target now; none when it has no such table.
    pub now: Option<Shape>,
}

impl<'a> TableDiff<'a> {
    /// `promoted` is the table as the last release brought it.
    pub fn new(
        frame: &'a Frame<'a>,
        lookup: &'a LookupTable,
        release: &'a Shape,
        now: Option<&'a Shape>,
        promoted: Option<&'a Shape>,
    ) -> Result<Self, Problem> {
        let is_read = shape::shape(frame.target, lookup)?.is_some() && now.is_some();
        if let Some(now) = now.filter(|_| is_read) {
            same_key(&lookup.table, release, now)?;
        }
        let columns = Columns::new(lookup, frame.release, release, now);
        let promoted = promoted.filter(|there| now.is_some() && same_key(&lookup.table, release, there).is_ok());
        let positions = |names: &[String]| names.iter().filter_map(|name| release.position(name)).collect();
        let changes = TableChanges {
            unknown: columns.unknown.iter().copied().collect(),
            masked: positions(&lookup.masked),
            ..TableChanges::none(lookup.table.clone(), release.columns.clone(), release.key.clone())
        };
        let counted = release.counted(lookup);
        let edits = promoted.map(|promoted| Edits::new(lookup, release, promoted, frame.choices));
        let hides = counted.iter().any(|at| columns.unknown.contains(at));
        let (skips, to) = (false, Digest::default());
        Ok(Self { frame, lookup, columns, now, edits, counted, is_read, hides, skips, to, changes })
    }

    /// Both sides have the same columns: places where they have one and the same row may be left out, if the digest of all rows of the
    /// target is given.
    pub fn skip(&mut self, now: Digest) -> bool {
        self.skips = self.now.is_some_and(|now| now.columns == self.columns.source.columns);
        if self.skips {
            self.to = now;
        }
        self.skips
    }

    /// The rows that were promoted last say something of these.
    pub fn takes_promoted(&self) -> bool {
        self.edits.is_some()
    }

    /// All rows that stand in one place: those of the release, those of the target, those that were promoted last.
    pub fn place(&mut self, release: &[Row], now: &[Row], promoted: &[Row]) -> Result<(), Problem> {
        let table = &self.lookup.table;
        let source = self.columns.source;
        let wanted = keyed(source, release, Cow::Borrowed);
        ambiguous(table, source, wanted.iter().map(|(key, _)| key), "the release").map_or(Ok(()), Err)?;
        let before = match self.now {
            Some(shape) => keyed(shape, now, |row| self.columns.as_released(row)),
            None => Vec::new(),
        };
        if self.is_read {
            ambiguous(table, source, before.iter().map(|(key, _)| key), "the target").map_or(Ok(()), Err)?;
        }
        let promoted = self.edits.as_ref().map_or_else(Vec::new, |edits| edits.keyed(promoted));
        for (_, row) in before.iter().filter(|_| self.skips) {
            self.to.take(hash_of(row, &self.counted));
        }
        for (key, row) in &wanted {
            self.row(key, find(&before, key), row, find(&promoted, key))?;
        }
        for (key, row) in before.iter().filter(|(key, _)| find(&wanted, key).is_none()) {
            self.extra(key, row, find(&promoted, key));
        }
        Ok(())
    }

    /// A row of the release.
    fn row(&mut self, key: &RowKey<'_>, before: Option<&Row>, wanted: &Row, promoted: Option<&Row>) -> Result<(), Problem> {
        if self.keeps(key, before, Some(wanted), promoted) {
            before.into_iter().for_each(|row| self.stays(row));
            return Ok(());
        }
        let Some(before) = before else {
            self.to.add(hash_of(wanted, &self.counted));
            self.changes.inserts.push(wanted);
            return Ok(());
        };
        let cells = self.columns.cells(before, wanted);
        if cells.is_empty() || self.lookup.mode == Mode::AddOnly {
            self.changes.kept += u64::from(!cells.is_empty());
            self.stays(before);
            return Ok(());
        }
        self.columns.writable(&cells).map_or(Ok(()), Err)?;
        let after = self.columns.after(before, wanted);
        self.to.add(hash_of(&after, &self.counted));
        self.changes.updates.push(&RowUpdate { before: before.clone(), after, cells });
        Ok(())
    }

    /// A row that the release does not have.
    fn extra(&mut self, key: &RowKey<'_>, row: &Row, promoted: Option<&Row>) {
        let goes = self.lookup.mode == Mode::Mirror && self.frame.deletes_allowed;
        if goes && !self.keeps(key, Some(row), None, promoted) {
            self.changes.deletes.push(row);
        } else {
            self.changes.kept += u64::from(!goes);
            self.stays(row);
        }
    }

    /// What is not written counts without the cells that the schema change makes: nobody can know their values before.
    fn stays(&mut self, row: &Row) {
        self.to.add(match self.hides {
            true => hash_of(&hidden(row, &self.columns.unknown), &self.counted),
            false => hash_of(row, &self.counted),
        });
    }

    /// Notes a row that somebody edited in the target and that the sync would change, and says whether it stays as it is there.
    fn keeps(&mut self, key: &RowKey<'_>, now: Option<&Row>, wanted: Option<&Row>, promoted: Option<&Row>) -> bool {
        let Some(edits) = &self.edits else { return false };
        if !edits.are(&self.columns, promoted, now, wanted) {
            return false;
        }
        let key = owned_key(key.clone());
        let keep = Choice::of(edits.choices, &self.lookup.table, &key);
        let conflict = Conflict { key, promoted: promoted.cloned(), now: now.cloned(), wanted: wanted.cloned(), keep };
        self.changes.conflicts.push(&conflict);
        keep == Some(Keep::Target)
    }

    pub fn finish(mut self) -> Result<Part, Problem> {
        unvalued(self.lookup, self.frame.release, &self.changes).map_or(Ok(()), Err)?;
        let key = self.changes.key.clone();
        let cells = |row: &Row| -> Row { key.iter().map(|at| row.get(*at).cloned().flatten()).collect() };
        self.changes.inserts.sort_by_key(cells);
        self.changes.deletes.sort_by_key(cells);
        self.changes.updates.sort_by_key(|update| cells(&update.before));
        self.changes.conflicts.sort_by_key(|conflict| conflict.key.clone());
        let columns = self.columns.source.names(&self.counted);
        let to = Counted { table: self.lookup.table.clone(), columns, digest: self.to };
        Ok(Part { changes: self.changes, to, now: self.now.cloned() })
    }
}

/// A row without the cells at these positions.
pub fn hidden(row: &Row, unknown: &BTreeSet<usize>) -> Row {
    row.iter().enumerate().map(|(at, value)| value.clone().filter(|_| !unknown.contains(&at))).collect()
}

fn keyed<'r>(shape: &Shape, rows: &'r [Row], seen: impl Fn(&'r Row) -> Cow<'r, Row>) -> Keyed<'r> {
    let mut keyed: Keyed<'r> = rows.iter().map(|row| (shape.key_of(row), seen(row))).collect();
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    keyed
}

fn find<'k>(rows: &'k Keyed<'_>, key: &RowKey<'_>) -> Option<&'k Row> {
    let at = rows.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
    rows.get(at).map(|(_, row)| row.as_ref())
}

/// The rows that were promoted last, held against those that are there now.
struct Edits<'a> {
    add_only: bool,
    promoted: &'a Shape,
    /// For each column of the release, where the promoted rows have it.
    there: Vec<Option<usize>>,
    choices: &'a [Choice],
}

impl<'a> Edits<'a> {
    fn new(lookup: &LookupTable, release: &Shape, promoted: &'a Shape, choices: &'a [Choice]) -> Self {
        let there = release.columns.iter().map(|column| promoted.position(&column.name)).collect();
        Self { add_only: lookup.mode == Mode::AddOnly, promoted, there, choices }
    }

    fn keyed<'r>(&self, rows: &'r [Row]) -> Keyed<'r> {
        keyed(self.promoted, rows, |row| as_released(&self.there, row))
    }

    fn are(&self, columns: &Columns<'_>, promoted: Option<&Row>, now: Option<&Row>, wanted: Option<&Row>) -> bool {
        match (promoted, now, wanted) {
            // It was removed in the target, or added there.
            (Some(_), None, _) | (None, Some(_), None) => true,
            (Some(promoted), Some(now), None) => (0..promoted.len()).any(|at| self.differs(columns, at, promoted, now)),
            (Some(promoted), Some(now), Some(wanted)) if !self.add_only => {
                columns.cells(now, wanted).into_iter().any(|at| self.differs(columns, at, promoted, now))
            }
            // The same row was added on both sides, otherwise.
            (None, Some(now), Some(wanted)) if !self.add_only => !columns.cells(now, wanted).is_empty(),
            _ => false,
        }
    }

    fn differs(&self, columns: &Columns<'_>, at: usize, promoted: &Row, now: &Row) -> bool {
        let known = self.there.get(at).is_some_and(Option::is_some) && columns.now.get(at).is_some_and(Option::is_some);
        known && columns.counts(at) && promoted.get(at) != now.get(at)
    }
}

/// A row under the columns of the release, of which it has those at `places`.
fn as_released<'r>(places: &[Option<usize>], row: &'r Row) -> Cow<'r, Row> {
    if places.len() == row.len() && places.iter().enumerate().all(|(at, place)| *place == Some(at)) {
        return Cow::Borrowed(row);
    }
    Cow::Owned(places.iter().map(|at| at.and_then(|at| row.get(at)?.clone())).collect())
}

/// How the target's columns stand to the release's.
pub(super) struct Columns<'a> {
    table: &'a QName,
    source: &'a Shape,
    /// For each column of the release, where the target has it.
    now: Vec<Option<usize>>,
    ignored: BTreeSet<usize>,
    /// Ignored, or made or remade by the schema change.
    unknown: BTreeSet<usize>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(lookup: &'a LookupTable, catalog: &Catalog, source: &'a Shape, now: Option<&Shape>) -> Self {
        let mut all = Self { table: &lookup.table, source, now: Vec::new(), ignored: BTreeSet::new(), unknown: BTreeSet::new() };
        for (at, column) in source.columns.iter().enumerate() {
            let here = now.and_then(|now| now.position(&column.name));
            let other = here.and_then(|at| now?.columns.get(at));
            let remade = now.is_some()
                && !column.generated
                && match other {
                    Some(other) => other.type_name != column.type_name,
                    None => filled(catalog, &lookup.table, &column.name),
                };
            if lookup.ignored.contains(&column.name) && !source.key.contains(&at) {
                all.ignored.insert(at);
                all.unknown.insert(at);
            } else if remade && !source.key.contains(&at) {
                all.unknown.insert(at);
            }
            all.now.push(here);
        }
        all
    }

    pub(super) fn as_released<'r>(&self, row: &'r Row) -> Cow<'r, Row> {
        as_released(&self.now, row)
    }

    /// The column is compared.
    fn counts(&self, at: usize) -> bool {
        let generated = self.source.columns.get(at).is_some_and(|column| column.generated);
        !self.ignored.contains(&at) && !generated && self.source.surrogate != Some(at)
    }

    /// The cells that differ.
    fn cells(&self, before: &Row, wanted: &Row) -> Vec<usize> {
        let differs = |at: &usize| {
            let made = self.unknown.contains(at) && self.now.get(*at).is_some_and(Option::is_none);
            (made || before.get(*at) != wanted.get(*at)) && self.counts(*at)
        };
        (0..wanted.len()).filter(differs).collect()
    }

    /// A number that PostgreSQL gives always can be inserted and never changed.
    fn writable(&self, cells: &[usize]) -> Option<Problem> {
        let column = cells.iter().filter_map(|at| self.source.columns.get(*at)).find(|column| column.identity_always)?;
        let cause = format!(
            "{} is numbered by PostgreSQL (GENERATED ALWAYS) and differs, and such a value cannot be changed.",
            column.name
        );
        Some(refused(self.table, &cause, "Ignore the column in the lookup set, or make it GENERATED BY DEFAULT."))
    }

    /// The row as the update leaves it.
    fn after(&self, before: &Row, wanted: &Row) -> Row {
        let value = |at: usize| if self.ignored.contains(&at) { before.get(at) } else { wanted.get(at) };
        (0..wanted.len()).map(|at| value(at).cloned().flatten()).collect()
    }
}

/// A column that stays in its environment has to get its value there.
fn unvalued(lookup: &LookupTable, catalog: &Catalog, changes: &TableChanges) -> Option<Problem> {
    let table = shape::table(catalog, &lookup.table).filter(|_| !changes.inserts.is_empty())?;
    let needs =
        |column: &&Column| column.not_null && column.default.is_none() && column.identity.is_none() && column.generated.is_none();
    let column = table.columns.iter().filter(needs).find(|column| lookup.pinned.contains(&column.name))?;
    let cause = format!("Each environment keeps its own {}, which is required, and new rows would have none.", column.name);
    Some(refused(&lookup.table, &cause, "Give the column a default, make it optional, or let it travel."))
}

/// A new column gets a value by itself in rows that are there already.
fn filled(catalog: &Catalog, table: &QName, column: &str) -> bool {
    shape::table(catalog, table)
        .and_then(|table| table.columns.iter().find(|one| one.name == column))
        .is_some_and(|column| column.default.is_some() || column.identity.is_some())
}

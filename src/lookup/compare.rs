//! Rows of the release against rows of the target, paired by key.
//!
//! The target's rows are read under its present columns, and are compared as they will stand after the schema change of the same
//! promotion, by one rule: a column that the target does not have yet is empty when it comes without a default; otherwise its value is
//! unknown, and so is one whose type changes. Unknown cells differ, so that they are written, and are no condition of any statement.

use super::order::{self, Order};
use super::shape::{self, refused, shape};
use super::translate::translated;
use super::{
    Choice, Conflict, Keep, LookupSet, LookupTable, Mode, Row, RowKey, RowUpdate, SequenceOf, TableChanges, TableRows, ambiguous,
    fingerprint, fingerprint_after, park, same_key, sound,
};
use crate::catalog::{Catalog, Fingerprint, QName};
use crate::problem::{Problem, ProblemKind};
use std::borrow::Cow;
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

/// What takes the lookup rows of `target` to those of `release`.
pub fn diff(set: &LookupSet, release: Side<'_>, target: Side<'_>, terms: Terms<'_>) -> Comparison {
    let mut problems = Vec::new();
    let mut changes = Vec::new();
    let mut after = Vec::new();
    let (rows, mut lost) = translated(set, release, target.rows);
    let promoted = terms.promoted.map(|rows| translated(set, Side { rows, ..release }, target.rows).0);
    let release = Side { rows: &rows, ..release };
    let terms = Terms { promoted: promoted.as_deref(), ..terms };
    for table in &set.tables {
        let compared = lost.remove(&table.table).map_or_else(|| table_changes(table, release, target, terms), Err);
        match compared {
            Ok(Some(compared)) => {
                changes.push(compared.changes);
                after.push(compared.after);
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(sound::problems(release.catalog, &changes, &after));
    let Order { tables, deferred } = order::parents_first(release.catalog, changes.iter().map(|one| one.table.clone()).collect());
    changes.sort_by_key(|one| tables.iter().position(|table| *table == one.table));
    for one in &mut changes {
        order::defer(release.catalog, one, &deferred);
        let before = target.rows.iter().find(|rows| rows.table == one.table);
        problems.extend(park::step_aside(release.catalog, one, before).err());
    }
    problems.extend(changes.iter().filter_map(undecided));
    let to = fingerprint_after(set, &changes, &after);
    changes.retain(|one| !one.is_empty() || one.kept > 0 || !one.unknown.is_empty() || !one.conflicts.is_empty());
    Comparison { changes, problems, from: fingerprint(set, target.rows), to }
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

struct Compared {
    changes: TableChanges,
    after: TableRows,
}

fn table_changes(
    lookup: &LookupTable,
    release: Side<'_>,
    target: Side<'_>,
    terms: Terms<'_>,
) -> Result<Option<Compared>, Problem> {
    let name = &lookup.table;
    let Some(source) = release.rows.iter().find(|rows| rows.table == *name) else { return Ok(None) };
    let now = target.rows.iter().find(|rows| rows.table == *name);
    ambiguous(source, "the release").map_or(Ok(()), Err)?;
    if shape(target.catalog, lookup)?.is_some()
        && let Some(now) = now
    {
        same_key(source, now)?;
        ambiguous(now, "the target").map_or(Ok(()), Err)?;
    }
    let columns = Columns::new(lookup, release.catalog, source, now);
    let rows: BTreeMap<_, Row> = now
        .map_or_else(BTreeMap::new, |now| now.rows.iter().map(|row| (now.key_of(row), as_released(&columns.now, row))).collect());
    let edits = Edits::new(lookup, &columns, terms, now.is_some());
    let positions = |names: &[String]| names.iter().filter_map(|name| source.position(name)).collect();
    let mut changes = TableChanges {
        unknown: columns.unknown.iter().copied().collect(),
        masked: positions(&lookup.masked),
        ..TableChanges::none(name.clone(), source.columns.clone(), source.key.clone())
    };
    let mut after = TableRows { rows: Vec::new(), ..source.clone() };
    let mut wanted = BTreeSet::new();
    for row in &source.rows {
        let key = source.key_of(row);
        let before = rows.get(&key);
        wanted.insert(key.clone());
        if edits.keep(&mut changes, &columns, key, before, Some(row)) {
            after.rows.extend(before.cloned());
            continue;
        }
        match before {
            None => {
                changes.inserts.push(row.clone());
                after.rows.push(row.clone());
            }
            Some(before) => after.rows.push(columns.compare(lookup.mode, &mut changes, before, row)?),
        }
    }
    for (key, row) in rows.iter().filter(|(key, _)| !wanted.contains(*key)) {
        let goes = lookup.mode == Mode::Mirror && terms.deletes_allowed;
        if goes && !edits.keep(&mut changes, &columns, key.clone(), Some(row), None) {
            changes.deletes.push(row.clone());
        } else {
            changes.kept += u64::from(!goes);
            after.rows.push(row.clone());
        }
    }
    unvalued(lookup, release.catalog, &changes).map_or(Ok(()), Err)?;
    changes.sequences = if changes.inserts.is_empty() { Vec::new() } else { sequences(release.catalog, name) };
    Ok(Some(Compared { changes, after }))
}

/// The rows that were promoted last, held against those that are there now.
struct Edits<'a> {
    lookup: &'a LookupTable,
    /// In the columns of the release; none when nothing was promoted yet.
    promoted: Option<BTreeMap<RowKey<'a>, Row>>,
    /// Where the promoted rows have the columns of the release.
    there: Vec<Option<usize>>,
    choices: &'a [Choice],
}

impl<'a> Edits<'a> {
    fn new(lookup: &'a LookupTable, columns: &Columns<'_>, terms: Terms<'a>, is_there: bool) -> Self {
        let promoted = terms.promoted.filter(|_| is_there).and_then(|rows| rows.iter().find(|rows| rows.table == lookup.table));
        let promoted = promoted.filter(|rows| same_key(columns.source, rows).is_ok());
        let places = |rows: &TableRows| columns.source.columns.iter().map(|column| rows.position(&column.name)).collect();
        let there: Vec<Option<usize>> = promoted.map(places).unwrap_or_default();
        let promoted = promoted.map(|rows| rows.rows.iter().map(|row| (rows.key_of(row), as_released(&there, row))).collect());
        Self { lookup, promoted, there, choices: terms.choices }
    }

    /// Notes a row that somebody edited in the target and that the sync would change, and says whether it stays as it is there.
    fn keep(
        &self,
        changes: &mut TableChanges,
        columns: &Columns<'_>,
        key: RowKey<'_>,
        now: Option<&Row>,
        wanted: Option<&Row>,
    ) -> bool {
        let Some(rows) = &self.promoted else { return false };
        let promoted = rows.get(&key);
        let edited = match (promoted, now, wanted) {
            // It was removed in the target, or added there.
            (Some(_), None, _) | (None, Some(_), None) => true,
            (Some(promoted), Some(now), None) => (0..promoted.len()).any(|at| self.differs(columns, at, promoted, now)),
            (Some(promoted), Some(now), Some(wanted)) if self.lookup.mode != Mode::AddOnly => {
                columns.cells(now, wanted).into_iter().any(|at| self.differs(columns, at, promoted, now))
            }
            // The same row was added on both sides, otherwise.
            (None, Some(now), Some(wanted)) if self.lookup.mode != Mode::AddOnly => !columns.cells(now, wanted).is_empty(),
            _ => false,
        };
        if !edited {
            return false;
        }
        let key: Vec<Option<String>> = key.into_iter().map(|value| value.map(Cow::into_owned)).collect();
        let keep = Choice::of(self.choices, &changes.table, &key);
        changes.conflicts.push(Conflict { key, promoted: promoted.cloned(), now: now.cloned(), wanted: wanted.cloned(), keep });
        keep == Some(Keep::Target)
    }

    fn differs(&self, columns: &Columns<'_>, at: usize, promoted: &Row, now: &Row) -> bool {
        let known = self.there.get(at).is_some_and(Option::is_some) && columns.now.get(at).is_some_and(Option::is_some);
        known && columns.counts(at) && promoted.get(at) != now.get(at)
    }
}

/// A row under the columns of the release, of which it has those at `places`.
fn as_released(places: &[Option<usize>], row: &Row) -> Row {
    places.iter().map(|at| at.and_then(|at| row.get(at)?.clone())).collect()
}

/// How the target's columns stand to the release's.
struct Columns<'a> {
    source: &'a TableRows,
    /// For each column of the release, where the target has it.
    now: Vec<Option<usize>>,
    ignored: BTreeSet<usize>,
    /// Ignored, or made or remade by the schema change.
    unknown: BTreeSet<usize>,
}

impl<'a> Columns<'a> {
    fn new(lookup: &LookupTable, catalog: &Catalog, source: &'a TableRows, now: Option<&TableRows>) -> Self {
        let mut all = Self { source, now: Vec::new(), ignored: BTreeSet::new(), unknown: BTreeSet::new() };
        for (at, column) in source.columns.iter().enumerate() {
            let here = now.and_then(|now| now.columns.iter().position(|other| other.name == column.name));
            let other = here.and_then(|at| now?.columns.get(at));
            let remade = now.is_some()
                && !column.generated
                && match other {
                    Some(other) => other.type_name != column.type_name,
                    None => filled(catalog, &source.table, &column.name),
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

    /// The column is compared.
    fn counts(&self, at: usize) -> bool {
        let generated = self.source.columns.get(at).is_some_and(|column| column.generated);
        !self.ignored.contains(&at) && !generated && self.source.surrogate != Some(at)
    }

    /// The cells that differ.
    fn cells(&self, before: &Row, wanted: &Row) -> Vec<usize> {
        let differs = |at: &usize| {
            let made = self.unknown.contains(at) && self.now.get(*at).is_some_and(Option::is_none);
            self.counts(*at) && (made || before.get(*at) != wanted.get(*at))
        };
        (0..wanted.len()).filter(differs).collect()
    }

    /// Takes one row to the other as far as the mode allows, and gives the row that will be there.
    fn compare(&self, mode: Mode, changes: &mut TableChanges, before: &Row, wanted: &Row) -> Result<Row, Problem> {
        let cells = self.cells(before, wanted);
        if cells.is_empty() {
            return Ok(before.clone());
        }
        if mode == Mode::AddOnly {
            changes.kept += 1;
            return Ok(before.clone());
        }
        if let Some(column) = cells.iter().filter_map(|at| self.source.columns.get(*at)).find(|column| column.identity_always) {
            let cause = format!(
                "{} is numbered by PostgreSQL (GENERATED ALWAYS) and differs, and such a value cannot be changed.",
                column.name
            );
            return Err(refused(
                &self.source.table,
                &cause,
                "Ignore the column in the lookup set, or make it GENERATED BY DEFAULT.",
            ));
        }
        let value = |at: usize| if self.ignored.contains(&at) { before.get(at) } else { wanted.get(at) };
        let after: Row = (0..wanted.len()).map(|at| value(at).cloned().flatten()).collect();
        changes.updates.push(RowUpdate { before: before.clone(), after: after.clone(), cells });
        Ok(after)
    }
}

/// A column that stays in its environment has to get its value there.
fn unvalued(lookup: &LookupTable, catalog: &Catalog, changes: &TableChanges) -> Option<Problem> {
    let table = shape::table(catalog, &lookup.table).filter(|_| !changes.inserts.is_empty())?;
    let needs = |column: &&crate::catalog::Column| {
        column.not_null && column.default.is_none() && column.identity.is_none() && column.generated.is_none()
    };
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

/// The sequences that give the table's columns their next values.
fn sequences(catalog: &Catalog, name: &QName) -> Vec<SequenceOf> {
    let Some(table) = shape::table(catalog, name) else { return Vec::new() };
    let of = |column: &crate::catalog::Column| {
        if let Some(identity) = &column.identity {
            return Some(SequenceOf { column: column.name.clone(), named: None, increment: identity.sequence.increment });
        }
        let (id, sequence) = nextval(catalog, column.default.as_deref()?)?;
        Some(SequenceOf { column: column.name.clone(), named: Some(id), increment: sequence.options.increment })
    };
    table.columns.iter().filter_map(of).collect()
}

/// The sequence behind `nextval('schema.name'::regclass)`.
fn nextval<'a>(catalog: &'a Catalog, default: &str) -> Option<(QName, &'a crate::catalog::Sequence)> {
    let named = default.strip_prefix("nextval('")?.split("'::regclass").next()?;
    catalog.objects.iter().find_map(|(id, object)| match object {
        crate::catalog::Object::Sequence(sequence) => {
            let plain = format!("{}.{}", id.schema, id.name);
            let name = QName::new(&id.schema, &id.name);
            let quoted = name.to_string();
            (named == plain || named.replace('"', "") == plain || named == quoted).then_some((name, sequence))
        }
        _ => None,
    })
}

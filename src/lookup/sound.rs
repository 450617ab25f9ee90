//! Whether the rows hold together after the sync: found before approval, where PostgreSQL would find it in the middle of a run.
//!
//! Only rows that are written can break what holds now, and only together with rows that hold the same values or refer to them. Those
//! are asked of the target. Where a rule is new, all rows of its tables are.

use super::compare::Frame;
use super::shape::{foreign_keys, uniques};
use super::table::{Columns, Part};
use super::{Row, RowUpdate, Shape, TableChanges, TableRows, owned_key};
use crate::catalog::{Catalog, Constraint, Object, QName, References};
use crate::problem::{Problem, ProblemKind};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// What the target says beside the rows that differ.
#[derive(Debug, Default)]
pub struct Facts {
    /// Rows as they are now, under the target's columns.
    pub rows: Vec<TableRows>,
    /// Tables of which `rows` has all.
    pub whole: BTreeSet<QName>,
    /// The highest values of whole numbers that must be unique.
    pub highest: BTreeMap<(QName, String), i64>,
}

impl Facts {
    /// All rows are at hand.
    pub(super) fn held(target: &[TableRows]) -> Self {
        let whole = target.iter().map(|rows| rows.table.clone()).collect();
        Self { rows: target.to_vec(), whole, highest: BTreeMap::new() }
    }

    /// Rows of a table of the target, beside those that are known already.
    pub fn add(&mut self, table: &QName, shape: &Shape, rows: Vec<Row>) {
        match self.rows.iter_mut().find(|known| known.table == *table) {
            Some(known) => known.rows.extend(rows),
            None => self.rows.push(TableRows::new(table, shape, rows)),
        }
    }

    pub(super) fn highest(&self, table: &QName, column: &str) -> Option<i64> {
        if let Some(known) = self.highest.get(&(table.clone(), column.to_owned())) {
            return Some(*known);
        }
        let rows = self.rows.iter().find(|rows| rows.table == *table)?;
        let at = rows.position(column)?;
        rows.rows.iter().filter_map(|row| row.get(at)?.as_deref()?.parse().ok()).max()
    }
}

/// What is to be asked of the target before a comparison can be concluded.
#[derive(Debug, PartialEq, Eq)]
pub enum Question {
    /// The rows whose columns have one of these values.
    Rows { table: QName, columns: Vec<String>, values: BTreeSet<Vec<String>> },
    /// All rows.
    All { table: QName },
    /// The highest value of a column.
    Highest { table: QName, column: String },
}

impl Question {
    pub fn table(&self) -> &QName {
        let (Self::Rows { table, .. } | Self::All { table } | Self::Highest { table, .. }) = self;
        table
    }
}

/// What the target has to be asked about rows that were not compared because they do not differ.
pub fn questions(frame: &Frame<'_>, parts: &[Part]) -> Vec<Question> {
    let mut asked = Vec::new();
    let there = |table: &QName| parts.iter().find(|part| part.changes.table == *table && part.now.is_some());
    for part in parts.iter().filter(|part| !part.changes.is_empty()) {
        let table = &part.changes.table;
        for unique in uniques(frame.release, table) {
            let Some(columns) = asked_by(part, &unique.columns) else { continue };
            let values: BTreeSet<Vec<String>> = moved(&part.changes, &columns).collect();
            asked.push(Question::Rows { table: table.clone(), columns: unique.columns.clone(), values });
            let numbers = columns.iter().filter_map(|at| part.changes.columns.get(*at));
            let numbers = numbers.filter(|column| matches!(column.type_name.as_str(), "integer" | "bigint"));
            asked.extend(numbers.map(|column| Question::Highest { table: table.clone(), column: column.name.clone() }));
        }
        for (_, constraint, to) in foreign_keys(frame.release, table) {
            if let Some((parent, columns)) = there(&to.table).zip(known(part, &constraint.columns))
                && asked_by(parent, &to.columns).is_some()
            {
                let values = moved(&part.changes, &columns).collect();
                asked.push(Question::Rows { table: to.table.clone(), columns: to.columns.clone(), values });
            }
        }
        for (child, constraint, to) in referring(frame.release, parts, table) {
            if let Some(columns) = known(part, &to.columns)
                && asked_by(child, &constraint.columns).is_some()
            {
                let values = gone(&part.changes, &columns);
                asked.push(Question::Rows { table: child.changes.table.clone(), columns: constraint.columns.clone(), values });
            }
        }
    }
    asked.retain(|question| !matches!(question, Question::Rows { values, .. } if values.is_empty()));
    let whole = under_new_rules(frame, parts);
    asked.extend(whole.into_iter().filter(|table| there(table).is_some()).map(|table| Question::All { table }));
    asked
}

/// The tables of rules that the target does not have yet and that written rows may meet.
fn under_new_rules(frame: &Frame<'_>, parts: &[Part]) -> BTreeSet<QName> {
    let written: BTreeSet<&QName> =
        parts.iter().map(|part| &part.changes).filter(|one| !one.is_empty()).map(|one| &one.table).collect();
    let mut whole = BTreeSet::new();
    for (id, object) in &frame.release.objects {
        let table = match object {
            Object::Constraint(_) => id.qname(),
            Object::Index(index) if index.unique => index.table.clone(),
            _ => continue,
        };
        if frame.target.objects.get(id).is_some_and(|there| same_rule(there, object)) || frame.set.find(&table).is_none() {
            continue;
        }
        let to = match object {
            Object::Constraint(Constraint { references: Some(to), .. }) => Some(&to.table),
            _ => None,
        };
        if written.contains(&table) || to.is_some_and(|to| written.contains(to)) {
            whole.extend(to.cloned());
            whole.insert(table);
        }
    }
    whole
}

fn same_rule(one: &Object, other: &Object) -> bool {
    match (one, other) {
        (Object::Constraint(one), Object::Constraint(other)) => one.definition == other.definition,
        (Object::Index(one), Object::Index(other)) => one.definition == other.definition,
        _ => false,
    }
}

/// The foreign keys of lookup tables that lead to this one.
fn referring<'p>(
    catalog: &'p Catalog,
    parts: &'p [Part],
    table: &'p QName,
) -> impl Iterator<Item = (&'p Part, &'p Constraint, &'p References)> {
    parts.iter().flat_map(move |part| {
        let keys = foreign_keys(catalog, &part.changes.table).filter(|(_, _, to)| to.table == *table);
        keys.map(move |(_, constraint, to)| (part, constraint, to))
    })
}

/// Positions of columns whose values will be known in every row.
fn known(part: &Part, names: &[String]) -> Option<Vec<usize>> {
    let at = |name: &String| part.changes.columns.iter().position(|column| column.name == *name);
    let positions: Vec<usize> = names.iter().map(at).collect::<Option<_>>()?;
    (!positions.iter().any(|at| part.changes.unknown.contains(at))).then_some(positions)
}

/// The same, when the target has the columns already.
fn asked_by(part: &Part, names: &[String]) -> Option<Vec<usize>> {
    let now = part.now.as_ref()?;
    known(part, names).filter(|_| names.iter().all(|name| now.position(name).is_some()))
}

/// The values that written rows bring.
fn moved<'c>(changes: &'c TableChanges, columns: &'c [usize]) -> impl Iterator<Item = Vec<String>> + 'c {
    let updates = changes.updates.iter().filter(|update| moves(update, columns)).map(|update| update.after);
    changes.inserts.iter().chain(updates).filter_map(|row| owned(&row, columns))
}

/// The values that rows had and have no more.
fn gone(changes: &TableChanges, columns: &[usize]) -> BTreeSet<Vec<String>> {
    let updates = changes.updates.iter().filter(|update| moves(update, columns)).map(|update| update.before);
    changes.deletes.iter().chain(updates).filter_map(|row| owned(&row, columns)).collect()
}

fn moves(update: &RowUpdate, columns: &[usize]) -> bool {
    whole(&update.before, columns) != whole(&update.after, columns)
}

/// A table after the sync, as far as it is known.
struct After<'a> {
    part: &'a Part,
    /// Rows of the target that stay as they are.
    kept: Vec<Cow<'a, Row>>,
    /// `kept` has all of them.
    is_whole: bool,
}

impl<'a> After<'a> {
    fn of(frame: &Frame<'_>, part: &'a Part, facts: &'a Facts) -> Self {
        let changes = &part.changes;
        let is_whole = part.now.is_none() || facts.whole.contains(&changes.table);
        let mut kept = Vec::new();
        if let Some((rows, lookup)) =
            facts.rows.iter().find(|rows| rows.table == changes.table).zip(frame.set.find(&changes.table))
        {
            let keyed = |row| (owned_key(rows.key_of(row)), row);
            let mut there: BTreeMap<_, &Row> = rows.rows.iter().rev().map(keyed).collect();
            for row in changes.updates.iter().map(|update| update.before).chain(changes.deletes.iter()) {
                there.remove(&owned_key(changes.key_of(&row)));
            }
            let (source, now) = (shape_of(changes), rows.shape());
            let columns = Columns::new(lookup, frame.release, &source, Some(&now));
            kept.extend(there.into_values().map(|row| columns.as_released(row)));
        }
        Self { part, kept, is_whole }
    }

    fn rows(&self) -> impl Iterator<Item = Cow<'_, Row>> {
        self.part.changes.written().map(Cow::Owned).chain(self.kept.iter().map(|row| Cow::Borrowed(row.as_ref())))
    }
}

fn shape_of(changes: &TableChanges) -> Shape {
    Shape { columns: changes.columns.clone(), key: changes.key.clone(), surrogate: None }
}

pub(super) fn problems(frame: &Frame<'_>, parts: &[Part], facts: &Facts) -> Vec<Problem> {
    let after: Vec<After<'_>> = parts.iter().map(|part| After::of(frame, part, facts)).collect();
    let mut found = Vec::new();
    for table in &after {
        found.extend(orphans(frame.release, table, &after));
        found.extend(duplicates(frame.release, table));
    }
    found
}

fn orphans(catalog: &Catalog, table: &After<'_>, after: &[After<'_>]) -> Vec<Problem> {
    let mut found = Vec::new();
    let name = &table.part.changes.table;
    for (_, constraint, to) in foreign_keys(catalog, name) {
        let Some(parents) = after.iter().find(|other| other.part.changes.table == to.table) else { continue };
        let (Some(own), Some(theirs)) = (known(table.part, &constraint.columns), known(parents.part, &to.columns)) else {
            continue;
        };
        let gone = gone(&parents.part.changes, &theirs);
        let both = table.is_whole && parents.is_whole;
        let mut lost: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let changes = &table.part.changes;
        let stays = changes.updates.iter().filter(|update| !moves(update, &own)).map(|update| Cow::Owned(update.after));
        let kept = table.kept.iter().map(|row| Cow::Borrowed(row.as_ref()));
        let stays = stays.filter(|_| both || !gone.is_empty()).chain(kept).filter_map(|row| owned(&row, &own));
        for key in moved(changes, &own).chain(stays.filter(|key| both || gone.contains(key))) {
            *lost.entry(key).or_default() += 1;
        }
        for row in parents.rows() {
            if lost.is_empty() {
                break;
            }
            owned(&row, &theirs).and_then(|key| lost.remove(&key));
        }
        if let Some((first, _)) = lost.first_key_value() {
            let rows = counted(lost.values().sum(), name);
            found.push(
                Problem::new(
                    ProblemKind::Conflict,
                    format!("{rows} would refer to rows of {} that are not there.", to.table.shown()),
                )
                .because(format!("For example {} = {}.", constraint.columns.join(", "), first.join(", ")))
                .way_out("Let both tables be synced in full, or correct the rows in the source and freeze again."),
            );
        }
    }
    found
}

fn duplicates(catalog: &Catalog, table: &After<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    let name = &table.part.changes.table;
    for unique in uniques(catalog, name) {
        let Some(columns) = known(table.part, &unique.columns) else { continue };
        let counts = more_than_once(table, &columns);
        if let Some((key, count)) = counts.into_iter().find(|(_, count)| *count > 1) {
            let what = format!("{} would have the same {}.", counted(count, name), unique.columns.join(", "));
            found.push(
                Problem::new(ProblemKind::Conflict, what)
                    .because(format!("The value is {}, in rows of the release and rows that stay in the target.", key.join(", ")))
                    .way_out("Change one of the rows, or let the promotion delete the target's row."),
            );
        }
    }
    found
}

/// Counts the values that more than one row may have: first by their hashes, which need little room.
fn more_than_once(table: &After<'_>, columns: &[usize]) -> BTreeMap<Vec<String>, usize> {
    if moved(&table.part.changes, columns).next().is_none() && !table.is_whole {
        return BTreeMap::new();
    }
    let hash = |values: &[&str]| BuildHasherDefault::<DefaultHasher>::default().hash_one(values);
    let mut hashes: Vec<u64> = table.rows().filter_map(|row| whole(&row, columns).map(|values| hash(&values))).collect();
    hashes.sort_unstable();
    let twice: BTreeSet<u64> = hashes.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    let mut counts = BTreeMap::new();
    let seen_again = |row: &Cow<'_, Row>| whole(row, columns).is_some_and(|values| twice.contains(&hash(&values)));
    if !twice.is_empty() {
        for key in table.rows().filter(seen_again).filter_map(|row| owned(&row, columns)) {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}

fn counted(count: usize, table: &QName) -> String {
    let table = table.shown();
    if count == 1 { format!("1 row of {table}") } else { format!("{count} rows of {table}") }
}

fn owned(row: &Row, columns: &[usize]) -> Option<Vec<String>> {
    Some(whole(row, columns)?.into_iter().map(str::to_owned).collect())
}

/// The values, when none of them is NULL: only then a key refers to anything or can be a duplicate.
fn whole<'a>(row: &'a Row, columns: &[usize]) -> Option<Vec<&'a str>> {
    columns.iter().map(|at| row.get(*at).and_then(Option::as_deref)).collect()
}

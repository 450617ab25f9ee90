//! Rows of the release against rows of the target, by primary key.
//!
//! The target's rows are read under its present columns, and are compared as they will stand after the schema change of the same
//! promotion, by one rule: a column that the target does not have yet is empty when it comes without a default; otherwise its value is
//! unknown, and so is one whose type changes. Unknown cells differ, so that they are written, and are no condition of any statement.

use super::order::{self, Order};
use super::shape::{self, refused, shape};
use super::{
    LookupSet, LookupTable, Mode, Row, RowUpdate, SequenceOf, TableChanges, TableRows, fingerprint, fingerprint_after, park,
    sound,
};
use crate::catalog::{Catalog, Fingerprint, QName};
use crate::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub catalog: &'a Catalog,
    pub rows: &'a [TableRows],
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

/// What takes the lookup rows of `target` to those of `release`. `deletes_allowed` is the policy of the target.
pub fn diff(set: &LookupSet, release: Side<'_>, target: Side<'_>, deletes_allowed: bool) -> Comparison {
    let mut problems = Vec::new();
    let mut changes = Vec::new();
    let mut after = Vec::new();
    for table in &set.tables {
        match table_changes(table, release, target, deletes_allowed) {
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
    let to = fingerprint_after(set, &changes, &after);
    changes.retain(|one| !one.is_empty() || one.kept > 0 || !one.unknown.is_empty());
    Comparison { changes, problems, from: fingerprint(set, target.rows), to }
}

struct Compared {
    changes: TableChanges,
    after: TableRows,
}

fn table_changes(
    lookup: &LookupTable,
    release: Side<'_>,
    target: Side<'_>,
    deletes_allowed: bool,
) -> Result<Option<Compared>, Problem> {
    let name = &lookup.table;
    let Some(source) = release.rows.iter().find(|rows| rows.table == *name) else { return Ok(None) };
    let now = target.rows.iter().find(|rows| rows.table == *name);
    if shape(target.catalog, name)?.is_some()
        && let Some(now) = now
    {
        same_key(source, now)?;
    }
    let columns = Columns::new(lookup, release.catalog, source, now);
    let rows: BTreeMap<_, Row> =
        now.map_or_else(BTreeMap::new, |now| now.rows.iter().map(|row| (now.key_of(row), columns.as_released(row))).collect());
    let mut changes = TableChanges {
        table: name.clone(),
        columns: source.columns.clone(),
        key: source.key.clone(),
        inserts: Vec::new(),
        updates: Vec::new(),
        deletes: Vec::new(),
        kept: 0,
        unknown: columns.unknown.iter().copied().collect(),
        parked: Vec::new(),
        deferred: Vec::new(),
        sequences: Vec::new(),
    };
    let mut after = TableRows { rows: Vec::new(), ..source.clone() };
    let mut wanted = BTreeSet::new();
    for row in &source.rows {
        let key = source.key_of(row);
        match rows.get(&key) {
            None => {
                changes.inserts.push(row.clone());
                after.rows.push(row.clone());
            }
            Some(before) => after.rows.push(columns.compare(lookup.mode, &mut changes, before, row)?),
        }
        wanted.insert(key);
    }
    for (key, row) in rows {
        if wanted.contains(&key) {
            continue;
        }
        if lookup.mode == Mode::Mirror && deletes_allowed {
            changes.deletes.push(row);
        } else {
            changes.kept += 1;
            after.rows.push(row);
        }
    }
    changes.sequences = if changes.inserts.is_empty() { Vec::new() } else { sequences(release.catalog, name) };
    Ok(Some(Compared { changes, after }))
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

    /// A row of the target under the columns of the release.
    fn as_released(&self, row: &Row) -> Row {
        self.now.iter().map(|at| at.and_then(|at| row.get(at)?.clone())).collect()
    }

    /// Takes one row to the other as far as the mode allows, and gives the row that will be there.
    fn compare(&self, mode: Mode, changes: &mut TableChanges, before: &Row, wanted: &Row) -> Result<Row, Problem> {
        let differs = |at: &usize| {
            let made = self.unknown.contains(at) && self.now.get(*at).is_some_and(Option::is_none);
            let generated = self.source.columns.get(*at).is_some_and(|column| column.generated);
            !self.ignored.contains(at) && !generated && (made || before.get(*at) != wanted.get(*at))
        };
        let cells: Vec<usize> = (0..wanted.len()).filter(differs).collect();
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

/// A new column gets a value by itself in rows that are there already.
fn filled(catalog: &Catalog, table: &QName, column: &str) -> bool {
    shape::table(catalog, table)
        .and_then(|table| table.columns.iter().find(|one| one.name == column))
        .is_some_and(|column| column.default.is_some() || column.identity.is_some())
}

/// Rows are paired by the text of their key, so both sides must print it alike.
fn same_key(source: &TableRows, now: &TableRows) -> Result<(), Problem> {
    let names = |table: &TableRows| -> Vec<String> {
        table.key.iter().filter_map(|at| table.columns.get(*at)).map(|column| column.name.clone()).collect()
    };
    let (wanted, there) = (names(source), names(now));
    if wanted != there {
        let cause =
            format!("Its primary key is ({}) in the release and ({}) in the target.", wanted.join(", "), there.join(", "));
        return Err(refused(&source.table, &cause, "Promote the new key first, without the table in the lookup set."));
    }
    for (a, b) in source.key.iter().zip(&now.key) {
        if let (Some(a), Some(b)) = (source.columns.get(*a), now.columns.get(*b))
            && family(&a.type_name) != family(&b.type_name)
        {
            let cause = format!("Its key column {} is {} in the release and {} in the target.", a.name, a.type_name, b.type_name);
            return Err(refused(&source.table, &cause, "Promote the new type first, without the table in the lookup set."));
        }
    }
    Ok(())
}

/// Types of one family print equal values equally.
fn family(type_name: &str) -> &str {
    match type_name {
        "smallint" | "integer" | "bigint" => "integer",
        name if name == "text" || name.starts_with("character varying") => "text",
        name => name,
    }
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

//! Which columns and key a lookup table has, and why a table cannot be one.

use super::digest::{hash_of, record};
use super::rows::{is_folded, key_of};
use super::{LookupTable, Row, RowColumn, RowKey, lines};
use crate::catalog::{Catalog, Constraint, ConstraintType, Kind, Object, ObjectId, QName, Table};
use crate::problem::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};

/// The columns that travel, and those that pair the rows, of a table that can be a lookup table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    pub columns: Vec<RowColumn>,
    /// Positions in `columns`.
    pub key: Vec<usize>,
    /// The position of the primary key's only column, when another key pairs the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surrogate: Option<usize>,
}

impl Shape {
    pub fn key_of<'a>(&self, row: &'a Row) -> RowKey<'a> {
        key_of(&self.columns, &self.key, row)
    }

    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The positions of the columns that a digest counts, by name: neither ignored ones nor those that PostgreSQL computes.
    pub fn counted(&self, lookup: &LookupTable) -> Vec<usize> {
        let counts =
            |at: &usize| self.columns.get(*at).is_some_and(|column| !column.generated && !lookup.ignored.contains(&column.name));
        let mut positions: Vec<usize> = (0..self.columns.len()).filter(counts).collect();
        positions.sort_by_key(|at| self.columns.get(*at).map(|column| &column.name));
        positions
    }

    pub fn names(&self, positions: &[usize]) -> Vec<String> {
        positions.iter().filter_map(|at| self.columns.get(*at)).map(|column| column.name.clone()).collect()
    }

    /// Equal keys have equal texts, so that the hash of the text tells where a row stands.
    pub fn is_placed(&self) -> bool {
        !self.key.iter().filter_map(|at| self.columns.get(*at)).any(|column| is_folded(&column.type_name))
    }

    /// Rows of both sides that are a pair stand in the same place. Tables are read in the order of places, which no collation changes.
    pub fn place(&self, row: &Row) -> i64 {
        if self.is_placed() { hash_of(row, &self.key) } else { 0 }
    }

    /// The same of a line.
    pub fn place_in(&self, line: &str) -> i64 {
        if !self.is_placed() {
            return 0;
        }
        let value = |at: &usize| line.split('\t').nth(*at).and_then(lines::value);
        let key: Vec<_> = self.key.iter().map(value).collect();
        hash_of(&key, &(0..key.len()).collect::<Vec<_>>())
    }

    /// The same table with its columns in the order in which `other` has them; those that `other` does not have come last.
    #[must_use]
    pub fn ordered_as(&self, other: &Self) -> Self {
        let known = other.columns.iter().filter_map(|column| self.position(&column.name));
        let more =
            (0..self.columns.len()).filter(|at| self.columns.get(*at).is_some_and(|one| other.position(&one.name).is_none()));
        let order: Vec<usize> = known.chain(more).collect();
        let moved = |at: &usize| order.iter().position(|from| from == at);
        Self {
            columns: order.iter().filter_map(|at| self.columns.get(*at).cloned()).collect(),
            key: self.key.iter().filter_map(moved).collect(),
            surrogate: self.surrogate.as_ref().and_then(moved),
        }
    }

    /// The order in which rows are read and kept.
    pub fn order(&self, row: &Row) -> (i64, String) {
        let key = || record(self.key.iter().map(|at| row.get(*at).and_then(Option::as_deref)));
        if self.is_placed() { (self.place(row), String::new()) } else { (0, key()) }
    }
}

/// None when the catalog has no such relation; a problem when it has one that cannot be synced row by row.
pub fn shape(catalog: &Catalog, lookup: &LookupTable) -> Result<Option<Shape>, Problem> {
    let name = &lookup.table;
    let Some(table) = table(catalog, name) else {
        let view = [Kind::View, Kind::MaterializedView].into_iter().any(|kind| catalog.objects.contains_key(&id(kind, name)));
        return if view {
            Err(refused(name, "It is a view.", "Take the tables behind it into the lookup set."))
        } else {
            Ok(None)
        };
    };
    if !table.inherits.is_empty() || tables(catalog).any(|(_, other)| other.inherits.contains(name)) {
        return Err(refused(name, "It is part of an inheritance tree, whose keys do not hold across tables.", LEAVE_OUT));
    }
    if let Some(partition) = &table.partition_of {
        return Err(refused(
            name,
            "It is a partition.",
            &format!("Take {} into the lookup set instead.", partition.parent.shown()),
        ));
    }
    unknown_columns(lookup, table)?;
    let primary = constraints(catalog, name).find(|(_, constraint)| constraint.constraint_type == ConstraintType::PrimaryKey);
    let primary = primary.map(|(_, constraint)| &constraint.columns);
    let chosen = Some(&lookup.key).filter(|key| !key.is_empty());
    let Some(key) = chosen.or(primary) else {
        return Err(refused(
            name,
            "It has no primary key.",
            "Name the columns that pair its rows as its key, or take it out of the lookup set.",
        ));
    };
    let columns: Vec<RowColumn> = table
        .columns
        .iter()
        .filter(|column| !lookup.pinned.contains(&column.name))
        .map(|column| RowColumn {
            name: column.name.clone(),
            type_name: column.type_name.clone(),
            identity_always: column.identity.as_ref().is_some_and(|identity| identity.always),
            generated: column.generated.is_some(),
        })
        .collect();
    let position = |name: &String| columns.iter().position(|column| column.name == *name);
    let surrogate = match primary.filter(|primary| chosen.is_some_and(|key| !primary.iter().all(|name| key.contains(name)))) {
        None => None,
        Some(primary) => match primary.as_slice() {
            [one] => position(one),
            _ => {
                let cause =
                    format!("Its primary key ({}) has several columns that are not in the key of its rows.", primary.join(", "));
                return Err(refused(name, &cause, "Choose the primary key, or take it out of the lookup set."));
            }
        },
    };
    let key = key.iter().filter_map(position).collect();
    Ok(Some(Shape { columns, key, surrogate }))
}

/// A pinned column that is nowhere is a slip, and what was meant would travel. The database that a release goes to may not have it yet.
pub fn pinned_are_there(catalog: &Catalog, lookup: &LookupTable) -> Result<(), Problem> {
    table(catalog, &lookup.table).map_or(Ok(()), |table| has(table, &lookup.table, "pinned", &lookup.pinned))
}

fn has(table: &Table, name: &QName, what: &str, columns: &[String]) -> Result<(), Problem> {
    let Some(column) = columns.iter().find(|name| !table.columns.iter().any(|column| column.name == **name)) else {
        return Ok(());
    };
    let cause = format!("It has no column {column}, which is among the {what} columns.");
    Err(refused(name, &cause, "Correct the lookup set."))
}

/// What the set says of columns that the table does not have, or that cannot be.
fn unknown_columns(lookup: &LookupTable, table: &Table) -> Result<(), Problem> {
    let LookupTable { table: name, key, ignored, pinned, masked, .. } = lookup;
    has(table, name, "key", key)?;
    let of_key = |columns: &[String]| columns.iter().find(|column| key.contains(column)).cloned();
    if let Some(column) = of_key(pinned).or_else(|| of_key(ignored)).or_else(|| of_key(masked)) {
        let cause = format!("{column} pairs its rows, and can be neither pinned nor ignored nor masked.");
        return Err(refused(name, &cause, "Choose another key, or let the column travel."));
    }
    Ok(())
}

const LEAVE_OUT: &str = "Take it out of the lookup set.";

/// A lookup table that Lockstep will not touch.
pub(super) fn refused(table: &QName, cause: &str, way_out: &str) -> Problem {
    Problem::new(ProblemKind::Unsupported, format!("{} cannot be a lookup table.", table.shown())).because(cause).way_out(way_out)
}

fn id(kind: Kind, name: &QName) -> ObjectId {
    ObjectId { kind, schema: name.schema.clone(), name: name.name.clone(), part: String::new() }
}

pub(super) fn table<'a>(catalog: &'a Catalog, name: &QName) -> Option<&'a Table> {
    match catalog.objects.get(&id(Kind::Table, name)) {
        Some(Object::Table(table)) => Some(table),
        _ => None,
    }
}

pub(super) fn tables(catalog: &Catalog) -> impl Iterator<Item = (QName, &Table)> {
    catalog.objects.iter().filter_map(|(id, object)| match object {
        Object::Table(table) => Some((QName::new(&id.schema, &id.name), table.as_ref())),
        _ => None,
    })
}

/// The constraints of one table by name.
pub(super) fn constraints<'a>(catalog: &'a Catalog, table: &QName) -> impl Iterator<Item = (&'a str, &'a Constraint)> {
    let first = id(Kind::Constraint, table);
    let (schema, name) = (table.schema.clone(), table.name.clone());
    catalog
        .objects
        .range(first..)
        .take_while(move |(id, _)| id.kind == Kind::Constraint && id.schema == schema && id.name == name)
        .filter_map(|(id, object)| match object {
            Object::Constraint(constraint) => Some((id.part.as_str(), constraint)),
            _ => None,
        })
}

/// The foreign keys of one table by name, with where they lead.
pub(super) fn foreign_keys<'a>(
    catalog: &'a Catalog,
    table: &QName,
) -> impl Iterator<Item = (&'a str, &'a Constraint, &'a crate::catalog::References)> {
    constraints(catalog, table).filter_map(|(name, constraint)| {
        constraint
            .references
            .as_ref()
            .filter(|_| constraint.constraint_type == ConstraintType::ForeignKey)
            .map(|to| (name, constraint, to))
    })
}

/// Column lists whose values are unique in the table, other than the primary key: constraints and plain unique indexes. Indexes on
/// expressions or on part of the rows are not understood here; PostgreSQL still holds them.
pub(super) fn uniques(catalog: &Catalog, table: &QName) -> Vec<Unique> {
    let mut found: Vec<Unique> = constraints(catalog, table)
        .filter(|(_, constraint)| constraint.constraint_type == ConstraintType::Unique)
        .map(|(_, constraint)| Unique {
            columns: constraint.columns.clone(),
            deferrable: constraint.definition.contains(" DEFERRABLE") && !constraint.definition.contains("NOT DEFERRABLE"),
            nulls_distinct: !constraint.definition.contains("NULLS NOT DISTINCT"),
        })
        .collect();
    for (id, object) in &catalog.objects {
        if let Object::Index(index) = object
            && id.kind == Kind::Index
            && index.unique
            && index.table == *table
            && let Some(columns) = plain_columns(&index.definition)
        {
            found.push(Unique { columns, deferrable: false, nulls_distinct: !index.definition.contains("NULLS NOT DISTINCT") });
        }
    }
    found
}

pub(super) struct Unique {
    pub columns: Vec<String>,
    pub deferrable: bool,
    pub nulls_distinct: bool,
}

/// The columns of an index on bare columns over all rows; none for any other.
fn plain_columns(definition: &str) -> Option<Vec<String>> {
    let (_, rest) = definition.split_once(" USING btree (")?;
    let (list, rest) = rest.split_once(')')?;
    if list.contains('(') || rest.contains(" WHERE ") {
        return None;
    }
    Some(list.split(", ").map(|part| part.split(' ').next().unwrap_or(part).trim_matches('"').to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup::Lines;

    fn shape(names: &[&str], key: &[usize]) -> Shape {
        let column = |name: &&str| RowColumn {
            name: (*name).to_owned(),
            type_name: "text".to_owned(),
            identity_always: false,
            generated: false,
        };
        Shape { columns: names.iter().map(column).collect(), key: key.into(), surrogate: None }
    }

    #[test]
    fn a_line_stands_where_its_row_stands() {
        let shape = shape(&["a", "b", "c"], &[2, 0]);
        for key in [None, Some(""), Some("plain"), Some("with \\ tab\tand (comma,)")] {
            let row: Row = vec![key.map(str::to_owned), Some("other".to_owned()), Some("c".to_owned())];
            let lines: Lines = std::iter::once(&row).collect();
            assert_eq!(lines.iter().map(|line| shape.place_in(line)).collect::<Vec<_>>(), [shape.place(&row)], "{key:?}");
        }
    }

    #[test]
    fn columns_follow_another_order_and_the_key_follows_them() {
        let (release, target) = (shape(&["a", "b", "c"], &[0, 1]), shape(&["c", "own", "b", "a"], &[3, 2]));
        assert_eq!(target.ordered_as(&release), shape(&["a", "b", "c", "own"], &[0, 1]));
    }
}

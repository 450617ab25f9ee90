//! A release held against a target: the plan of the schema and the changes of the lookup rows, which know of each other.

use crate::catalog::{Catalog, Kind, Object, ObjectId, QName, Scope};
use crate::lookup::{Choice, Comparison, TableChanges, TableDigest};
use crate::plan::{self, EnumValue, Options, Plan, Rename, Statement};
use crate::problem::{Problem, ProblemKind};
use crate::release::Content;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What takes the target to the release, and what stands in the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub plan: Plan,
    pub lookup: Comparison,
}

/// What the target's policy and the person say of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// Lookup rows that are gone from the release are deleted.
    pub deletes_allowed: bool,
    /// In which the target was read.
    pub scope: Scope,
    /// What would keep clients waiting comes after the transaction.
    pub online: bool,
    /// The target's own triggers do not see how lookup rows are written.
    pub triggers_off: bool,
    pub renames: &'a [Rename],
    /// About lookup rows that were edited in the target since the last promotion.
    pub choices: &'a [Choice],
}

/// The schema that the release leaves behind in the target.
pub fn released<'a>(release: &'a Content, target: &'a Catalog, scope: Scope) -> Cow<'a, Catalog> {
    match release.rows_only {
        true => Cow::Borrowed(target),
        false => release.catalog.within(scope),
    }
}

/// `lookup` is what the rows of both sides came to, under the schema that is `released`.
pub fn compare(release: &Content, target: &Catalog, mut lookup: Comparison, terms: Terms<'_>) -> Compared {
    let Terms { scope, online, triggers_off, renames, .. } = terms;
    let catalog = released(release, target, scope);
    lookup.changes.iter_mut().for_each(|changes| changes.triggers_off = triggers_off);
    if release.rows_only {
        lookup.problems.extend(release.lookup.iter().filter_map(|rows| misplaced(target, rows)));
    }
    lookup.problems.extend(renames.iter().filter_map(|rename| renamed_rows(release, renames, rename)));
    let options = Options {
        scope,
        online,
        values_used: values_used(&catalog, &lookup.changes),
        synced: synced(&lookup.changes),
        renames: renames.to_vec(),
    };
    Compared { plan: plan::plan(&catalog, target, &options), lookup }
}

/// Rows of a file need the columns that they were written from: no schema comes with them.
fn misplaced(target: &Catalog, rows: &TableDigest) -> Option<Problem> {
    let what = format!("The target cannot take the rows of {}.", rows.table.shown());
    let refused = |cause: String| {
        let way_out = "Promote the schema first, or export the data from a database that has the same columns.";
        Some(Problem::new(ProblemKind::Conflict, what.as_str()).because(cause).way_out(way_out))
    };
    let Some(table) = target.table(&ObjectId::table(&rows.table)) else {
        return refused("It has no such table.".to_owned());
    };
    rows.shape.columns.iter().find_map(|column| match table.columns.iter().find(|there| there.name == column.name) {
        None => refused(format!("Its table has no column {}.", column.name)),
        Some(there) if there.type_name != column.type_name => {
            refused(format!("Its column {} is {}, and {} in the file.", column.name, there.type_name, column.type_name))
        }
        Some(_) => None,
    })
}

/// Rows are compared by the names of their columns: under a new name each value would look like another one.
fn renamed_rows(release: &Content, renames: &[Rename], rename: &Rename) -> Option<Problem> {
    let called = |table: &QName| {
        let renamed = renames.iter().find(|one| one.column.is_none() && one.table == *table);
        renamed.map_or_else(|| table.clone(), |one| QName::new(&table.schema, &one.to))
    };
    let rows = release.lookup.iter().find(|rows| rows.table == called(&rename.table))?;
    let what = match &rename.column {
        Some(column) if rows.shape.position(&rename.to).is_some() => format!("its column {column} gets another name"),
        Some(_) => return None,
        None => "it gets another name".to_owned(),
    };
    Some(
        Problem::new(ProblemKind::Unsupported, format!("The rows of {} cannot be compared.", rows.table.shown()))
            .because(format!("It is a lookup table, and {what} in the same promotion."))
            .way_out(
                "Take it out of the lookup set, freeze and promote the new name, then take it in again and promote the rows.",
            ),
    )
}

/// The statements of the transaction, before and after the lookup rows are written. Rules for rows, and what is built on them, come
/// after the rows that they are meant for; where foreign keys must wait for the last row they have to be there already.
pub fn around_rows<'a>(plan: &'a Plan, rows: &[TableChanges]) -> (Vec<&'a Statement>, Vec<&'a Statement>) {
    let after_rows = |statement: &&Statement| {
        matches!(
            statement.object.kind,
            Kind::Constraint
                | Kind::Index
                | Kind::Statistics
                | Kind::View
                | Kind::MaterializedView
                | Kind::Rule
                | Kind::Trigger
                | Kind::Policy
                | Kind::Publication
                | Kind::EventTrigger
        )
    };
    let mut first: Vec<&Statement> = plan.together().collect();
    let waiting = rows.iter().any(|table| !table.deferred.is_empty());
    let tail = if waiting { 0 } else { first.iter().rev().take_while(|statement| after_rows(statement)).count() };
    let last = first.split_off(first.len() - tail);
    (first, last)
}

/// Tables whose new rules meet the rows of the release, not those that are there now (`around_rows`).
fn synced(changes: &[TableChanges]) -> BTreeSet<QName> {
    let waiting = changes.iter().any(|table| !table.deferred.is_empty());
    changes.iter().filter(|table| !waiting && !table.is_empty()).map(|table| table.table.clone()).collect()
}

/// Enum values that rows are given: a new one must be committed before a row can have it.
fn values_used(catalog: &Catalog, changes: &[TableChanges]) -> BTreeSet<EnumValue> {
    let mut used = BTreeSet::new();
    for (id, _) in catalog.objects.iter().filter(|(_, object)| matches!(object, Object::Enum(_))) {
        let name = id.qname();
        let plain = format!("{}.{}", id.schema, id.name);
        let same = |type_name: &str| type_name == plain || type_name == name.to_string() || type_name.replace('"', "") == plain;
        for table in changes {
            for at in (0..table.columns.len()).filter(|at| table.columns.get(*at).is_some_and(|column| same(&column.type_name))) {
                let labels = table.written().filter_map(|row| row.get(at)?.clone());
                used.extend(labels.map(|label| EnumValue { enum_type: name.clone(), label }));
            }
        }
    }
    used
}

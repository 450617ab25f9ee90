//! The statements that take one column of a table to another definition, keeping its values and its counter.

use super::closure::widens;
use super::ddl::{check, column, sequence};
use super::hazard::{Hazard, HazardKind, hazard};
use crate::catalog::{Catalog, Column, Kind, Object, ObjectId, QName, Table};

/// One statement of a column with its risks.
pub(super) type Step = (String, Vec<Hazard>);

/// The column as it will be when its parent's own change has reached it: statements on a parent reach partitions and children.
pub(super) fn inherited(source: &Catalog, target: &Catalog, table: &ObjectId, name: &str) -> Option<Column> {
    let before = target.table(table)?;
    let own = before.columns.iter().find(|column| column.name == name).cloned();
    let parents = |of: &Table| {
        of.partition_of.iter().map(|of| of.parent.clone()).chain(of.inherits.iter().cloned()).collect::<Vec<QName>>()
    };
    let kept: Vec<QName> = parents(before)
        .into_iter()
        .filter(|parent| source.table(table).is_some_and(|after| parents(after).contains(parent)))
        .collect();
    let find = |catalog: &Catalog, parent: &QName| {
        let table = catalog.table(&ObjectId::table(parent))?;
        table.columns.iter().find(|column| column.name == name).cloned()
    };
    let mut result = own;
    for parent in kept {
        match (
            inherited(source, target, &ObjectId::table(&parent), name).or_else(|| find(target, &parent)),
            find(source, &parent),
        ) {
            (Some(old), Some(new)) => {
                if let Some(column) = &mut result {
                    reach(column, &old, &new);
                }
            }
            (None, Some(new)) => {
                let not_null = column::requires_below(&new);
                let given = Column { local: false, not_null, not_null_constraint: None, identity: None, comment: None, ..new };
                result = result.or(Some(given));
            }
            (Some(_), None) if result.as_ref().is_some_and(|column| !column.local) => result = None,
            _ => {}
        }
    }
    result
}

/// A statement on the parent that takes its column from `old` to `new` does the same to the child's.
fn reach(child: &mut Column, old: &Column, new: &Column) {
    if old.type_name != new.type_name || old.collation != new.collation {
        child.type_name.clone_from(&new.type_name);
        child.collation.clone_from(&new.collation);
    }
    if column::requires_below(old) != column::requires_below(new) {
        child.not_null = column::requires_below(new);
    }
    if old.generated != new.generated {
        child.generated.clone_from(&new.generated);
    }
}

/// The sequence of a `nextval` default that belongs to this very column.
pub(super) fn own_sequence<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<(&'a ObjectId, &'a crate::catalog::Sequence)> {
    catalog.objects.iter().find_map(|(sequence, object)| match object {
        Object::Sequence(of) if of.owned_by.as_ref().is_some_and(|by| by.table == id.qname() && by.column == id.part) => {
            Some((sequence, of))
        }
        _ => None,
    })
}

/// `whole` is false when the default comes later, and with it the rule that there is always a value. `leads` tells of partitions or
/// children, whom the column reaches too.
pub(super) fn add(id: &ObjectId, new: &Column, whole: bool, leads: bool) -> Vec<Step> {
    let mut hazards = Vec::new();
    let table = format!("{}.{}", id.schema, id.name);
    if new.not_null && new.default.is_none() && new.identity.is_none() && new.generated.is_none() {
        hazards.push(hazard(
            HazardKind::MayFail,
            format!("Rows of {table} that are there have no value for the required column {}.", new.name),
        ));
    }
    if new.identity.is_some()
        || new.generated.as_ref().is_some_and(|of| of.stored)
        || new.default.as_deref().is_some_and(check::is_volatile)
    {
        hazards
            .push(hazard(HazardKind::RewritesTable, format!("Every row of {table} is written again while the table is locked.")));
    }
    let mut steps = match &new.identity {
        // PostgreSQL adds an identity column to a table that leads others only in parts.
        Some(identity) if leads => {
            let numbered = Column { identity: None, default: Some("0".to_owned()), ..new.clone() };
            let rest = [column::drop_default_below(id), column::add_identity(id, identity), column::fill(id)];
            let rest = rest.into_iter().map(|sql| (sql, Vec::new()));
            std::iter::once((column::add(id, &numbered, true), hazards)).chain(rest).collect()
        }
        _ => {
            let first = if whole { new.clone() } else { Column { not_null: false, ..new.clone() } };
            vec![(column::add(id, &first, whole), hazards)]
        }
    };
    steps.extend(column::settings(id, None, new).into_iter().map(|sql| (sql, Vec::new())));
    steps
}

/// What stands around a column that changes.
pub(super) struct Around<'a> {
    pub source: &'a Catalog,
    pub target: &'a Catalog,
    /// Its type is replaced under it by one of the same name.
    pub switched: bool,
    /// Its type and expression follow a parent's.
    pub led: bool,
}

/// From `old` to `new` in place; a default that does not cast with its column is off already.
pub(super) fn alter(around: &Around<'_>, id: &ObjectId, old: &Column, new: &Column) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let plain = |sql: String| (sql, Vec::new());
    if old.generated.is_some() && new.generated.is_none() && !around.led {
        steps.push(plain(column::drop_expression(id)));
    }
    if old.identity.is_some() && new.identity.is_none() {
        steps.extend(identity_goes(around, id, old).into_iter().map(plain));
    }
    let retyped = old.type_name != new.type_name || old.collation != new.collation || around.switched;
    let mut default = old.default.clone();
    if default.is_some() && new.default.is_none() {
        steps.push(plain(column::set_default(id, None)));
        default = None;
    }
    if retyped {
        steps.push(retype(around, id, old, new));
    }
    if let (Some(text), false) = (&new.default, default == new.default) {
        steps.push(plain(column::set_default(id, Some(text))));
        if let Some((to, of)) =
            own_sequence(around.source, id).filter(|(to, _)| old.identity.is_none() && !around.target.objects.contains_key(*to))
        {
            steps.push(plain(sequence::past_the_rows(Some(to), id, &of.options)));
        }
    }
    if new.not_null && !old.not_null {
        let mut hazards = required_hazards(id, new);
        steps.extend(column::require(id, new).into_iter().map(|sql| (sql, std::mem::take(&mut hazards))));
    }
    if new.not_null && old.not_null && new.local && old.not_null_constraint != new.not_null_constraint {
        let proven = old.not_null_constraint.as_ref().is_some_and(|of| !of.validated) && !is_unproven(new);
        let mut hazards = if proven { required_hazards(id, new) } else { Vec::new() };
        steps.extend(column::alter_not_null(id, old, new).into_iter().map(|sql| (sql, std::mem::take(&mut hazards))));
    }
    steps.extend(identity(around, id, old, new).into_iter().map(plain));
    if old.not_null && !new.not_null {
        steps.push(plain(column::set_not_null(id, false)));
    }
    let reset = Column { storage: None, ..old.clone() };
    let before = if retyped { &reset } else { old };
    steps.extend(column::settings(id, Some(before), new).into_iter().map(plain));
    steps
}

/// NOT NULL for new rows only.
pub(super) fn is_unproven(column: &Column) -> bool {
    column.not_null_constraint.as_ref().is_some_and(|of| !of.validated)
}

fn required_hazards(id: &ObjectId, new: &Column) -> Vec<Hazard> {
    if is_unproven(new) {
        return Vec::new();
    }
    let table = format!("{}.{}", id.schema, id.name);
    let sentence = format!("Rows of {table} without a value for {} stop the promotion.", new.name);
    let locks = hazard(HazardKind::BlocksClients, format!("{table} is read in full while nobody else can use it."));
    vec![hazard(HazardKind::MayFail, sentence), locks]
}

fn retype(around: &Around<'_>, id: &ObjectId, old: &Column, new: &Column) -> Step {
    let table = format!("{}.{}", id.schema, id.name);
    let same_collation = old.collation == new.collation;
    if !around.switched && same_collation && widens(&old.type_name, &new.type_name) {
        return (column::set_type(id, new, None), Vec::new());
    }
    let using = value(around, id, old, new);
    let mut hazards =
        vec![hazard(HazardKind::RewritesTable, format!("Every row of {table} is written again while the table is locked."))];
    if old.type_name != new.type_name || around.switched {
        let sentence =
            format!("A value of {} in {table} that does not fit the type {} stops the promotion.", new.name, new.type_name);
        hazards.push(hazard(HazardKind::MayFail, sentence));
    }
    if let Some(sentence) = loses_precision(&table, old, new) {
        hazards.push(hazard(HazardKind::DeletesData, sentence));
    }
    (column::set_type(id, new, using.as_deref()), hazards)
}

/// Numbers are rounded and times cut without an error.
fn loses_precision(table: &str, old: &Column, new: &Column) -> Option<String> {
    let whole = |name: &str| matches!(name, "smallint" | "integer" | "bigint" | "date");
    let scale = |name: &str| name.split_once(',').and_then(|(_, rest)| rest.trim_end_matches(')').trim().parse::<i32>().ok());
    let fraction = |name: &str| {
        name.starts_with("numeric") && (scale(name).unwrap_or(1) > 0 && (name.contains(',') || !name.contains('(')))
            || matches!(name, "real" | "double precision")
            || name.starts_with("timestamp")
    };
    let (a, b) = (old.type_name.as_str(), new.type_name.as_str());
    let narrower = match (scale(a), scale(b)) {
        (Some(before), Some(after)) => after < before,
        (None, Some(_)) => a == "numeric" || a == "real" || a == "double precision",
        _ => false,
    };
    let cut = fraction(a) && whole(b) || narrower || a == "double precision" && b == "real";
    cut.then(|| format!("Values of {} in {table} lose what does not fit from {a} to {b}.", new.name))
}

/// The expression for the value of `new` in a row that has `old`; none where PostgreSQL assigns the one to the other.
pub(super) fn value(around: &Around<'_>, id: &ObjectId, old: &Column, new: &Column) -> Option<String> {
    match around.switched && old.type_name == new.type_name {
        true => switched_value(around, id, &new.type_name),
        false => column::using(id, &old.type_name, &new.type_name),
    }
}

/// The value of a column whose type is made anew under the same name. A composite whose attributes changed places is put together anew.
fn switched_value(around: &Around<'_>, id: &ObjectId, type_name: &str) -> Option<String> {
    let composite = |catalog: &'_ Catalog| {
        catalog.objects.iter().find_map(|(other, object)| match object {
            Object::Composite(of) if is_type(other, type_name) => Some(of.clone()),
            _ => None,
        })
    };
    let element = type_name.trim_end_matches("[]");
    let of_element = |(other, object): (&ObjectId, &Object)| is_type(other, element) || is_multirange(other, object, element);
    let collation_only = !around.target.objects.iter().any(of_element);
    if let (Some(before), Some(after)) = (composite(around.target), composite(around.source)) {
        let names = |of: &crate::catalog::Composite| of.attributes.iter().map(|a| a.name.clone()).collect::<Vec<_>>();
        if names(&before) != names(&after) {
            let values: Vec<(String, bool)> = after
                .attributes
                .iter()
                .map(|new| (new.name.clone(), before.attributes.iter().any(|old| old.name == new.name)))
                .collect();
            return Some(column::composite_value(id, type_name, &after, &values));
        }
    }
    (!collation_only).then(|| column::through_text(id, type_name))
}

fn is_type(id: &ObjectId, type_name: &str) -> bool {
    matches!(id.kind, Kind::Composite | Kind::Enum | Kind::Domain | Kind::Range | Kind::Base)
        && crate::catalog::ident::parse(type_name) == Some(id.qname())
}

/// A multirange type comes with its range type and is no object of its own.
fn is_multirange(id: &ObjectId, object: &Object, type_name: &str) -> bool {
    let name = crate::catalog::ident::parse(type_name);
    matches!(object, Object::Range(of) if name == Some(QName::new(&id.schema, &of.multirange)))
}

/// The counter goes to the sequence that a default will use, when that is there already; a new sequence takes it over by itself.
fn identity_goes(around: &Around<'_>, id: &ObjectId, old: &Column) -> Vec<String> {
    match (own_sequence(around.source, id), &old.identity) {
        (Some((to, _)), _) if !around.target.objects.contains_key(to) => Vec::new(),
        (Some((to, _)), Some(identity)) => {
            vec![sequence::takes_over_identity(to, id, identity.sequence.start), column::drop_identity(id)]
        }
        _ => vec![column::drop_identity(id)],
    }
}

fn identity(around: &Around<'_>, id: &ObjectId, old: &Column, new: &Column) -> Vec<String> {
    match (&old.identity, &new.identity) {
        (None, Some(identity)) => {
            let add = column::add_identity(id, identity);
            match own_sequence(around.target, id) {
                // The old sequence makes room for the name of the new one.
                Some((from, _)) if !around.source.objects.contains_key(from) => {
                    let waiting = super::steps::aside(from);
                    vec![
                        sequence::owned_by(from, None),
                        sequence::rename(from, &waiting.name),
                        add,
                        sequence::identity_takes_over(id, &waiting),
                        sequence::drop(&waiting),
                    ]
                }
                Some((from, _)) => vec![add, sequence::identity_takes_over(id, from)],
                _ => vec![add, sequence::past_the_rows(None, id, &identity.sequence)],
            }
        }
        (Some(before), Some(after)) if (before.always, &before.sequence) != (after.always, &after.sequence) => {
            let mut sets = Vec::new();
            if before.always != after.always {
                sets.push(column::set_generated(after));
            }
            if before.sequence != after.sequence {
                sets.extend(sequence::identity_options(&after.sequence));
            }
            let mut sql = Vec::new();
            // The sequence has the type of the options, not of the column.
            if before.sequence.type_name != after.sequence.type_name {
                sql.push(sequence::retype_identity(id, &after.sequence.type_name));
            }
            sql.push(sequence::alter_identity(id, &before.sequence, &after.sequence, &sets.join(" ")));
            sql
        }
        _ => Vec::new(),
    }
}

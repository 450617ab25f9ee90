//! Enums, domains, composite types, range types and collations.

use super::name;
use crate::catalog::ident::{literal, quote};
use crate::catalog::{Attribute, Collation, Composite, Domain, DomainCheck, Enum, ObjectId, Range};

pub fn create_collation(id: &ObjectId, collation: &Collation) -> String {
    let mut options = vec![format!("PROVIDER = {}", collation.provider)];
    match collation.locale.split_once(" / ") {
        Some((collate, ctype)) => {
            options.push(format!("LC_COLLATE = {}, LC_CTYPE = {}", literal(collate), literal(ctype)));
        }
        None => options.push(format!("LOCALE = {}", literal(&collation.locale))),
    }
    if !collation.deterministic {
        options.push("DETERMINISTIC = false".to_owned());
    }
    if let Some(rules) = &collation.rules {
        options.push(format!("RULES = {}", literal(rules)));
    }
    format!("CREATE COLLATION {} ({})", name(id), options.join(", "))
}

pub fn create_enum(id: &ObjectId, of: &Enum) -> String {
    let labels: Vec<String> = of.labels.iter().map(|label| literal(label)).collect();
    format!("CREATE TYPE {} AS ENUM ({})", name(id), labels.join(", "))
}

/// `ADD VALUE` statements that take `before` to `after`; none when values went or changed places.
pub fn add_values(id: &ObjectId, before: &Enum, after: &Enum) -> Option<Vec<(String, String)>> {
    let mut kept = after.labels.iter().filter(|label| before.labels.contains(label));
    if !before.labels.iter().all(|label| kept.next() == Some(label)) {
        return None;
    }
    let mut statements = Vec::new();
    let mut previous: Option<&String> = None;
    for label in &after.labels {
        if !before.labels.contains(label) {
            let place = match (previous, before.labels.first()) {
                (Some(previous), _) => format!(" AFTER {}", literal(previous)),
                (None, Some(first)) => format!(" BEFORE {}", literal(first)),
                (None, None) => String::new(),
            };
            statements
                .push((label.clone(), format!("ALTER TYPE {} ADD VALUE IF NOT EXISTS {}{place}", name(id), literal(label))));
        }
        previous = Some(label);
    }
    Some(statements)
}

pub fn create_range(id: &ObjectId, of: &Range) -> String {
    format!("CREATE TYPE {} AS RANGE ({})", name(id), of.definition)
}

/// The functions that make values of a range and its multirange, with their arguments, as far as a new range may need their names.
pub fn constructors(id: &ObjectId, of: &Range) -> Vec<(ObjectId, String)> {
    let multirange = ObjectId { name: of.multirange.clone(), ..id.clone() };
    let bounds = format!("{0}, {0}", of.subtype);
    vec![(id.clone(), bounds.clone()), (id.clone(), format!("{bounds}, text")), (multirange, String::new())]
}

pub fn rename_constructor(id: &ObjectId, arguments: &str, to: &str) -> String {
    format!("ALTER FUNCTION {}({arguments}) RENAME TO {}", name(id), quote(to))
}

pub fn rename(id: &ObjectId, word: &str, to: &str) -> String {
    format!("ALTER {word} {} RENAME TO {}", name(id), quote(to))
}

pub fn create_domain(id: &ObjectId, domain: &Domain) -> Vec<String> {
    let mut text = format!("CREATE DOMAIN {} AS {}", name(id), domain.base_type);
    if let Some(collation) = &domain.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &domain.default {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    if domain.not_null {
        text.push_str(" NOT NULL");
    }
    let mut statements = vec![text];
    statements.extend(domain.checks.iter().map(|check| add_check(id, check)));
    statements
}

fn add_check(id: &ObjectId, check: &DomainCheck) -> String {
    format!("ALTER DOMAIN {} ADD CONSTRAINT {} {}", name(id), quote(&check.name), check.definition)
}

/// In place; the caller has made sure that base type and collation stay.
pub fn alter_domain(id: &ObjectId, before: &Domain, after: &Domain) -> Vec<String> {
    let mut statements = Vec::new();
    let domain = format!("ALTER DOMAIN {}", name(id));
    for check in &before.checks {
        let same =
            after.checks.iter().find(|other| other.name == check.name).is_some_and(|other| other.definition == check.definition);
        if !same {
            let becomes_valid = after
                .checks
                .iter()
                .any(|other| other.name == check.name && format!("{} NOT VALID", other.definition) == check.definition);
            statements.push(match becomes_valid {
                true => format!("{domain} VALIDATE CONSTRAINT {}", quote(&check.name)),
                false => format!("{domain} DROP CONSTRAINT {}", quote(&check.name)),
            });
        }
    }
    if before.default != after.default {
        statements.push(match &after.default {
            Some(default) => format!("{domain} SET DEFAULT {default}"),
            None => format!("{domain} DROP DEFAULT"),
        });
    }
    if before.not_null != after.not_null {
        statements.push(format!("{domain} {} NOT NULL", if after.not_null { "SET" } else { "DROP" }));
    }
    for check in &after.checks {
        let there = before.checks.iter().any(|other| {
            other.name == check.name
                && (other.definition == check.definition || other.definition == format!("{} NOT VALID", check.definition))
        });
        if !there {
            statements.push(add_check(id, check));
        }
    }
    statements
}

pub fn create_composite(id: &ObjectId, composite: &Composite) -> String {
    let attributes: Vec<String> = composite.attributes.iter().map(attribute).collect();
    format!("CREATE TYPE {} AS ({})", name(id), attributes.join(", "))
}

fn attribute(attribute: &Attribute) -> String {
    let collation = attribute.collation.as_ref().map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    format!("{} {}{collation}", quote(&attribute.name), attribute.type_name)
}

/// Attributes that go or come at the end, in place; none when the type has to be made anew.
pub fn alter_composite(id: &ObjectId, before: &Composite, after: &Composite) -> Option<Vec<String>> {
    let same = |a: &Attribute, b: &Attribute| a.name == b.name && a.type_name == b.type_name && a.collation == b.collation;
    let kept: Vec<&Attribute> = before.attributes.iter().filter(|a| after.attributes.iter().any(|b| same(a, b))).collect();
    let prefix = after.attributes.len() >= kept.len() && kept.iter().zip(&after.attributes).all(|(a, b)| same(a, b));
    let renewed = before.attributes.iter().any(|a| after.attributes.iter().any(|b| a.name == b.name && !same(a, b)));
    if !prefix || renewed {
        return None;
    }
    let head = format!("ALTER TYPE {}", name(id));
    let gone = before.attributes.iter().filter(|a| !kept.iter().any(|b| same(a, b)));
    let mut statements: Vec<String> = gone.map(|a| format!("{head} DROP ATTRIBUTE {} CASCADE", quote(&a.name))).collect();
    statements.extend(after.attributes[kept.len()..].iter().map(|a| format!("{head} ADD ATTRIBUTE {} CASCADE", attribute(a))));
    Some(statements)
}

//! Who may use what.

use super::{function, name};
use crate::catalog::ident::quote;
use crate::catalog::{Catalog, Grant, Kind, Object, ObjectId};

/// How `GRANT` names the object; none for what nobody is granted.
pub fn subject(catalog: &Catalog, id: &ObjectId) -> Option<String> {
    Some(match (id.kind, catalog.objects.get(id)) {
        (Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable, _) => format!("TABLE {}", name(id)),
        (Kind::Sequence, _) => format!("SEQUENCE {}", name(id)),
        (Kind::Enum | Kind::Composite | Kind::Range | Kind::Base, _) => format!("TYPE {}", name(id)),
        (Kind::Domain, _) => format!("DOMAIN {}", name(id)),
        (Kind::Function, Some(Object::Function(of))) => {
            // An aggregate is granted as a function.
            let word = function::word(of.function_type).replace("AGGREGATE", "FUNCTION");
            format!("{word} {}({})", name(id), id.part)
        }
        (Kind::Schema, _) => format!("SCHEMA {}", quote(&id.name)),
        (Kind::Language, _) => format!("LANGUAGE {}", quote(&id.name)),
        (Kind::ForeignDataWrapper, _) => format!("FOREIGN DATA WRAPPER {}", quote(&id.name)),
        (Kind::ForeignServer, _) => format!("FOREIGN SERVER {}", quote(&id.name)),
        _ => return None,
    })
}

/// A role, or everybody.
pub fn role(name: &str) -> String {
    if name == "public" { "PUBLIC".to_owned() } else { quote(name) }
}

/// The statements that take the grants of one grantee from `before` to `after`; `on` begins with `ON`, `head` with what stands before
/// `GRANT` and `REVOKE`.
pub fn change(head: &str, on: &str, grantee: &str, before: &[Grant], after: &[Grant]) -> Vec<String> {
    let find = |list: &[Grant], one: &Grant| {
        list.iter().find(|other| (&other.privilege, &other.column) == (&one.privilege, &one.column)).cloned()
    };
    let gone: Vec<Grant> = before.iter().filter(|old| find(after, old).is_none()).cloned().collect();
    let tied: Vec<Grant> =
        before.iter().filter(|old| old.grantable && find(after, old).is_some_and(|new| !new.grantable)).cloned().collect();
    // Revoking a privilege of the whole revokes it of the columns, too.
    let again =
        |new: &Grant| new.column.is_some() && gone.iter().any(|old| old.column.is_none() && old.privilege == new.privilege);
    let given: Vec<Grant> = after
        .iter()
        .filter(|new| find(before, new).is_none_or(|old| !old.grantable && new.grantable) || again(new))
        .cloned()
        .collect();
    let (free, plain): (Vec<Grant>, Vec<Grant>) = given.into_iter().partition(|grant| grant.grantable);
    let role = role(grantee);
    let mut statements = Vec::new();
    let mut say = |verb: &str, grants: &[Grant], to: &str, end: &str| {
        if !grants.is_empty() {
            statements.push(format!("{head}{verb} {} {on} {to} {role}{end}", list(grants)));
        }
    };
    say("REVOKE", &gone, "FROM", "");
    say("REVOKE GRANT OPTION FOR", &tied, "FROM", "");
    say("GRANT", &plain, "TO", "");
    say("GRANT", &free, "TO", " WITH GRANT OPTION");
    statements
}

/// Nobody of `roles` has any privilege on the object.
pub fn revoke_all(subject: &str, roles: &[&str]) -> String {
    let roles: Vec<String> = roles.iter().map(|name| role(name)).collect();
    format!("REVOKE ALL ON {subject} FROM {}", roles.join(", "))
}

/// The same for what new objects of a role grant by themselves.
pub fn by_default(id: &ObjectId, grantee: &str, before: &[Grant], after: &[Grant]) -> Vec<String> {
    let place = if id.schema.is_empty() { String::new() } else { format!("IN SCHEMA {} ", quote(&id.schema)) };
    let head = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {} {place}", quote(&id.name));
    change(&head, &format!("ON {}", id.part), grantee, before, after)
}

fn list(grants: &[Grant]) -> String {
    let one = |grant: &Grant| match &grant.column {
        Some(column) => format!("{} ({})", grant.privilege, quote(column)),
        None => grant.privilege.clone(),
    };
    grants.iter().map(one).collect::<Vec<_>>().join(", ")
}

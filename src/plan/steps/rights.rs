//! Privileges and default privileges, when they are compared: after everything is there, and after what was rebuilt has its own back.

use super::Steps;
use crate::catalog::{Grant, Kind, Object, ObjectId};
use crate::diff::{Change, words};
use crate::plan::Statement;
use crate::plan::ddl::privileges;
use crate::plan::hazard::{HazardKind, hazard};
use crate::problem::{Problem, ProblemKind};
use std::collections::BTreeSet;

impl Steps<'_> {
    pub(super) fn rights(&self, changes: &[Change]) -> Vec<Statement> {
        let mut statements = self.cleared();
        for Change { id, .. } in changes {
            let (before, after) = (self.target.objects.get(id), self.source.objects.get(id));
            let sql = match (id.kind, before, after) {
                (Kind::Privileges, before, after) => self.privileges(id, before, after),
                (Kind::DefaultPrivileges, before, after) => default_privileges(id, before, after),
                _ => Vec::new(),
            };
            statements.extend(sql.into_iter().map(|sql| self.right(id, sql)));
        }
        statements
    }

    fn right(&self, id: &ObjectId, sql: String) -> Statement {
        let what = words::object(id);
        let risk = hazard(HazardKind::ChangesPrivileges, format!("The {what} change."));
        self.statement(id, sql, format!("Changes the {what}."), vec![risk])
    }

    fn privileges(&self, id: &ObjectId, before: Option<&Object>, after: Option<&Object>) -> Vec<String> {
        let grants = |object: Option<&Object>| match object {
            Some(Object::Privileges(of)) => of.grants.clone(),
            _ => Vec::new(),
        };
        let Some(Object::Privileges(of)) = after.or(before) else { return Vec::new() };
        let Some(subject) = privileges::subject(self.source, &of.on).filter(|_| self.source.objects.contains_key(&of.on)) else {
            return Vec::new();
        };
        let fresh = !self.target.objects.contains_key(&of.on);
        let had = if fresh { Vec::new() } else { grants(before) };
        privileges::change("", &format!("ON {subject}"), &id.part, &had, &grants(after))
    }

    /// What PostgreSQL and the target's default privileges give to something new, and the release does not.
    fn cleared(&self) -> Vec<Statement> {
        let fresh = |id: &&ObjectId| !self.target.objects.contains_key(*id);
        let any = [self.source, self.target].iter().any(|side| side.objects.keys().any(|id| id.kind == Kind::Privileges));
        if !any {
            return Vec::new();
        }
        let given: BTreeSet<&str> = self
            .target
            .objects
            .values()
            .filter_map(|object| match object {
                Object::DefaultPrivileges(of) => Some(of.grants.iter().map(|one| one.grantee.as_str())),
                _ => None,
            })
            .flatten()
            .collect();
        let mut statements = Vec::new();
        for id in self.source.objects.keys().filter(fresh) {
            let Some(subject) = privileges::subject(self.source, id) else { continue };
            let mut roles = given.clone();
            if matches!(
                id.kind,
                Kind::Function | Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::Base | Kind::Language
            ) {
                roles.insert("public");
            }
            // Most functions stay open to everybody: nothing is taken to be given back.
            roles.retain(|role| *role != "public" || !self.open_to_all(id) || given.contains("public"));
            if !roles.is_empty() {
                let sql = privileges::revoke_all(&subject, &roles.into_iter().collect::<Vec<_>>());
                statements.push(self.plain(id, sql, format!("Nobody has privileges on the {} by default.", words::object(id))));
            }
        }
        statements
    }

    fn open_to_all(&self, id: &ObjectId) -> bool {
        self.source.objects.iter().any(|(right, object)| {
            right.part == "public" && matches!(object, Object::Privileges(of) if of.on == *id && !of.grants.is_empty())
        })
    }

    /// Roles that the release names and the target does not have.
    pub(super) fn missing_roles(&self, changes: &[Change]) -> Option<Problem> {
        if self.target.roles.is_empty() {
            return None;
        }
        let mut missing: BTreeSet<&str> = BTreeSet::new();
        for change in changes {
            let named: Vec<&str> = match self.source.objects.get(&change.id) {
                Some(Object::Policy(of)) => of.roles.iter().map(String::as_str).collect(),
                Some(Object::Privileges(_)) => vec![&change.id.part],
                Some(Object::DefaultPrivileges(of)) => {
                    of.grants.iter().map(|one| one.grantee.as_str()).chain([change.id.name.as_str()]).collect()
                }
                _ => Vec::new(),
            };
            missing.extend(named.into_iter().filter(|role| *role != "public" && !self.target.roles.contains(*role)));
        }
        let names: Vec<&str> = missing.into_iter().collect();
        (!names.is_empty()).then(|| {
            let what = match names.as_slice() {
                [one] => format!("The role {one} does not exist in the target."),
                many => format!("The roles {} do not exist in the target.", many.join(", ")),
            };
            Problem::new(ProblemKind::Unsupported, what)
                .because("The release gives it rights, and roles are made by whoever runs the server, not by a promotion.")
                .way_out("Create it in the target with CREATE ROLE, or take it out of the release.")
        })
    }
}

/// A grantee with one grant.
type Given = (String, Grant);

fn default_privileges(id: &ObjectId, before: Option<&Object>, after: Option<&Object>) -> Vec<String> {
    let grants = |object: Option<&Object>| match object {
        Some(Object::DefaultPrivileges(of)) => of.grants.iter().map(|to| (to.grantee.clone(), to.grant.clone())).collect(),
        _ => built_in(id),
    };
    let (before, after): (Vec<Given>, Vec<Given>) = (grants(before), grants(after));
    let grantees: BTreeSet<&String> = before.iter().chain(&after).map(|(grantee, _)| grantee).collect();
    let of = |list: &[Given], grantee: &String| -> Vec<Grant> {
        list.iter().filter(|(other, _)| other == grantee).map(|(_, grant)| grant.clone()).collect()
    };
    grantees
        .into_iter()
        .flat_map(|grantee| privileges::by_default(id, grantee, &of(&before, grantee), &of(&after, grantee)))
        .collect()
}

/// What everybody may do with something new when nobody said otherwise.
fn built_in(id: &ObjectId) -> Vec<Given> {
    let privilege = match id.part.as_str() {
        "FUNCTIONS" => "EXECUTE",
        "TYPES" => "USAGE",
        _ => return Vec::new(),
    };
    let everybody = Grant { privilege: privilege.to_owned(), column: None, grantable: false };
    if id.schema.is_empty() { vec![("public".to_owned(), everybody)] } else { Vec::new() }
}

//! Whose approval counts. The requester's never does, and people are told apart by their id: names and addresses change.

use super::{Approval, Decision, Policy};
use crate::access::{Action, Actor, Person, PersonId, Role, allowed};
use crate::problem::{Problem, ProblemKind};

/// What an approval is measured by.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    pub policy: &'a Policy,
    pub requester: PersonId,
}

impl Rule<'_> {
    fn action(&self) -> Action {
        Action::Approve { protected: self.policy.protected }
    }

    /// The approvals that count today. `role_now` is none for a person who is disabled or gone; a demotion voids what was given before.
    pub fn counting(&self, approvals: &[Approval], role_now: impl Fn(PersonId) -> Option<Role>) -> u32 {
        let mut counted: Vec<PersonId> = approvals
            .iter()
            .filter(|approval| approval.decision == Decision::Approve && approval.by != self.requester)
            .map(|approval| approval.by)
            .filter(|by| role_now(*by).is_some_and(|role| allowed(role, self.action())))
            .collect();
        counted.sort();
        counted.dedup();
        u32::try_from(counted.len()).unwrap_or(u32::MAX)
    }

    /// Refuses a decision that would not count.
    pub fn may_decide(&self, actor: &Actor, earlier: &[Approval]) -> Result<(), Problem> {
        if actor.id == self.requester {
            return Err(Problem::new(ProblemKind::Forbidden, "Nobody approves or rejects their own request.")
                .way_out("Ask another person to decide; cancel the request to withdraw it."));
        }
        if !allowed(actor.role, self.action()) {
            let who = if self.policy.protected { "a lead or an owner" } else { "an admin, a lead or an owner" };
            return Err(Problem::new(
                ProblemKind::Forbidden,
                format!("This needs the decision of {who}; you are {}.", a(actor.role)),
            )
            .way_out("Ask one of the people named on the page."));
        }
        if let Some(before) = earlier.iter().find(|approval| approval.by == actor.id) {
            let verb = match before.decision {
                Decision::Approve => "approved",
                Decision::Reject => "rejected",
            };
            return Err(Problem::new(ProblemKind::Conflict, format!("You have already {verb} this.")));
        }
        Ok(())
    }

    /// The people who could still approve.
    pub fn approvers<'p>(&self, people: &'p [Person], approvals: &[Approval]) -> Vec<&'p Person> {
        people
            .iter()
            .filter(|person| !person.disabled && person.id != self.requester && allowed(person.role, self.action()))
            .filter(|person| approvals.iter().all(|approval| approval.by != person.id))
            .collect()
    }

    /// What to do when those who could still approve are too few; none while they suffice.
    pub fn nobody_left(&self, counting: u32, approvers: usize) -> Option<String> {
        let missing = self.policy.approvals.saturating_sub(counting);
        if usize::try_from(missing).is_ok_and(|missing| missing <= approvers) {
            return None;
        }
        let role = if self.policy.protected { "lead" } else { "admin" };
        Some(format!(
            "{missing} more approval{} needed and {approvers} {} could approve: an owner can add a {role}, or somebody else can request it.",
            if missing == 1 { " is" } else { "s are" },
            if approvers == 1 { "person" } else { "people" },
        ))
    }
}

fn a(role: Role) -> String {
    match role {
        Role::Auditor | Role::Admin | Role::Owner => format!("an {}", role.label()),
        Role::Lead => format!("a {}", role.label()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    fn id(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn approval(by: u128, decision: Decision) -> Approval {
        Approval {
            by: id(by),
            name: "Ada".to_owned(),
            role: Role::Lead,
            decision,
            comment: String::new(),
            at: DateTime::UNIX_EPOCH,
        }
    }

    fn actor(number: u128, role: Role) -> Actor {
        Actor { id: id(number), name: "Ada".to_owned(), email: "ada@example.org".to_owned(), role, ip: String::new() }
    }

    fn person(number: u128, role: Role, disabled: bool) -> Person {
        Person {
            id: id(number),
            name: format!("Person {number}"),
            email: String::new(),
            role,
            disabled,
            since: DateTime::UNIX_EPOCH,
            last_sign_in: None,
        }
    }

    fn policy(approvals: u32, protected: bool) -> Policy {
        Policy { approvals, protected, ..Policy::default() }
    }

    #[test]
    fn the_requester_never_counts_whatever_the_role() {
        let policy = policy(1, false);
        let rule = Rule { policy: &policy, requester: id(1) };
        for role in Role::ALL {
            assert!(rule.may_decide(&actor(1, role), &[]).is_err(), "{role:?}");
            assert_eq!(rule.counting(&[approval(1, Decision::Approve)], |_| Some(role)), 0, "{role:?}");
        }
    }

    #[test]
    fn a_protected_environment_needs_a_lead_or_an_owner() {
        for (protected, expected) in [(false, [false, true, true, true]), (true, [false, false, true, true])] {
            let policy = policy(1, protected);
            let rule = Rule { policy: &policy, requester: id(1) };
            let may = Role::ALL.map(|role| rule.may_decide(&actor(2, role), &[]).is_ok());
            assert_eq!(may, expected, "protected: {protected}");
        }
    }

    #[test]
    fn a_demotion_or_disabling_voids_an_approval_that_was_given() {
        let policy = policy(1, true);
        let rule = Rule { policy: &policy, requester: id(1) };
        let given = [approval(2, Decision::Approve)];
        assert_eq!(rule.counting(&given, |_| Some(Role::Lead)), 1);
        assert_eq!(rule.counting(&given, |_| Some(Role::Admin)), 0);
        assert_eq!(rule.counting(&given, |_| None), 0);
    }

    #[test]
    fn one_person_counts_once_and_decides_once() {
        let policy = policy(2, false);
        let rule = Rule { policy: &policy, requester: id(1) };
        let twice = [approval(2, Decision::Approve), approval(2, Decision::Approve), approval(3, Decision::Reject)];
        assert_eq!(rule.counting(&twice, |_| Some(Role::Owner)), 1);
        assert_eq!(rule.may_decide(&actor(2, Role::Owner), &twice).unwrap_err().kind, ProblemKind::Conflict);
    }

    #[test]
    fn the_page_names_who_could_approve_and_says_when_nobody_is_left() {
        let policy = policy(1, true);
        let rule = Rule { policy: &policy, requester: id(1) };
        let people = [
            person(1, Role::Owner, false),
            person(2, Role::Lead, false),
            person(3, Role::Lead, true),
            person(4, Role::Admin, false),
        ];
        let names: Vec<&str> = rule.approvers(&people, &[]).into_iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, ["Person 2"]);
        assert_eq!(rule.nobody_left(0, 1), None);
        assert!(rule.nobody_left(0, 0).unwrap().contains("an owner can add a lead"));
    }
}

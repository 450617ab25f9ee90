//! The states of a promotion. A transition consumes the state and is pure; time and people are arguments.

use super::Policy;
use crate::access::{PersonId, Role};
use crate::problem::{Problem, ProblemKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    AwaitingApproval,
    Approved,
    Rejected,
    Cancelled { by: String, at: DateTime<Utc> },
    Running,
    Finished { outcome: Outcome, at: DateTime<Utc> },
}

/// One person's decision. It copies the name and role: it outlives the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    pub by: PersonId,
    pub name: String,
    pub role: Role,
    pub decision: Decision,
    pub comment: String,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Approve,
    Reject,
}

/// The end states of product.md.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Succeeded,
    /// Failed, nothing was changed.
    Failed {
        problem: Problem,
    },
    RolledBack {
        problem: Problem,
    },
    NeedsAttention {
        problem: Problem,
    },
    Cancelled,
}

impl Outcome {
    /// What went wrong; none where nothing did.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed { problem } | Self::RolledBack { problem } | Self::NeedsAttention { problem } => Some(problem),
            Self::Succeeded | Self::Cancelled => None,
        }
    }
}

/// Why a transition is refused.
pub type Rejected = Problem;

impl State {
    /// The state of a fresh request: a policy without approvals approves at once.
    pub fn requested(policy: &Policy) -> Self {
        if policy.approvals == 0 { Self::Approved } else { Self::AwaitingApproval }
    }

    /// Waiting for people or for the runner: it occupies its target.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::AwaitingApproval | Self::Approved | Self::Running)
    }

    /// In words, as the end of a sentence: "The promotion is ...".
    pub fn words(&self) -> String {
        match self {
            Self::AwaitingApproval => "waiting for approval".to_owned(),
            Self::Approved => "approved and not started".to_owned(),
            Self::Rejected => "rejected".to_owned(),
            Self::Cancelled { by, .. } => format!("cancelled by {by}"),
            Self::Running => "running".to_owned(),
            Self::Finished { outcome, .. } => format!("finished: {}", outcome.label()),
        }
    }

    /// After one more approval, of which `counting` count now.
    pub fn approve(self, counting: u32, policy: &Policy) -> Result<Self, Rejected> {
        match self {
            Self::AwaitingApproval if counting >= policy.approvals => Ok(Self::Approved),
            Self::AwaitingApproval => Ok(Self::AwaitingApproval),
            other => Err(other.refuse("approved")),
        }
    }

    /// One reject ends it. An approval that was given before does not keep it alive.
    pub fn reject(self, comment: &str) -> Result<Self, Rejected> {
        match self {
            Self::AwaitingApproval if comment.trim().is_empty() => {
                Err(Problem::new(ProblemKind::Invalid, "A rejection needs a comment.")
                    .way_out("Say in a sentence what should change, and reject again."))
            }
            Self::AwaitingApproval => Ok(Self::Rejected),
            other => Err(other.refuse("rejected")),
        }
    }

    /// Withdraws a request that does not run yet. A run is asked to stop instead.
    pub fn cancel(self, by: &str, at: DateTime<Utc>) -> Result<Self, Rejected> {
        match self {
            Self::AwaitingApproval | Self::Approved => Ok(Self::Cancelled { by: by.to_owned(), at }),
            other => Err(other.refuse("cancelled")),
        }
    }

    /// `counting` approvals count today: one that was given by a person who has lost the role since is void.
    pub fn start(self, counting: u32, policy: &Policy) -> Result<Self, Rejected> {
        match self {
            Self::Approved if counting >= policy.approvals => Ok(Self::Running),
            Self::Approved => Err(Problem::new(
                ProblemKind::Forbidden,
                format!("{counting} of {} needed approvals count today.", policy.approvals),
            )
            .because("A person who approved has lost the role or was disabled since.")
            .way_out("Cancel the promotion and request it again.")),
            other => Err(other.refuse("started")),
        }
    }

    pub fn finish(self, outcome: Outcome, at: DateTime<Utc>) -> Result<Self, Rejected> {
        match self {
            Self::Running => Ok(Self::Finished { outcome, at }),
            other => Err(other.refuse("finished")),
        }
    }

    fn refuse(&self, verb: &str) -> Rejected {
        Problem::new(ProblemKind::Conflict, format!("The promotion cannot be {verb}: it is {}.", self.words()))
            .way_out("Reload the page to see where it stands.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(approvals: u32) -> Policy {
        Policy { approvals, ..Policy::default() }
    }

    fn noon() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(12)
    }

    fn all() -> Vec<State> {
        vec![
            State::AwaitingApproval,
            State::Approved,
            State::Rejected,
            State::Cancelled { by: "Ada".to_owned(), at: noon() },
            State::Running,
            State::Finished { outcome: Outcome::Succeeded, at: noon() },
        ]
    }

    /// The positions in `all` from which `transition` is legal.
    fn legal(transition: impl Fn(State) -> Result<State, Rejected>) -> Vec<usize> {
        all().into_iter().enumerate().filter(|(_, state)| transition(state.clone()).is_ok()).map(|(at, _)| at).collect()
    }

    #[test]
    fn every_transition_is_legal_from_its_states_and_from_no_other() {
        let cases: [(&str, Vec<usize>, &[usize]); 5] = [
            ("approve", legal(|state| state.approve(1, &policy(1))), &[0]),
            ("reject", legal(|state| state.reject("No.")), &[0]),
            ("cancel", legal(|state| state.cancel("Ada", noon())), &[0, 1]),
            ("start", legal(|state| state.start(1, &policy(1))), &[1]),
            ("finish", legal(|state| state.finish(Outcome::Succeeded, noon())), &[4]),
        ];
        for (name, found, expected) in cases {
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_request_waits_until_the_last_needed_approval() {
        let state = State::requested(&policy(2));
        let state = state.approve(1, &policy(2)).unwrap();
        assert_eq!(state, State::AwaitingApproval);
        assert_eq!(state.approve(2, &policy(2)).unwrap(), State::Approved);
        assert_eq!(State::requested(&policy(0)), State::Approved);
    }

    #[test]
    fn a_rejection_without_a_comment_is_refused() {
        assert_eq!(State::AwaitingApproval.reject(" \n").unwrap_err().kind, ProblemKind::Invalid);
    }

    #[test]
    fn an_approval_that_counts_no_more_stops_the_start() {
        assert_eq!(State::Approved.start(0, &policy(1)).unwrap_err().kind, ProblemKind::Forbidden);
    }

    #[test]
    fn only_what_waits_or_runs_occupies_its_target() {
        let open: Vec<bool> = all().iter().map(State::is_open).collect();
        assert_eq!(open, [true, true, false, false, true, false]);
    }
}

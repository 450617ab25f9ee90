//! What people are told who do not look at the console: a run ended otherwise than it should.

use super::{Outcome, PromotionId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is told. It is stored until it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    pub promotion: PromotionId,
    pub environment: String,
    pub release: String,
    pub outcome: Outcome,
    pub at: DateTime<Utc>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertStanding {
    pub sent_at: Option<DateTime<Utc>>,
    /// Why the last try failed, or why there is none.
    pub problem: Option<String>,
}

/// The message as it is sent. Chat systems show `text`; programs read the rest. The same `id` is the same alert sent again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message<'a> {
    pub text: String,
    pub id: Uuid,
    pub event: &'static str,
    pub link: String,
    #[serde(flatten)]
    pub alert: Option<&'a Alert>,
}

impl Alert {
    /// None for an end that is as it should be.
    pub fn new(promotion: PromotionId, environment: &str, release: &str, outcome: &Outcome, at: DateTime<Utc>) -> Option<Self> {
        event(outcome)?;
        let (environment, release) = (environment.to_owned(), release.to_owned());
        Some(Self { promotion, environment, release, outcome: outcome.clone(), at })
    }

    /// `console` is the address under which people open it.
    pub fn message(&self, id: Uuid, console: &str) -> Message<'_> {
        let link = format!("{console}/promotions/{}", self.promotion.0);
        let why = self.outcome.problem().map(|problem| format!(" {problem}")).unwrap_or_default();
        let text = format!("{}: release {}. {}.{why} {link}", self.environment, self.release, self.outcome.label());
        Message { text, id, event: event(&self.outcome).unwrap_or(TRIAL), link, alert: Some(self) }
    }
}

const TRIAL: &str = "trial";

impl Message<'_> {
    /// By which a person sees whether alerts arrive.
    pub fn trial(console: &str) -> Self {
        let text = format!("A trial of Lockstep: alerts about promotions arrive here. {console}");
        Self { text, id: Uuid::nil(), event: TRIAL, link: console.to_owned(), alert: None }
    }
}

/// How programs call the end of a run that people are told.
fn event(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::NeedsAttention { .. } => Some("needs_attention"),
        Outcome::Failed { .. } => Some("failed"),
        Outcome::RolledBack { .. } => Some("rolled_back"),
        Outcome::Succeeded | Outcome::Cancelled => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Problem, ProblemKind};

    #[test]
    fn a_message_says_where_what_why_and_where_to_look() {
        let problem = Problem::new(ProblemKind::Unreachable, "The target does not answer.").way_out("Look at its server.");
        let outcome = Outcome::NeedsAttention { problem };
        let at = DateTime::from_timestamp(0, 0).unwrap();
        let alert = Alert::new(PromotionId(Uuid::nil()), "Production", "1.4", &outcome, at).unwrap();
        let message = alert.message(Uuid::nil(), "https://lockstep.example.com");
        assert_eq!(
            message.text,
            "Production: release 1.4. Needs attention. The target does not answer. Look at its server. \
             https://lockstep.example.com/promotions/00000000-0000-0000-0000-000000000000"
        );
        assert_eq!(message.event, "needs_attention");
    }

    #[test]
    fn nobody_is_alerted_of_what_is_as_it_should_be() {
        let at = DateTime::from_timestamp(0, 0).unwrap();
        for outcome in [Outcome::Succeeded, Outcome::Cancelled] {
            assert_eq!(Alert::new(PromotionId(Uuid::nil()), "Production", "1.4", &outcome, at), None);
        }
    }
}

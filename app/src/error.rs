//! What a server function answers when it refuses: a `Problem`, and for faults of ours a reference that the log has, too.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use lockstep::problem::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{problem}")]
pub struct AppError {
    pub problem: Box<Problem>,
    /// Only for faults of ours: what to tell the engineer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl From<Problem> for AppError {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), reference: None }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// The library's own words are for engineers and may name internals: people get ours.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let problem = match error {
            ServerFnErrorErr::Request(_) => Problem::new(ProblemKind::Unreachable, "The console could not be reached.")
                .way_out("Check your connection, then try again."),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Serialization(_) => {
                Problem::new(ProblemKind::Invalid, "The form could not be read.").way_out("Fill in every field, then try again.")
            }
            ServerFnErrorErr::Deserialization(_) => {
                Problem::new(ProblemKind::Internal, "The console answered in a way this page does not know.")
                    .because("It may have been updated meanwhile.")
                    .way_out("Reload the page.")
            }
            _ => Problem::new(ProblemKind::Internal, "The console could not answer.").way_out("Try again in a moment."),
        };
        crate::answer_with(status(problem.kind));
        problem.into()
    }
}

/// The HTTP status of a problem.
pub fn status(kind: ProblemKind) -> u16 {
    match kind {
        ProblemKind::SignedOut => 401,
        ProblemKind::Forbidden => 403,
        ProblemKind::NotFound => 404,
        ProblemKind::Invalid | ProblemKind::Unsupported => 422,
        ProblemKind::Conflict => 409,
        ProblemKind::Throttled => 429,
        ProblemKind::Unreachable => 502,
        ProblemKind::Database => 500,
        ProblemKind::Internal => 500,
    }
}

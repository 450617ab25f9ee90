//! What the store refuses, in words. Constraints have names so that a violation says what a person did.

use super::super::sql_error;
use crate::problem::{Problem, ProblemKind};
use sqlx::migrate::MigrateError;

/// By constraint: kind, what happened, the way out.
const CONSTRAINTS: &[(&str, ProblemKind, &str, &str)] = &[
    ("people_email_unique", ProblemKind::Conflict, "Somebody with this e-mail address is there already.", "Use another address."),
    ("people_name_given", ProblemKind::Invalid, "The name is missing.", "Write the person's name."),
    (
        "environments_name_unique",
        ProblemKind::Conflict,
        "An environment with this name is there already.",
        "Choose another name.",
    ),
    ("environments_rank_unique", ProblemKind::Conflict, "Somebody else has just added an environment.", "Try again."),
    (
        "environments_name_shape",
        ProblemKind::Invalid,
        "The name of the environment cannot be used.",
        "Start with a letter and use lower-case letters, digits, - and _ only.",
    ),
    ("environments_label_given", ProblemKind::Invalid, "The label of the environment is missing.", "Write it as people read it."),
    (
        "environments_connection_reference",
        ProblemKind::Invalid,
        "The connection is not a reference.",
        "Write env:NAME or file:/path, and put the connection URL there.",
    ),
    (
        "releases_source_known",
        ProblemKind::Conflict,
        "A release was frozen from this environment.",
        "Keep the environment: the history names it.",
    ),
    (
        "promotions_target_known",
        ProblemKind::Conflict,
        "A promotion has this environment as its target.",
        "Keep the environment: the history names it.",
    ),
    (
        "releases_version_unique",
        ProblemKind::Conflict,
        "This version is already another release.",
        "Choose another version: a release never changes once it is frozen.",
    ),
    ("releases_version_given", ProblemKind::Invalid, "The version is missing.", "Write a version, for example 1.4."),
    (
        "promotions_one_open_per_target",
        ProblemKind::Conflict,
        "Another promotion into this environment is open.",
        "Finish or cancel it first.",
    ),
    ("approvals_once", ProblemKind::Conflict, "You have already decided this.", "Reload the page to see where it stands."),
    (
        "approvals_four_eyes",
        ProblemKind::Forbidden,
        "Nobody approves or rejects their own request.",
        "Ask another person to decide.",
    ),
    (
        "approvals_digest",
        ProblemKind::Conflict,
        "What you decided on is not what was requested.",
        "Reload the page and decide on what it shows.",
    ),
    ("approvals_reject_says_why", ProblemKind::Invalid, "A rejection needs a comment.", "Say what should change."),
    (
        "runs_one_active_per_target",
        ProblemKind::Conflict,
        "Another run changes this environment now.",
        "Start this one when it has ended.",
    ),
    ("runs_one_per_promotion", ProblemKind::Conflict, "This promotion runs already.", "Reload the page to see it."),
];

/// For `map_err`: `what` says what did not happen.
pub fn refused(what: &'static str) -> impl FnOnce(sqlx::Error) -> Problem {
    move |error| {
        let constraint = error.as_database_error().and_then(|database| database.constraint());
        match CONSTRAINTS.iter().find(|(name, ..)| constraint == Some(name)) {
            Some((_, kind, what, way_out)) => Problem::new(*kind, *what).way_out(*way_out),
            None => sql_error::problem(what, &error),
        }
    }
}

pub fn migration(error: MigrateError) -> Problem {
    let problem = Problem::new(ProblemKind::Internal, "The store's schema could not be brought up to date.");
    match error {
        MigrateError::VersionMissing(version) => problem
            .because(format!("Version {version} of the schema was made by a newer Lockstep."))
            .way_out("Start the newer Lockstep; this one has changed nothing."),
        MigrateError::VersionMismatch(version) => problem
            .because(format!("Version {version} of the schema is not the one that this Lockstep knows."))
            .way_out("Start the Lockstep that made this store; this one has changed nothing."),
        other => problem.because(format!("{other}.")).way_out("Check that the user of the store may create tables."),
    }
}

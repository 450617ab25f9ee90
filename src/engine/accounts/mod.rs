//! Passwords and tries: what is accepted, how it is hashed, how often one may fail.

mod hasher;
mod passwords;
mod throttle;

pub use hasher::{Hasher, Verdict};
pub use passwords::check_password;
pub use throttle::Tries;

use crate::engine::Result;
use crate::problem::{Problem, ProblemKind};

/// The address as it is compared: without space around it, in lower case.
pub fn email(typed: &str) -> Result<String> {
    let email = typed.trim().to_lowercase();
    let plausible = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@') && email.len() <= 254);
    if !plausible || email.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Problem::new(ProblemKind::Invalid, "This is not an e-mail address.").way_out("Write it as name@example.org."));
    }
    Ok(email)
}

/// The name as it is shown: on one line, not endless.
pub fn name(typed: &str) -> Result<String> {
    let name = typed.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Problem::new(ProblemKind::Invalid, "The name cannot be used.")
            .way_out("Write the person's name in at most 100 characters on one line."));
    }
    Ok(name.to_owned())
}

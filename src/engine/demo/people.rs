//! The people of the demo. Their passwords are drawn for each demo and kept in a file that only its user can read.

use crate::access::Role;
use crate::engine::{Result, files};
use crate::problem::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Somebody to sign in as.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPerson {
    pub role: Role,
    pub name: String,
    pub email: String,
    pub password: String,
}

const PEOPLE: [(Role, &str); 4] =
    [(Role::Admin, "Ada Admin"), (Role::Lead, "Lee Lead"), (Role::Auditor, "Audrey Auditor"), (Role::Owner, "Owen Owner")];

/// Without letters and digits that look alike; as many as a byte has no favourites among.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789+";

pub(super) fn invent() -> Vec<DemoPerson> {
    let person = |(role, name): &(Role, &str)| DemoPerson {
        role: *role,
        name: (*name).to_owned(),
        email: format!("{}@demo.example", role.label()),
        password: password(),
    };
    PEOPLE.iter().map(person).collect()
}

/// Four groups of four.
fn password() -> String {
    let draw = || rand::random::<[u8; 4]>().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    let groups: Vec<String> = (0..4).map(|_| draw().iter().collect()).collect();
    groups.join("-")
}

pub(super) fn write(file: &Path, people: &[DemoPerson]) -> Result<()> {
    let text = serde_json::to_vec_pretty(people).map_err(|error| unreadable(file, error.to_string()))?;
    files::write_private(file, &text)
}

pub(super) fn read(file: &Path) -> Result<Vec<DemoPerson>> {
    let text = std::fs::read(file).map_err(|error| unreadable(file, error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| unreadable(file, error.to_string()))
}

fn unreadable(file: &Path, cause: String) -> Problem {
    Problem::new(ProblemKind::Internal, format!("The people of the demo in {} cannot be read.", file.display()))
        .because(cause)
        .way_out("Start over with lockstep demo --reset.")
}

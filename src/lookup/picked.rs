//! Which rows of a table are meant, as a person names them.

use crate::catalog::{QName, ident};
use crate::problem::{Problem, ProblemKind};
use std::fmt;
use std::str::FromStr;

/// One row of a lookup table, or all that are in question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Picked {
    pub table: QName,
    /// None for all rows of the table that are not named one by one.
    pub key: Option<Vec<Option<String>>>,
}

/// `public.fees` or `public.fees=["7"]`, as `FromStr` reads it.
impl fmt::Display for Picked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", ident::shown(&self.table.schema), ident::shown(&self.table.name))?;
        match &self.key {
            Some(key) => write!(f, "={}", serde_json::to_string(key).map_err(|_| fmt::Error)?),
            None => Ok(()),
        }
    }
}

impl FromStr for Picked {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        // A quoted name may hold the sign that parts it from the key.
        let halves = text.match_indices('=').map(|(at, _)| (&text[..at], Some(&text[at + 1..])));
        let parsed = halves.chain([(text, None)]).find_map(|(name, key)| {
            let table = ident::parse(name)?;
            let key = match key {
                Some(key) => Some(serde_json::from_str(key).ok()?),
                None => None,
            };
            Some(Self { table, key })
        });
        parsed.ok_or_else(|| {
            Problem::new(ProblemKind::Invalid, format!("{text} names no rows."))
                .way_out("Write schema.table, and =[\"key\"] behind it for one row.")
        })
    }
}

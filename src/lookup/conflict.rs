//! Rows that were edited in the target since the last release was promoted there, and what a person said of them.

use super::Row;
use crate::catalog::{QName, ident};
use crate::problem::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Whose row stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    Target,
    Release,
}

/// A row that is otherwise than it was promoted, and that the sync would change. In the columns of the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub key: Vec<Option<String>>,
    /// As the last release brought it; none when it had no such row.
    pub promoted: Option<Row>,
    /// As it is in the target; none when it was removed there.
    pub now: Option<Row>,
    /// As the release has it; none when it is gone from it.
    pub wanted: Option<Row>,
    /// What a person decided.
    pub keep: Option<Keep>,
}

/// The decision about one row, or about all rows of a table. It travels as its text: forms and addresses know no NULL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Choice {
    pub keep: Keep,
    pub table: QName,
    /// None for all rows of the table that are not decided one by one.
    pub key: Option<Vec<Option<String>>>,
}

impl Choice {
    /// What was decided about a row.
    pub fn of(choices: &[Self], table: &QName, key: &[Option<String>]) -> Option<Keep> {
        let here = || choices.iter().filter(|choice| choice.table == *table);
        let row = here().find(|choice| choice.key.as_deref() == Some(key));
        row.or_else(|| here().find(|choice| choice.key.is_none())).map(|choice| choice.keep)
    }
}

/// `target:public.fees` or `release:public.fees=["7"]`, as `FromStr` reads it.
impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.keep == Keep::Target { "target" } else { "release" };
        write!(f, "{side}:{}.{}", ident::shown(&self.table.schema), ident::shown(&self.table.name))?;
        match &self.key {
            Some(key) => write!(f, "={}", serde_json::to_string(key).map_err(|_| fmt::Error)?),
            None => Ok(()),
        }
    }
}

impl FromStr for Choice {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let parsed = || {
            let (side, rest) = text.split_once(':')?;
            let keep = match side {
                "target" => Keep::Target,
                "release" => Keep::Release,
                _ => return None,
            };
            // A quoted name may hold the sign that parts it from the key.
            let halves = rest.match_indices('=').map(|(at, _)| (&rest[..at], Some(&rest[at + 1..])));
            halves.chain([(rest, None)]).find_map(|(name, key)| {
                let table = ident::parse(name)?;
                let key = match key {
                    Some(key) => Some(serde_json::from_str(key).ok()?),
                    None => None,
                };
                Some(Self { keep, table, key })
            })
        };
        parsed().ok_or_else(|| {
            Problem::new(ProblemKind::Invalid, format!("{text} says nothing of rows that were edited in the target."))
                .way_out("Write target:schema.table or release:schema.table, and =[\"key\"] behind it for one row.")
        })
    }
}

impl From<Choice> for String {
    fn from(choice: Choice) -> Self {
        choice.to_string()
    }
}

impl TryFrom<String> for Choice {
    type Error = Problem;

    fn try_from(text: String) -> Result<Self, Problem> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_as_it_is_written() {
        for (keep, table, key, text) in [
            (Keep::Target, QName::new("public", "fees"), None, "target:public.fees"),
            (
                Keep::Release,
                QName::new("Odd = s", "t\"[1]"),
                Some(vec![Some("a=b\",".to_owned()), None]),
                "release:\"Odd = s\".\"t\"\"[1]\"=[\"a=b\\\",\",null]",
            ),
        ] {
            let choice = Choice { keep, table, key };
            assert_eq!(choice.to_string(), text);
            assert_eq!(text.parse::<Choice>().unwrap(), choice);
        }
        for text in ["", "both:public.fees", "target:fees", "target:public.fees=7"] {
            assert!(text.parse::<Choice>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_row_is_decided_before_its_table() {
        let (table, key) = (QName::new("public", "fees"), vec![Some("7".to_owned())]);
        let all = Choice { keep: Keep::Release, table: table.clone(), key: None };
        let one = Choice { keep: Keep::Target, table: table.clone(), key: Some(key.clone()) };
        assert_eq!(Choice::of(&[all.clone(), one], &table, &key), Some(Keep::Target));
        assert_eq!(Choice::of(&[all], &table, &key), Some(Keep::Release));
        assert_eq!(Choice::of(&[], &table, &key), None);
    }
}

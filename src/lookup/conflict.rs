//! Rows that were edited in the target since the last release was promoted there, and what a person said of them.

use super::{Picked, Row};
use crate::catalog::QName;
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
    pub rows: Picked,
}

impl Choice {
    /// What was decided about a row.
    pub fn of(choices: &[Self], table: &QName, key: &[Option<String>]) -> Option<Keep> {
        let here = || choices.iter().filter(|choice| choice.rows.table == *table);
        let row = here().find(|choice| choice.rows.key.as_deref() == Some(key));
        row.or_else(|| here().find(|choice| choice.rows.key.is_none())).map(|choice| choice.keep)
    }
}

/// `target:public.fees` or `release:public.fees=["7"]`, as `FromStr` reads it.
impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.keep == Keep::Target { "target" } else { "release" };
        write!(f, "{side}:{}", self.rows)
    }
}

impl FromStr for Choice {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let parsed = || {
            let (side, rows) = text.split_once(':')?;
            let keep = match side {
                "target" => Keep::Target,
                "release" => Keep::Release,
                _ => return None,
            };
            Some(Self { keep, rows: rows.parse().ok()? })
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
            let choice = Choice { keep, rows: Picked { table, key } };
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
        let rows = |key| Picked { table: table.clone(), key };
        let all = Choice { keep: Keep::Release, rows: rows(None) };
        let one = Choice { keep: Keep::Target, rows: rows(Some(key.clone())) };
        assert_eq!(Choice::of(&[all.clone(), one], &table, &key), Some(Keep::Target));
        assert_eq!(Choice::of(&[all], &table, &key), Some(Keep::Release));
        assert_eq!(Choice::of(&[], &table, &key), None);
    }
}

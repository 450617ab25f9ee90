//! Rows of lookup tables as they were read, and what pairs them.

use crate::catalog::QName;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A column of a lookup table as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowColumn {
    pub name: String,
    pub type_name: String,
    /// `GENERATED ALWAYS AS IDENTITY`: inserts override it, updates cannot.
    pub identity_always: bool,
    /// A generated column: shown, neither compared nor written, because PostgreSQL computes it.
    pub generated: bool,
}

/// The rows of one lookup table in one environment, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRows {
    pub table: QName,
    pub columns: Vec<RowColumn>,
    /// Positions in `columns` of those that pair rows: the primary key's, or those of a key that a person chose.
    pub key: Vec<usize>,
    /// The position of the primary key's only column when another key pairs the rows: its values are each environment's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surrogate: Option<usize>,
    /// Sorted by key, as text.
    pub rows: Vec<Row>,
}

pub type Row = Vec<Option<String>>;

/// The values that pair a row, as text; compared byte by byte, whatever the collation of a database. Values that PostgreSQL calls equal
/// are one, where the text of their type can differ.
pub type RowKey<'a> = Vec<Option<Cow<'a, str>>>;

impl TableRows {
    pub fn key_of<'a>(&self, row: &'a Row) -> RowKey<'a> {
        key_of(&self.columns, &self.key, row)
    }

    /// Where the column is.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

pub(super) fn key_of<'a>(columns: &[RowColumn], key: &[usize], row: &'a Row) -> RowKey<'a> {
    let one = |at: &usize| {
        let text = row.get(*at).and_then(Option::as_deref)?;
        Some(columns.get(*at).map_or(Cow::Borrowed(text), |column| folded(&column.type_name, text)))
    };
    key.iter().map(one).collect()
}

/// The text by which equal values of a type are known.
fn folded<'a>(type_name: &str, text: &'a str) -> Cow<'a, str> {
    match type_name {
        name if name == "citext" || name.ends_with(".citext") => Cow::Owned(text.to_lowercase()),
        name if name.starts_with("numeric") && text.contains('.') => {
            Cow::Borrowed(text.trim_end_matches('0').trim_end_matches('.'))
        }
        "real" | "double precision" if text == "-0" => Cow::Borrowed("0"),
        name if name.starts_with("character(") => Cow::Borrowed(text.trim_end_matches(' ')),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn values_that_postgresql_calls_equal_are_one_key() {
        for (type_name, text, key) in [
            ("public.citext", "Größe A", "größe a"),
            ("numeric(10,2)", "1.50", "1.5"),
            ("numeric", "100", "100"),
            ("numeric", "1.000", "1"),
            ("double precision", "-0", "0"),
            ("character(5)", "ab   ", "ab"),
            ("text", "1.50 ", "1.50 "),
        ] {
            assert_eq!(folded(type_name, text), key, "{type_name}");
        }
    }
}

//! Rows of lookup tables as they were read, and what pairs them.

use super::digest::hash_of;
use super::{Counted, Digest, LookupSet, LookupTable, Shape};
use crate::catalog::{Fingerprint, QName};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRows {
    pub table: QName,
    pub columns: Vec<RowColumn>,
    /// Positions in `columns` of those that pair rows: the primary key's, or those of a key that a person chose.
    pub key: Vec<usize>,
    /// The position of the primary key's only column when another key pairs the rows: its values are each environment's own.
    pub surrogate: Option<usize>,
    pub rows: Vec<Row>,
}

pub type Row = Vec<Option<String>>;

/// The values that pair a row, as text; compared byte by byte, whatever the collation of a database. Values that PostgreSQL calls equal
/// are one, where the text of their type can differ.
pub type RowKey<'a> = Vec<Option<Cow<'a, str>>>;

/// A key that outlives its row.
pub fn owned_key(key: RowKey<'_>) -> Vec<Option<String>> {
    key.into_iter().map(|value| value.map(Cow::into_owned)).collect()
}

/// What is known of the rows of a table without having them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    pub table: QName,
    #[serde(flatten)]
    pub shape: Shape,
    /// Of the columns that count.
    pub digest: Digest,
    /// Over all values in the order of `Shape::order`; none where the rows were not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Fingerprint>,
}

impl TableRows {
    pub fn new(table: &QName, shape: &Shape, rows: Vec<Row>) -> Self {
        let Shape { columns, key, surrogate } = shape.clone();
        Self { table: table.clone(), columns, key, surrogate, rows }
    }

    pub fn key_of<'a>(&self, row: &'a Row) -> RowKey<'a> {
        key_of(&self.columns, &self.key, row)
    }

    /// Where the column is.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    pub fn shape(&self) -> Shape {
        Shape { columns: self.columns.clone(), key: self.key.clone(), surrogate: self.surrogate }
    }

    /// Sorts the rows by place, and says what is known without them.
    pub fn digested(&mut self, lookup: &LookupTable) -> TableDigest {
        let shape = self.shape();
        self.rows.sort_by_cached_key(|row| shape.order(row));
        let counted = shape.counted(lookup);
        let (mut digest, mut seal) = (Digest::default(), Seal::default());
        for row in &self.rows {
            digest.add(hash_of(row, &counted));
            seal.add(row.iter().map(Option::as_deref));
        }
        TableDigest { table: self.table.clone(), shape, digest, sha256: Some(seal.finish()) }
    }
}

impl TableDigest {
    pub fn counted(&self, set: &LookupSet) -> Counted {
        let columns = set.find(&self.table).map_or_else(Vec::new, |lookup| self.shape.names(&self.shape.counted(lookup)));
        Counted { table: self.table.clone(), columns, digest: self.digest }
    }
}

/// Adds up rows one by one to what names them all.
#[derive(Default)]
pub struct Seal(Sha256);

impl Seal {
    pub fn add<S: AsRef<str>>(&mut self, row: impl Iterator<Item = Option<S>>) {
        for value in row {
            match value.as_ref().map(AsRef::as_ref) {
                Some(text) => {
                    self.0.update((text.len() as u64).to_le_bytes());
                    self.0.update(text);
                }
                None => self.0.update(u64::MAX.to_le_bytes()),
            }
        }
    }

    pub fn finish(self) -> Fingerprint {
        Fingerprint(hex::encode(self.0.finalize()))
    }
}

pub(super) fn key_of<'a>(columns: &[RowColumn], key: &[usize], row: &'a Row) -> RowKey<'a> {
    let one = |at: &usize| {
        let text = row.get(*at).and_then(Option::as_deref)?;
        Some(columns.get(*at).map_or(Cow::Borrowed(text), |column| folded(&column.type_name, text)))
    };
    key.iter().map(one).collect()
}

/// Equal values of the type can have different texts.
pub(super) fn is_folded(type_name: &str) -> bool {
    type_name == "citext"
        || type_name.ends_with(".citext")
        || ["numeric", "real", "double precision", "character("].iter().any(|name| type_name.starts_with(name))
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
    use super::{folded, is_folded};

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
            assert!(is_folded(type_name) || type_name == "text");
        }
    }
}

//! Lookup data as files: what an archive says of itself, and rows as lines that people and `COPY ... CSV HEADER` can read.

use crate::catalog::Fingerprint;
use crate::lookup::{LookupSet, LookupTable, Row, RowColumn, TableRows};
use crate::problem::{Problem, ProblemKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Version of the form of an archive.
pub const FORMAT: u32 = 1;

/// The name of the file that says what the others are.
pub const MANIFEST: &str = "manifest.json";

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// `lockstep 1.0.0`
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    /// The environment, or host and database.
    pub source: String,
    /// `server_version_num` of the server that was read.
    pub server_version: u32,
    pub tables: Vec<Entry>,
}

/// One table of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The name of its file.
    pub file: String,
    pub rows: u64,
    /// Of the file.
    pub sha256: String,
    pub columns: Vec<RowColumn>,
    /// Positions in `columns`.
    pub key: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surrogate: Option<usize>,
    /// How it travels.
    pub lookup: LookupTable,
}

/// The set as it is exported: nobody is shown masked values, so they stay where they are.
pub fn exported(set: &LookupSet) -> LookupSet {
    let open = |table: &LookupTable| {
        let mut table = table.clone();
        table.pinned.append(&mut table.masked);
        table
    };
    LookupSet { tables: set.tables.iter().map(open).collect() }
}

impl Entry {
    /// Of the rows that were read, and the file that holds them.
    pub fn new(place: usize, lookup: &LookupTable, rows: &TableRows) -> (Self, String) {
        let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
        let name: String = format!("{}.{}", rows.table.schema, rows.table.name)
            .split('.')
            .map(|part| part.chars().map(plain).collect::<String>())
            .collect::<Vec<_>>()
            .join(".");
        let text = written(rows);
        let entry = Self {
            file: format!("{:03} {name}.csv", place + 1),
            rows: rows.rows.len() as u64,
            sha256: Fingerprint::of_bytes(text.as_bytes()).0,
            columns: rows.columns.clone(),
            key: rows.key.clone(),
            surrogate: rows.surrogate,
            lookup: lookup.clone(),
        };
        (entry, text)
    }

    /// The rows in the text of its file, which must be what the manifest says.
    pub fn read(&self, text: &str) -> Result<TableRows, Problem> {
        if Fingerprint::of_bytes(text.as_bytes()).0 != self.sha256 {
            return Err(damaged(&format!("The checksum of {} is not the one in the manifest.", self.file)));
        }
        let mut lines =
            parsed(text).ok_or_else(|| damaged(&format!("A quoted value in {} does not end.", self.file)))?.into_iter();
        let heads: Row = self.columns.iter().map(|column| Some(column.name.clone())).collect();
        if lines.next().as_ref() != Some(&heads) {
            return Err(damaged(&format!("The first line of {} does not name the columns of the manifest.", self.file)));
        }
        let rows: Vec<Row> = lines.collect();
        if let Some(at) = rows.iter().position(|row| row.len() != self.columns.len()) {
            return Err(damaged(&format!("Row {} of {} has another number of columns.", at + 1, self.file)));
        }
        if rows.len() as u64 != self.rows {
            return Err(damaged(&format!("{} has {} rows, and the manifest says {}.", self.file, rows.len(), self.rows)));
        }
        let inside = |at: &usize| *at < self.columns.len();
        if self.key.is_empty() || !self.key.iter().chain(&self.surrogate).all(inside) {
            return Err(damaged(&format!("The manifest names no key of {}.", self.lookup.table.shown())));
        }
        let table = self.lookup.table.clone();
        Ok(TableRows { table, columns: self.columns.clone(), key: self.key.clone(), surrogate: self.surrogate, rows })
    }
}

impl Manifest {
    /// Reads what an archive says of itself.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let format: Format =
            serde_json::from_str(text).map_err(|error| foreign(&format!("{MANIFEST} is none of Lockstep's: {error}.")))?;
        if format.format != FORMAT {
            return Err(foreign(&format!("It has format {}, and this version reads format {FORMAT}.", format.format)));
        }
        serde_json::from_str(text).map_err(|error| damaged(&format!("{MANIFEST} cannot be read: {error}.")))
    }

    pub fn set(&self) -> LookupSet {
        LookupSet { tables: self.tables.iter().map(|entry| entry.lookup.clone()).collect() }
    }
}

/// The file is something else.
pub fn foreign(why: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "The file is no archive of lookup data.")
        .because(why)
        .way_out("Give a file that the button Export lookup data or lockstep data export has written.")
}

/// The file was an archive once.
pub fn damaged(why: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, "The archive is damaged, or somebody changed it.")
        .because(why)
        .way_out("Export the data again, or take the file from where it was made.")
}

/// A line of names, then the rows. NULL is nothing, and everything else stands in quotes.
fn written(rows: &TableRows) -> String {
    let mut text = String::new();
    let heads: Vec<Option<&str>> = rows.columns.iter().map(|column| Some(column.name.as_str())).collect();
    push(&mut text, &heads);
    for row in &rows.rows {
        push(&mut text, &row.iter().map(Option::as_deref).collect::<Vec<_>>());
    }
    text
}

fn push(text: &mut String, values: &[Option<&str>]) {
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        let Some(value) = value else { continue };
        text.push('"');
        for letter in value.chars() {
            if letter == '"' {
                text.push(letter);
            }
            text.push(letter);
        }
        text.push('"');
    }
    text.push('\n');
}

/// None when a quoted value does not end.
fn parsed(text: &str) -> Option<Vec<Row>> {
    let (mut rows, mut row, mut rest) = (Vec::new(), Row::new(), text);
    while !rest.is_empty() {
        let value = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (value, after) = unquoted(quoted)?;
                rest = after;
                Some(value)
            }
            None => {
                let end = rest.find([',', '\n']).unwrap_or(rest.len());
                let value = rest[..end].trim_end_matches('\r').to_owned();
                rest = &rest[end..];
                Some(value).filter(|value| !value.is_empty())
            }
        };
        row.push(value);
        rest = rest.strip_prefix('\r').unwrap_or(rest);
        match rest.strip_prefix(',') {
            Some(after) if after.is_empty() => {
                row.push(None);
                rest = after;
            }
            Some(after) if after.starts_with('\n') => {
                row.push(None);
                rows.push(std::mem::take(&mut row));
                rest = &after[1..];
            }
            Some(after) => rest = after,
            None => {
                rest = rest.strip_prefix('\n').unwrap_or(rest);
                rows.push(std::mem::take(&mut row));
            }
        }
    }
    rows.extend((!row.is_empty()).then_some(row));
    Some(rows)
}

fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                value.push('"');
                rest = more;
            }
            None => return Some((value, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::QName;
    use crate::lookup::Mode;

    fn rows() -> TableRows {
        let column = |name: &str| RowColumn {
            name: name.to_owned(),
            type_name: "text".to_owned(),
            identity_always: false,
            generated: false,
        };
        let some = |text: &str| Some(text.to_owned());
        TableRows {
            table: QName::new("public", "Odd, \"name\""),
            columns: vec![column("id"), column("a \"b\", c")],
            key: vec![0],
            surrogate: None,
            rows: vec![
                vec![some("1"), None],
                vec![some("2"), some("")],
                vec![some("3"), some("a,\"b\"\r\n\nc")],
                vec![None, None],
                vec![some("é 💶"), some("\\N")],
            ],
        }
    }

    #[test]
    fn rows_come_back_as_they_were() {
        let rows = rows();
        let lookup = LookupTable::new(rows.table.clone(), Mode::Mirror);
        let (entry, text) = Entry::new(0, &lookup, &rows);
        assert_eq!(entry.file, "001 public.Odd---name-.csv");
        assert_eq!(entry.read(&text).unwrap(), rows);
    }

    #[test]
    fn whatever_is_changed_is_found() {
        let rows = rows();
        let (entry, text) = Entry::new(0, &LookupTable::new(rows.table.clone(), Mode::Mirror), &rows);
        assert!(entry.read(&text.replace("\"2\"", "\"7\"")).unwrap_err().cause.contains("checksum"));
        let again = |text: &str| Entry { sha256: Fingerprint::of_bytes(text.as_bytes()).0, ..entry.clone() };
        for (changed, why) in [
            (text.replace("\"2\",\"\"\n", ""), "4 rows, and the manifest says 5"),
            (text.replace("\"2\",\"\"", "\"2\""), "another number of columns"),
            (text.replace("\"id\"", "\"key\""), "does not name the columns"),
            (format!("{text}\"open"), "does not end"),
        ] {
            let problem = again(&changed).read(&changed).unwrap_err();
            assert!(problem.cause.contains(why), "{why}: {problem}");
        }
    }

    #[test]
    fn lines_of_other_programs_are_read_too() {
        let some = |text: &str| Some(text.to_owned());
        let all = parsed("a,b\r\n1,\r\n,\"x\"\n\"\",y").unwrap();
        assert_eq!(all, [vec![some("a"), some("b")], vec![some("1"), None], vec![None, some("x")], vec![some(""), some("y")]]);
        assert_eq!(parsed("a,").unwrap(), [vec![some("a"), None]]);
    }
}

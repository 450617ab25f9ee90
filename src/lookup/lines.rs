//! Rows as `COPY` prints them: a line each, tabs between the values, `\N` for NULL, a backslash before what would end a value.
//!
//! So they come from a database, and so they are kept. Under the same columns equal rows are equal lines, so that most rows of a
//! comparison are never taken apart.

use super::Row;
use std::borrow::Cow;

/// Whole lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(String);

impl Lines {
    /// Each line ends with a line feed.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The lines from this byte on.
    pub fn from(&self, begin: usize) -> &str {
        self.0.get(begin..).unwrap_or_default()
    }

    /// The line that begins at this byte, without its end; none where the lines end.
    pub fn at(&self, begin: usize) -> Option<&str> {
        self.from(begin).split_once('\n').map(|(line, _)| line)
    }

    /// Without their ends.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_terminator('\n')
    }

    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.iter().map(row)
    }

    pub fn push(&mut self, row: &Row) {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                self.0.push('\t');
            }
            match value {
                Some(text) => escape(text, &mut self.0),
                None => self.0.push_str("\\N"),
            }
        }
        self.0.push('\n');
    }
}

impl<'r> FromIterator<&'r Row> for Lines {
    fn from_iter<I: IntoIterator<Item = &'r Row>>(rows: I) -> Self {
        let mut lines = Self::default();
        rows.into_iter().for_each(|row| lines.push(row));
        lines
    }
}

/// The values of a line.
pub fn values(line: &str) -> impl Iterator<Item = Option<Cow<'_, str>>> {
    line.split('\t').map(value)
}

pub fn row(line: &str) -> Row {
    values(line).map(|value| value.map(Cow::into_owned)).collect()
}

/// The characters that have a letter of their own behind the backslash.
const NAMED: [(char, char); 6] = [('\u{8}', 'b'), ('\u{c}', 'f'), ('\n', 'n'), ('\r', 'r'), ('\t', 't'), ('\u{b}', 'v')];

/// What stands between two tabs.
pub fn value(field: &str) -> Option<Cow<'_, str>> {
    if field == "\\N" {
        return None;
    }
    if !field.contains('\\') {
        return Some(Cow::Borrowed(field));
    }
    let mut text = String::with_capacity(field.len());
    let mut rest = field.chars();
    while let Some(c) = rest.next() {
        text.push(match c {
            '\\' => {
                rest.next().map_or('\\', |letter| NAMED.iter().find(|(_, named)| *named == letter).map_or(letter, |(c, _)| *c))
            }
            other => other,
        });
    }
    Some(Cow::Owned(text))
}

fn escape(text: &str, line: &mut String) {
    if !text.bytes().any(|byte| byte == b'\\' || (8..=13).contains(&byte)) {
        line.push_str(text);
        return;
    }
    for c in text.chars() {
        match NAMED.iter().find(|(named, _)| *named == c) {
            Some((_, letter)) => line.extend(['\\', *letter]),
            None if c == '\\' => line.push_str("\\\\"),
            None => line.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_null_beside_empty_text_and_every_odd_character() {
        let odd: Row = vec![None, Some(String::new()), Some("a\tb\\N\n\r\u{8}\u{b}\u{c}".to_owned()), Some("é 💶".to_owned())];
        let lines: Lines = [&odd, &odd].into_iter().collect();
        assert_eq!(lines.iter().next(), Some("\\N\t\ta\\tb\\\\N\\n\\r\\b\\v\\f\té 💶"));
        assert_eq!(lines.rows().collect::<Vec<_>>(), [odd.clone(), odd]);
    }
}

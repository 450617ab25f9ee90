//! Tables as a spreadsheet takes them.

use crate::lookup::{Row, TableChanges};

/// Comma, quotes, CR LF. NULL is nothing at all, and the empty text is a pair of quotes.
pub fn line<'a>(cells: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|value| value.map(cell).unwrap_or_default()).collect();
    format!("{}\r\n", cells.join(","))
}

/// A spreadsheet takes a text that begins like this for a formula; an apostrophe keeps it a text.
fn cell(text: &str) -> String {
    let number = text.parse::<f64>().is_ok();
    let formula = text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n', '\0']);
    let mut quoted = String::with_capacity(text.len() + 3);
    quoted.push('"');
    if formula && !number {
        quoted.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            quoted.push('"');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Losses first; a changed row is two lines.
pub fn changes(changes: &TableChanges) -> String {
    let heads = changes.columns.iter().map(|column| Some(column.name.as_str()));
    let mut text = line(std::iter::once(Some("change")).chain(heads));
    let mut push = |what: &'static str, row: &Row| {
        text.push_str(&line(std::iter::once(Some(what)).chain(row.iter().map(Option::as_deref))));
    };
    changes.deletes.iter().for_each(|row| push("removed", &row));
    for update in changes.updates.iter() {
        push("changed from", &update.before);
        push("changed to", &update.after);
    }
    changes.inserts.iter().for_each(|row| push("added", &row));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_finds_no_formula() {
        for text in ["=cmd|'/c calc'!A1", "+x", "-x", "@SUM(A1)", "\tx", " =1"] {
            assert!(cell(text).starts_with("\"'"), "{text}");
        }
        assert_eq!(cell("-1.5"), "\"-1.5\"");
        assert_eq!(cell("1.4.0"), "\"1.4.0\"");
        assert_eq!(cell("say \"hi\", then\ngo"), "\"say \"\"hi\"\", then\ngo\"");
    }

    #[test]
    fn null_is_not_the_empty_text() {
        assert_eq!(line([Some("a"), None, Some("")]), "\"a\",,\"\"\r\n");
    }
}

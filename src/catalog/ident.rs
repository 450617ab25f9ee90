//! The only code that quotes: identifiers and literals.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One SQL identifier as it is stored (unquoted). `Display` quotes it, always.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ident(pub String);

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote(&self.0))
    }
}

/// A schema-qualified name. `Display` quotes both parts where they need it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct QName {
    pub schema: String,
    pub name: String,
}

impl QName {
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }

    /// As people read it: quoted only where it must be.
    pub fn shown(&self) -> String {
        format!("{}.{}", shown(&self.schema), shown(&self.name))
    }
}

impl fmt::Display for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", quote(&self.schema), quote(&self.name))
    }
}

/// Quotes an identifier when it is anything but plain lower case; quoting is never wrong, and keywords are quoted too
/// because telling them apart would tie the result to a server version.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// An identifier as `parts` reads it, quoted only where it must be.
pub fn shown(name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$');
    if plain { name.to_owned() } else { quote(name) }
}

/// A name of our own that PostgreSQL takes whole: what is longer than 63 bytes is cut and told apart by a digest.
pub fn short(name: &str) -> String {
    if name.len() <= 63 {
        return name.to_owned();
    }
    let digest = super::Fingerprint::of(&name);
    let mut kept = name.to_owned();
    while kept.len() > 63 - 13 {
        kept.pop();
    }
    format!("{kept}_{}", digest.short())
}

/// Quotes a string literal for a session with `standard_conforming_strings = on`.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The two parts of a qualified name as PostgreSQL prints it, quoted where it must be. None for names without a schema and for anything
/// that goes on after the name.
pub fn parse(text: &str) -> Option<QName> {
    let (schema, rest) = part(text)?;
    let (name, rest) = part(rest.strip_prefix('.')?)?;
    rest.is_empty().then_some(QName { schema, name })
}

/// All parts of a name, `schema.table.column`; empty when it is none.
pub fn parts(text: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((name, after)) = part(rest) {
        found.push(name);
        match after.strip_prefix('.') {
            Some(more) => rest = more,
            None if after.is_empty() => return found,
            None => return Vec::new(),
        }
    }
    Vec::new()
}

fn part(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"')?;
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, rest)),
        }
    }
}

//! A view of one relation: PostgreSQL 15 prints `SELECT t.a FROM t`, from 16 on it is `SELECT a FROM t`. The second form stands for both.

use super::ident;
use super::normalise::token;

/// The query without the qualifiers that it does not need; unchanged when it reads more than one relation.
pub fn without(query: &str) -> Option<String> {
    let from = clause(query, 0, &["FROM"])?;
    let start = from + "FROM ".len();
    let end = clause(query, start, &ENDS).unwrap_or(query.len());
    let alias = alias(query.get(start..end)?)?;
    let sort = clause(query, end, &["ORDER BY"]).unwrap_or(query.len());
    let outputs = query.get(..from)?;
    let mut done = String::with_capacity(query.len());
    let mut scan = Scan::new(query);
    while let Some((at, token, level)) = scan.next() {
        let outside = at < start || at >= end;
        let qualifier = outside && level.query == 0 && token == alias && stands_alone(query, at, token.len());
        let column = qualifier.then(|| name_at(&query[at + token.len() + 1..])).flatten();
        // Behind ORDER BY a bare name is an output column first.
        let hides = |column: &str| at >= sort && outputs.contains(&format!(" AS {column}"));
        if column.is_some_and(|column| !hides(column)) {
            scan.at += 1;
        } else {
            done.push_str(token);
        }
    }
    Some(done)
}

const ENDS: [&str; 9] = ["WHERE", "GROUP BY", "HAVING", "WINDOW", "ORDER BY", "LIMIT", "OFFSET", "FETCH", "FOR UPDATE"];

/// Where one of the clauses of the outermost query begins; none also when several queries are joined to one.
fn clause(query: &str, from: usize, words: &[&str]) -> Option<usize> {
    let mut scan = Scan::new(query);
    let mut found = None;
    while let Some((at, token, level)) = scan.next() {
        if level.parentheses > 0 || !token.starts_with(|letter: char| letter.is_ascii_uppercase()) {
            continue;
        }
        if ["UNION", "INTERSECT", "EXCEPT"].contains(&token) {
            return None;
        }
        let begins = |word: &&str| query[at..].starts_with(*word) && query[..at].ends_with(' ');
        if found.is_none() && at >= from && words.iter().any(begins) {
            found = Some(at);
        }
    }
    found
}

/// The name by which the query calls its only relation, as it is printed.
fn alias(item: &str) -> Option<&str> {
    let mut scan = Scan::new(item);
    let (mut last, mut depth_zero) = (None, String::new());
    while let Some((at, token, level)) = scan.next() {
        if level.parentheses > 0 || token == "(" || token == ")" {
            continue;
        }
        depth_zero.push_str(token);
        if token.starts_with(|letter: char| letter == '"' || letter == '_' || letter.is_alphabetic()) {
            last = Some(&item[at..at + token.len()]);
        }
    }
    let several = depth_zero.contains(',') || depth_zero.contains(" JOIN ") || depth_zero.contains(" TABLESAMPLE ");
    last.filter(|_| !several)
}

/// A qualifier, not a schema, a type's or a part of another name: `t.` in front of a column.
fn stands_alone(query: &str, at: usize, length: usize) -> bool {
    let before = query[..at].chars().next_back();
    let free = before
        .is_none_or(|letter| !(letter == '.' || letter == ':' || letter == '"' || letter == '_' || letter.is_alphanumeric()));
    free && query[at + length..].starts_with('.')
}

/// The column at the beginning of the text; none for a star or a function.
fn name_at(text: &str) -> Option<&str> {
    let length = word(text);
    let name = text.get(..length).filter(|name| ident::parts(name).len() == 1)?;
    (!text[length..].starts_with(['(', '.'])).then_some(name)
}

#[derive(Clone, Copy)]
struct Level {
    parentheses: usize,
    /// Queries around this place, besides the outermost.
    query: usize,
}

/// Goes through a query word by word.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// For each open parenthesis: whether a query stands in it.
    open: Vec<bool>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, open: Vec::new() }
    }

    /// The place of a token, the token, and where it stands.
    fn next(&mut self) -> Option<(usize, &'a str, Level)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (at, length) = (self.at, word(rest));
        self.at += length;
        let token = &rest[..length];
        if token == ")" {
            self.open.pop();
        }
        let level = Level { parentheses: self.open.len(), query: self.open.iter().filter(|query| **query).count() };
        if token == "(" {
            let inside = rest[1..].trim_start();
            self.open.push(["SELECT", "WITH", "VALUES"].iter().any(|word| inside.starts_with(word)));
        }
        Some((at, token, level))
    }
}

/// The length of a word, a quoted text or name, else of one character.
fn word(text: &str) -> usize {
    if text.starts_with(['"', '\'']) {
        let mut length = token(text);
        while text[length..].starts_with(&text[..1]) {
            length += token(&text[length..]);
        }
        return length;
    }
    let in_word = |letter: char| letter == '_' || letter == '$' || letter.is_alphanumeric();
    match text.find(|letter| !in_word(letter)) {
        Some(0) => token(text),
        Some(end) => end,
        None => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn a_view_of_one_relation_prints_the_same_on_every_major() {
        for (fifteen, later) in [
            (
                " SELECT t.a,\n    t.b AS c\n   FROM public.t\n  WHERE (t.a > 1)",
                " SELECT a,\n    b AS c\n   FROM public.t\n  WHERE (a > 1)",
            ),
            (" SELECT x.\"A b\"\n   FROM s.t x", " SELECT \"A b\"\n   FROM s.t x"),
            (" SELECT \"T\"\"q\".\"user\"\n   FROM \"a.b\".\"T\"\"q\"", " SELECT \"user\"\n   FROM \"a.b\".\"T\"\"q\""),
            (" SELECT (t.*)::text AS t\n   FROM t.t", " SELECT (t.*)::text AS t\n   FROM t.t"),
            (" SELECT t.f(t.a) AS f\n   FROM public.t", " SELECT t.f(a) AS f\n   FROM public.t"),
            (
                " SELECT t.a\n   FROM public.t\n  WHERE (EXISTS ( SELECT\n           FROM public.u\n          WHERE (u.a = t.a)))",
                " SELECT a\n   FROM public.t\n  WHERE (EXISTS ( SELECT\n           FROM public.u\n          WHERE (u.a = t.a)))",
            ),
            (
                " SELECT t.b AS a,\n    t.a AS b\n   FROM public.t\n  ORDER BY t.a",
                " SELECT b AS a,\n    a AS b\n   FROM public.t\n  ORDER BY t.a",
            ),
            (" SELECT g.n\n   FROM generate_series(1, 3) g(n)", " SELECT n\n   FROM generate_series(1, 3) g(n)"),
            (
                " SELECT s.a\n   FROM ( SELECT t.a\n           FROM public.t) s",
                " SELECT a\n   FROM ( SELECT t.a\n           FROM public.t) s",
            ),
            (" SELECT 't.a'::text AS x,\n    t.a\n   FROM public.t", " SELECT 't.a'::text AS x,\n    a\n   FROM public.t"),
        ] {
            assert_eq!(without(fifteen).as_deref(), Some(later));
            assert_eq!(without(later).as_deref(), Some(later), "the second form stays");
        }
    }

    #[test]
    fn a_view_of_several_relations_stays() {
        for query in [
            " SELECT t.a\n   FROM public.t,\n    public.u",
            " SELECT t.a\n   FROM (public.t\n     JOIN public.u ON ((t.a = u.a)))",
            " SELECT t.a\n   FROM public.t\nUNION\n SELECT u.a\n   FROM public.u",
            " SELECT 1 AS one",
        ] {
            assert!(without(query).is_none_or(|same| same == query), "{query}");
        }
    }
}

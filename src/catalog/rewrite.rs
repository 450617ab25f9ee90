//! Another name in a definition that PostgreSQL printed. What it gives is a guess at what PostgreSQL would print after a rename; it is only
//! ever compared, never run.

use super::ident::{self, QName};

/// An identifier as PostgreSQL prints it, but for keywords.
fn printed(name: &str) -> String {
    let mut letters = name.chars();
    let plain = letters.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_')
        && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$');
    if plain { name.to_owned() } else { ident::quote(name) }
}

enum Token<'a> {
    /// As it is stored, and how it was written.
    Name(String, &'a str),
    /// What stands between single quotes, and all of it.
    Text(&'a str, &'a str),
    Other(&'a str),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ if first.is_alphabetic() || first == '_' => {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        found.push(match first {
            '\'' => Token::Text(token.trim_matches('\''), token),
            '"' => Token::Name(token[1..].trim_end_matches('"').to_owned(), token),
            _ if first.is_alphabetic() || first == '_' => Token::Name(token.to_owned(), token),
            _ => Token::Other(token),
        });
        rest = after;
    }
    found
}

/// `schema.name`, also as a text that is cast (`'public.t'::regclass`).
pub fn qualified(text: &str, from: &QName, to: &QName) -> String {
    let new = format!("{}.{}", printed(&to.schema), printed(&to.name));
    let tokens = tokens(text);
    let mut done = String::with_capacity(text.len());
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at..] {
            [Token::Name(schema, _), Token::Other("."), Token::Name(name, _), ..]
                if *schema == from.schema && *name == from.name =>
            {
                done.push_str(&new);
                at += 3;
                continue;
            }
            [Token::Text(inner, _), ..] if ident::parse(inner).as_ref() == Some(from) => {
                done.push_str(&ident::literal(&new));
            }
            [Token::Name(_, token) | Token::Text(_, token) | Token::Other(token), ..] => done.push_str(token),
            [] => {}
        }
        at += 1;
    }
    done
}

/// A column's name, wherever it stands but as a function's or a type's.
pub fn bare(text: &str, from: &str, to: &str) -> String {
    let tokens = tokens(text);
    let mut done = String::with_capacity(text.len());
    for (at, token) in tokens.iter().enumerate() {
        let called = matches!(tokens.get(at + 1), Some(Token::Other("(")));
        let cast = at > 0 && matches!(tokens.get(at - 1), Some(Token::Other(":")));
        match token {
            Token::Name(name, _) if name == from && !called && !cast => done.push_str(&printed(to)),
            Token::Name(_, token) | Token::Text(_, token) | Token::Other(token) => done.push_str(token),
        }
    }
    done
}

/// `VALUE`, by which a domain's rule calls the value that it is asked about, as another expression.
pub fn value(text: &str, expression: &str) -> String {
    let told = |token: &Token<'_>| match token {
        Token::Name(_, "VALUE") => expression.to_owned(),
        Token::Name(_, token) | Token::Text(_, token) | Token::Other(token) => (*token).to_owned(),
    };
    tokens(text).iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_itself_is_another_one() {
        let (from, to) = (QName::new("public", "old"), QName::new("public", "New"));
        assert_eq!(
            qualified("FOREIGN KEY (old) REFERENCES public.old(id) -- public.older 'public.old'", &from, &to),
            "FOREIGN KEY (old) REFERENCES public.\"New\"(id) -- public.older 'public.\"New\"'"
        );
        assert_eq!(
            bare("CHECK (((a > 0) AND (\"a\" < max(a, 'a')) AND a(1)::a))", "a", "b"),
            "CHECK (((b > 0) AND (b < max(b, 'a')) AND a(1)::a))"
        );
        assert_eq!(
            value("((VALUE ~ 'VALUE'::text) AND (\"VALUE\" > VALUE))", "t.x"),
            "((t.x ~ 'VALUE'::text) AND (\"VALUE\" > t.x))"
        );
    }
}

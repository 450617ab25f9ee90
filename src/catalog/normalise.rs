//! Makes equal objects equal values: what PostgreSQL prints differently for the same thing.

use super::{Object, qualifiers};

/// The one form of an object.
pub fn object(mut object: Object) -> Object {
    match &mut object {
        Object::Constraint(constraint) => settle(&mut constraint.definition),
        Object::Index(index) => settle(&mut index.definition),
        Object::Domain(domain) => {
            domain.default.iter_mut().for_each(settle);
            domain.checks.iter_mut().for_each(|check| settle(&mut check.definition));
        }
        Object::Table(table) => {
            // Lists grow by doubling, and there may be many thousand tables.
            table.columns.shrink_to_fit();
            for column in &mut table.columns {
                column.default.iter_mut().for_each(settle);
                // What a dump writes for a partition's column without the default of its parent's.
                column.default.take_if(|text| is_null(text));
                column.generated.iter_mut().for_each(|generated| settle(&mut generated.expression));
            }
        }
        Object::View(view) => {
            settle(&mut view.query);
            if let Some(query) = qualifiers::without(&view.query) {
                view.query = query;
            }
            view.columns.iter_mut().flat_map(|column| &mut column.default).for_each(settle);
        }
        Object::Collation(of) if of.provider == "icu" => of.locale = language_tag(&of.locale),
        Object::Policy(policy) => policy.using.iter_mut().chain(&mut policy.check).for_each(settle),
        Object::Trigger(trigger) => settle(&mut trigger.definition),
        Object::Plain(plain) => plain.statements.iter_mut().for_each(settle),
        // A body that is a text is as its author wrote it; the SQL standard's is printed by PostgreSQL.
        Object::Function(function) if function.language == "sql" && !has_text_body(&function.definition) => {
            settle(&mut function.definition);
        }
        _ => {}
    }
    object
}

/// A setting of a locale that is true needs no value: PostgreSQL 16 writes `de-u-kn-true` where 15 has `de-u-kn`.
fn language_tag(locale: &str) -> String {
    match locale.split_once("-u-") {
        Some((language, settings)) => format!("{language}-u-{}", settings.replace("-true", "")),
        None => locale.to_owned(),
    }
}

fn has_text_body(definition: &str) -> bool {
    definition.contains("\nAS $function") || definition.contains("\nAS $procedure")
}

fn settle(text: &mut String) {
    if text.contains(OPEN) {
        *text = expression(text);
    }
    if text.contains("((") {
        *text = conditions(text);
    }
}

/// `n BETWEEN 1 AND 2 AND x` prints as `(((n >= 1) AND (n <= 2)) AND x)` at first and as `((n >= 1) AND (n <= 2) AND x)` after a
/// dump and restore, because the parser joins a condition to the list on its left. The same goes for OR. Both become the second form.
fn conditions(text: &str) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('(') {
            let (inner, length) = group(after);
            done.push('(');
            done.push_str(&inner.text);
            done.push_str(&rest[length..length + usize::from(inner.closed)]);
            rest = &rest[length + usize::from(inner.closed)..];
            continue;
        }
        let length = token(rest);
        done.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    done
}

struct Group {
    text: String,
    /// What joins its parts: ` AND ` or ` OR `.
    joined_by: Option<&'static str>,
    closed: bool,
}

/// What stands up to the closing parenthesis, and the place of that one counted from the opening one.
fn group(text: &str) -> (Group, usize) {
    let mut found = Group { text: String::new(), joined_by: None, closed: false };
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(')') {
            found.closed = true;
            break;
        }
        if let Some(after) = rest.strip_prefix('(') {
            let (inner, length) = group(after);
            let end = at + length + usize::from(inner.closed);
            // A subquery stays as it is.
            let joins_on = inner.joined_by.filter(|_| found.text.is_empty() && !inner.text.trim_start().starts_with("SELECT"));
            if joins_on.is_some_and(|word| text[end..].starts_with(word)) {
                found.text.push_str(&inner.text);
            } else {
                found.text.push('(');
                found.text.push_str(&inner.text);
                found.text.push_str(&text[at + length..end]);
            }
            at = end;
            continue;
        }
        found.joined_by = found.joined_by.or_else(|| [" AND ", " OR "].into_iter().find(|word| rest.starts_with(word)));
        let length = token(rest);
        found.text.push_str(&rest[..length]);
        at += length;
    }
    (found, at + 1)
}

/// A default that is NULL, whatever its type, is none.
fn is_null(text: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || "_ .,()\"".contains(letter);
    text.strip_prefix("NULL::").is_some_and(|name| name.chars().all(plain))
}

const OPEN: &str = "(ARRAY[";

/// An array whose elements have another type than is needed prints as one cast of the whole at first,
/// `(ARRAY['a'::character varying])::text[]`, and after a dump and restore as casts of its elements,
/// `ARRAY[('a'::character varying)::text]`, because the parser hands a cast of an array on to the elements. Both become the
/// second form, which stays as it is however often it is restored. Texts and quoted names are left alone.
fn expression(text: &str) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let cast = if rest.starts_with(OPEN) { whole_cast(rest) } else { None };
        let length = match cast {
            Some((form, length)) => {
                done.push_str(&form);
                length
            }
            None => {
                let length = token(rest);
                done.push_str(&rest[..length]);
                length
            }
        };
        rest = &rest[length..];
    }
    done
}

/// For a text that starts with a cast array: its second form, and the length of the first.
fn whole_cast(text: &str) -> Option<(String, usize)> {
    let (elements, inside) = elements(&text[OPEN.len()..])?;
    let closed = OPEN.len() + inside;
    let name = text[closed..].strip_prefix(")::")?;
    let end = type_name(name)?;
    let form = pushed_down(&elements, &name[..end]);
    Some((form, closed + ")::".len() + end + "[]".len()))
}

fn pushed_down(parts: &[&str], type_name: &str) -> String {
    let cast = |part: &&str| match part.strip_prefix("ARRAY[").and_then(elements) {
        Some((inner, length)) if "ARRAY[".len() + length == part.len() => pushed_down(&inner, type_name),
        _ => format!("({})::{type_name}", expression(part)),
    };
    format!("ARRAY[{}]", parts.iter().map(cast).collect::<Vec<_>>().join(", "))
}

/// The elements up to the bracket that closes the array, and the length with it.
fn elements(text: &str) -> Option<(Vec<&str>, usize)> {
    let (mut found, mut depth, mut start, mut at) = (Vec::new(), 0_u32, 0, 0);
    loop {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        match rest.as_bytes()[0] {
            b'(' | b'[' => depth += 1,
            b']' if depth == 0 => {
                found.push(&text[start..at]);
                return Some((found, at + 1));
            }
            b')' | b']' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + ", ".len();
            }
            _ => {}
        }
        at += token(rest);
    }
}

/// The length of the type's name in front of `[]`.
fn type_name(text: &str) -> Option<usize> {
    let mut at = 0;
    while !text.get(at..)?.starts_with("[]") {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let plain = |letter: char| letter.is_alphanumeric() || "_ .,()\"".contains(letter);
        if !rest.starts_with(plain) {
            return None;
        }
        at += token(rest);
    }
    (at > 0).then_some(at)
}

/// The length of a quoted text or name, else of one character.
pub(super) fn token(text: &str) -> usize {
    let Some(first) = text.chars().next() else { return 0 };
    if first == '\'' || first == '"' {
        // A doubled quote reads as the end of one text and the start of the next, which is as good. Backslashes escape in E'' texts
        // only, where PostgreSQL doubles them: there they come in pairs.
        return text[1..].find(first).map_or(text.len(), |end| end + 2);
    }
    first.len_utf8()
}

#[cfg(test)]
mod tests {
    use super::{conditions, expression, is_null};

    fn check(first: &str, settled: &str) {
        assert_eq!(expression(first), settled);
        assert_eq!(expression(settled), settled, "the second form stays");
    }

    #[test]
    fn both_forms_of_a_varchar_list_are_one() {
        check(
            "((status)::text = ANY ((ARRAY['open'::character varying, 'it''s, (so'::character varying])::text[]))",
            "((status)::text = ANY (ARRAY[('open'::character varying)::text, ('it''s, (so'::character varying)::text]))",
        );
        check(
            "(a = ANY ((ARRAY[NULL::character varying, x, f(y, 1)])::text[]))",
            "(a = ANY (ARRAY[(NULL::character varying)::text, (x)::text, (f(y, 1))::text]))",
        );
    }

    #[test]
    fn types_with_modifiers_and_quoted_names_are_read_whole() {
        check("(ARRAY[1])::numeric(10,2)[]", "ARRAY[(1)::numeric(10,2)]");
        check("(ARRAY[now()])::timestamp(3) without time zone[]", "ARRAY[(now())::timestamp(3) without time zone]");
        check(r#"(ARRAY['a'::text])::"my ""S[]".t[]"#, r#"ARRAY[('a'::text)::"my ""S[]".t]"#);
    }

    #[test]
    fn arrays_in_arrays_are_settled_too() {
        check("(ARRAY[ARRAY[a, b], ARRAY[c, d]])::text[]", "ARRAY[ARRAY[(a)::text, (b)::text], ARRAY[(c)::text, (d)::text]]");
        check("(ARRAY[f((ARRAY[a])::text[])])::text[]", "ARRAY[(f(ARRAY[(a)::text]))::text]");
    }

    #[test]
    fn conditions_are_joined_to_the_list_on_their_left() {
        for (first, settled) in [
            ("CHECK ((((n >= 1) AND (n <= 3)) AND (i = 2)))", "CHECK (((n >= 1) AND (n <= 3) AND (i = 2)))"),
            ("((((a OR b) OR c) OR d) AND e)", "((a OR b OR c OR d) AND e)"),
            ("(f(((x AND y) AND z)))", "(f((x AND y AND z)))"),
            ("(((s = ') AND (') AND t) AND u)", "((s = ') AND (') AND t AND u)"),
        ] {
            assert_eq!(conditions(first), settled);
            assert_eq!(conditions(settled), settled, "the second form stays");
        }
        for text in [
            "((a AND b) OR c)",
            "(a AND (b AND c))",
            "(( SELECT x OVER w AND y) AND z)",
            "((a AND b) = c)",
            "sum(x) OVER (ORDER BY y ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
            "((a AND b",
            "a) AND b",
            "('((x AND y) AND z)'::text)",
        ] {
            assert_eq!(conditions(text), text);
        }
    }

    #[test]
    fn a_default_of_null_is_none() {
        for text in ["NULL::character varying", "NULL::numeric(10,2)", r#"NULL::public."My type""#] {
            assert!(is_null(text), "{text}");
        }
        for text in ["NULL::text || 'a'::text", "f(NULL::text)", "'NULL'::text"] {
            assert!(!is_null(text), "{text}");
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in [
            "(ARRAY[1, 2])",
            "(ARRAY[a])::my_domain",
            "(ARRAY[a])::my_domain AND (b[1] = 2)",
            "(ARRAY['open'::character varying",
            "(note = '(ARRAY[''a''::character varying])::text[]'::text)",
            r#"("(ARRAY[x])::text[]" = 1)"#,
            "(E'\\\\' || '(ARRAY[x])::text[]')",
            "é(ARRAY[ü]",
            "",
        ] {
            assert_eq!(expression(text), text);
        }
    }
}

//! Makes equal objects equal values: what PostgreSQL prints differently for the same thing.

use super::Object;

/// The one form of an object.
pub fn object(object: Object) -> Object {
    match object {
        Object::Constraint(mut constraint) => {
            constraint.definition = expression(&constraint.definition);
            Object::Constraint(constraint)
        }
        Object::Index(mut index) => {
            index.definition = expression(&index.definition);
            Object::Index(index)
        }
        Object::Domain(mut domain) => {
            for check in &mut domain.checks {
                check.definition = expression(&check.definition);
            }
            Object::Domain(domain)
        }
        Object::Table(mut table) => {
            for column in &mut table.columns {
                column.default = column.default.take().map(|text| expression(&text));
                if let Some(generated) = &mut column.generated {
                    generated.expression = expression(&generated.expression);
                }
            }
            Object::Table(table)
        }
        Object::View(mut view) => {
            view.query = expression(&view.query);
            Object::View(view)
        }
        Object::Policy(mut policy) => {
            policy.using = policy.using.take().map(|text| expression(&text));
            policy.check = policy.check.take().map(|text| expression(&text));
            Object::Policy(policy)
        }
        Object::Trigger(mut trigger) => {
            trigger.definition = expression(&trigger.definition);
            Object::Trigger(trigger)
        }
        other => other,
    }
}

/// A list of varchar values prints as one cast of the array at first, `(ARRAY['a'::character varying])::text[]`, and as casts of
/// its elements after a reload, `ARRAY[('a'::character varying)::text]`. Both become the second form.
fn expression(text: &str) -> String {
    const OPEN: &str = "(ARRAY[";
    const CLOSE: &str = "])::text[]";
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let inner = &rest[at + OPEN.len()..];
        let Some((elements, length)) = elements(inner).filter(|(_, length)| inner[*length..].starts_with(CLOSE)) else {
            done.push_str(&rest[..at + OPEN.len()]);
            rest = inner;
            continue;
        };
        done.push_str(&rest[..at]);
        done.push_str("ARRAY[");
        let cast: Vec<String> = elements.iter().map(|element| format!("({element})::text")).collect();
        done.push_str(&cast.join(", "));
        done.push(']');
        rest = &inner[length + CLOSE.len()..];
    }
    done.push_str(rest);
    done
}

/// The string literals of an array of varchar up to its closing bracket, and where that stands. None for any other array.
fn elements(inner: &str) -> Option<(Vec<&str>, usize)> {
    const CAST: &str = "::character varying";
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let start = at;
        at += inner[at..].strip_prefix('\'').map(|_| 1)?;
        loop {
            at += inner[at..].find('\'')? + 1;
            if !inner[at..].starts_with('\'') {
                break;
            }
            at += 1;
        }
        inner[at..].strip_prefix(CAST)?;
        at += CAST.len();
        found.push(&inner[start..at]);
        match inner[at..].strip_prefix(", ") {
            Some(_) => at += 2,
            None => return Some((found, at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn both_forms_of_a_varchar_list_are_one() {
        let first = "((status)::text = ANY ((ARRAY['open'::character varying, 'it''s'::character varying])::text[]))";
        let reloaded = "((status)::text = ANY (ARRAY[('open'::character varying)::text, ('it''s'::character varying)::text]))";
        assert_eq!(expression(first), reloaded);
        assert_eq!(expression(reloaded), reloaded);
    }

    #[test]
    fn other_arrays_stay_as_they_are() {
        for text in ["(ARRAY[1, 2])::text[]", "(ARRAY['a'::text])::text[]", "(ARRAY['open'::character varying", "x"] {
            assert_eq!(expression(text), text);
        }
    }
}

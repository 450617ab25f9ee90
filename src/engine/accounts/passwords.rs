//! Which passwords are accepted: long enough, not among those that everybody tries first, not made from what is known of the person.
//! There are no rules of composition: they make passwords worse.

use crate::engine::Result;
use crate::problem::{Problem, ProblemKind};

const LEAST: usize = 8;
/// Far more than anybody types; what is longer would only cost time.
const MOST: usize = 1_000;

/// One on each line, in lower case.
const COMMON: &str = include_str!("common_passwords.txt");

/// `email` and `name` are the person's.
pub fn check_password(password: &str, email: &str, name: &str) -> Result<()> {
    let invalid = |what: &str| {
        Problem::new(ProblemKind::Invalid, what).way_out("Choose at least 8 characters; a sentence of several words is best.")
    };
    let length = password.chars().count();
    if length < LEAST {
        return Err(invalid("The password is too short."));
    }
    if length > MOST {
        return Err(invalid("The password is longer than 1,000 characters."));
    }
    let lower = password.to_lowercase();
    let stem = stem(&lower);
    let is_common = |text: &str| COMMON.lines().any(|common| common == text);
    if is_common(&lower) || is_common(&stem) || monotonous(&lower) {
        return Err(invalid("This password is one of those that are tried first."));
    }
    let address = email.to_lowercase();
    let known = email.split(['@', '.', '-', '_', '+']).chain(name.split_whitespace()).chain(["lockstep"]);
    let whole = name.to_lowercase().replace(' ', "");
    let derived =
        known.map(str::to_lowercase).filter(|word| word.chars().count() >= 3).chain([whole]).any(|word| stem == letters(&word));
    if derived || letters(&lower) == letters(&address) {
        return Err(invalid("This password is made from the name, the address or the product."));
    }
    Ok(())
}

/// The word that is left when what people put around and into it is taken away: digits, signs and look-alikes.
fn stem(lower: &str) -> String {
    let core = lower.trim_matches(|c: char| !c.is_alphabetic() && !matches!(c, '0' | '1' | '3' | '4' | '5' | '7' | '@' | '$'));
    let core = core.trim_end_matches(|c: char| !c.is_alphabetic());
    let plain = core.chars().map(|c| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    });
    letters(&plain.collect::<String>())
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

/// One character again and again, or a run up or down: `aaaaaaaa`, `12345678`, `hgfedcba`.
fn monotonous(text: &str) -> bool {
    let steps: Vec<i64> =
        text.chars().zip(text.chars().skip(1)).map(|(a, b)| i64::from(u32::from(b)) - i64::from(u32::from(a))).collect();
    steps.first().is_some_and(|first| (-1..=1).contains(first) && steps.iter().all(|step| step == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_derived_and_short_passwords_are_refused_and_others_are_not() {
        let cases = [
            ("short", false),
            ("password", false),
            ("Password123456789", false),
            ("p4ssw0rd!!", false),
            ("qwertyuiop", false),
            ("aaaaaaaaaa", false),
            ("1234567890", false),
            ("87654321", false),
            ("lockstep2026", false),
            ("L0ckstep!", false),
            ("lovelace1815", false),
            ("ada.lovelace@example.org", false),
            ("AdaLovelace!", false),
            ("correct horse battery", true),
            ("  spaces around  ", true),
            ("пароль из слов", true),
            ("xK9$vQ2m", true),
        ];
        for (password, expected) in cases {
            let found = check_password(password, "ada.lovelace@example.org", "Ada Lovelace");
            assert_eq!(found.is_ok(), expected, "{password}: {found:?}");
        }
        assert!(check_password(&"a b".repeat(100), "", "").is_ok());
        assert!(check_password(&"a b".repeat(400), "", "").is_err());
    }
}

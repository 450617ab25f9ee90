//! The texts that more than one page says: counts, durations, times.

use chrono::{DateTime, Utc};
use leptos_router::location::Url;
pub use lockstep::diff::words::number;
use lockstep::promotion::Proposal;
use lockstep::run::took;

/// `1 schema change`, `12 schema changes`.
pub fn count(n: u64, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {one}s", number(n)) }
}

/// `12 schema changes, 45 lookup rows`.
pub fn extent(schema_changes: u64, lookup_rows: u64) -> String {
    format!("{}, {}", count(schema_changes, "schema change"), count(lookup_rows, "lookup row"))
}

/// The address of a preview, up to where its tab is named.
pub fn preview_of(proposal: &Proposal) -> String {
    let answers: String = answers(proposal).map(|(name, answer)| format!("{name}={}&", Url::escape(&answer))).collect();
    format!("/preview/{}/{}?{answers}", proposal.release.0, proposal.target.0)
}

/// What a person answered, as addresses and forms name it.
pub fn answers(proposal: &Proposal) -> impl Iterator<Item = (&'static str, String)> {
    let renamed = proposal.renames.iter().map(|rename| ("renamed", rename.to_string()));
    renamed.chain(proposal.choices.iter().map(|choice| ("kept", choice.to_string())))
}

/// `8 ms`, `0.4 s`, `12 s`, `3 min 5 s`; clocks that disagree give none.
pub fn duration(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    took((to - from).to_std().unwrap_or_default())
}

/// `21 Nov 2026, 07:15 UTC`: what the server renders, and what stands in titles.
pub fn utc(at: DateTime<Utc>) -> String {
    at.format("%-d %b %Y, %H:%M UTC").to_string()
}

/// `07:15:02`.
pub fn utc_clock(at: DateTime<Utc>) -> String {
    at.format("%H:%M:%S").to_string()
}

/// `Ada, Bob or Cleo`.
pub fn any_of(names: &[String]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{any_of, count, number};

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!([number(0), number(999), number(12_400), number(1_000_000)], ["0", "999", "12,400", "1,000,000"]);
    }

    #[test]
    fn one_is_singular_and_everything_else_plural() {
        assert_eq!([count(0, "row"), count(1, "row"), count(2, "row")], ["0 rows", "1 row", "2 rows"]);
    }

    #[test]
    fn names_are_joined_with_or() {
        let names = ["Ada", "Bob", "Cleo"].map(str::to_owned);
        assert_eq!([any_of(&[]), any_of(&names[..1]), any_of(&names)], ["nobody", "Ada", "Ada, Bob or Cleo"]);
    }
}

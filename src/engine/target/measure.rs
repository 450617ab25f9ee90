//! What a rehearsal measures: how long each statement takes, and how long it keeps others from reading or writing tables.

use crate::catalog::QName;
use crate::diff::words::number;
use crate::plan::{Lock, LockMode};
use crate::run::took;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// As many are named; the others are counted.
const NAMED: usize = 3;

/// Shorter statements are not worth naming.
const NOTABLE: Duration = Duration::from_millis(1);

/// Whom a lock keeps waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waits {
    Writers,
    ReadersAndWriters,
}

#[derive(Default)]
pub struct Stopwatch(Mutex<Measured>);

#[derive(Default)]
struct Measured {
    statements: Vec<(String, Duration)>,
    /// What the open transaction holds, and since when.
    open: BTreeMap<(QName, Waits), Instant>,
    /// The longest time that it was held without a break.
    held: BTreeMap<(QName, Waits), Duration>,
}

impl Measured {
    fn longest(&mut self, lock: (QName, Waits), time: Duration) {
        let longest = self.held.entry(lock).or_default();
        *longest = time.max(*longest);
    }
}

impl Stopwatch {
    fn measured(&self) -> MutexGuard<'_, Measured> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn statement(&self, what: &str, time: Duration) {
        self.measured().statements.push((what.to_owned(), time));
    }

    /// What the transaction holds after a statement that began at `since`. It keeps all of it until its end.
    pub fn holds(&self, locks: impl IntoIterator<Item = (QName, Waits)>, since: Instant) {
        let mut measured = self.measured();
        for lock in locks {
            measured.open.entry(lock).or_insert(since);
        }
    }

    /// The transaction has ended.
    pub fn released(&self) {
        let mut measured = self.measured();
        for (lock, since) in std::mem::take(&mut measured.open) {
            measured.longest(lock, since.elapsed());
        }
    }

    /// A statement that commits on its own and waited for nobody holds its locks from its beginning to its end.
    pub fn alone(&self, locks: &[Lock], time: Duration) {
        let mut measured = self.measured();
        for lock in locks {
            if let Some(waits) = waits(lock.mode) {
                measured.longest((lock.table.clone(), waits), time);
            }
        }
    }

    /// In sentences: the whole, the slowest statements, and who waits how long for which tables.
    pub fn words(&self, whole: Duration) -> Vec<String> {
        let mut measured = self.measured();
        let count = match measured.statements.len() {
            1 => "1 statement".to_owned(),
            n => format!("{} statements", number(n as u64)),
        };
        let mut lines = vec![format!("Rehearsed in {}: {count}, and what came of them is what the release says.", took(whole))];
        measured.statements.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        let slow = measured.statements.iter().filter(|(_, time)| *time >= NOTABLE).take(NAMED);
        let slow: Vec<String> = slow.map(|(what, time)| format!("{} ({})", what.trim_end_matches('.'), took(*time))).collect();
        if !slow.is_empty() {
            lines.push(format!("The slowest: {}.", slow.join("; ")));
        }
        let locked = |waits: Waits| -> Vec<(String, Duration)> {
            let of = measured.held.iter().filter(|((_, of), _)| *of == waits);
            of.map(|((table, _), time)| (table.shown(), *time)).collect()
        };
        lines.push(match locked(Waits::ReadersAndWriters) {
            none if none.is_empty() => "No table is locked against reading.".to_owned(),
            tables => format!("Locked against reading and writing: {}.", longest(tables)),
        });
        let written = locked(Waits::Writers);
        if !written.is_empty() {
            lines.push(format!("Locked against writing: {}.", longest(written)));
        }
        lines
    }
}

fn waits(mode: LockMode) -> Option<Waits> {
    match mode {
        LockMode::AccessExclusive => Some(Waits::ReadersAndWriters),
        LockMode::Share | LockMode::ShareRowExclusive => Some(Waits::Writers),
        LockMode::ShareUpdateExclusive => None,
    }
}

/// `public.sales for 0.8 s, public.orders for 0.5 s and 2 more for up to 0.1 s`.
fn longest(mut tables: Vec<(String, Duration)>) -> String {
    tables.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    let named: Vec<String> = tables.iter().take(NAMED).map(|(table, time)| format!("{table} for {}", took(*time))).collect();
    let rest = tables.get(NAMED).map(|(_, time)| format!(" and {} more for up to {}", tables.len() - NAMED, took(*time)));
    format!("{}{}", named.join(", "), rest.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(table: &str, mode: LockMode) -> Lock {
        Lock { table: QName::new("public", table), mode }
    }

    #[test]
    fn the_slowest_statements_and_the_longest_locks_come_first_and_the_rest_is_counted() {
        let stopwatch = Stopwatch::default();
        for (what, milliseconds) in [("Adds a.", 0), ("Adds b.", 2_000), ("Adds c.", 700), ("Adds d.", 20), ("Adds e.", 30)] {
            stopwatch.statement(what, Duration::from_millis(milliseconds));
        }
        for (table, milliseconds) in [("a", 100), ("b", 900), ("c", 300), ("d", 200), ("b", 400)] {
            stopwatch.alone(&[lock(table, LockMode::AccessExclusive)], Duration::from_millis(milliseconds));
        }
        let quiet = [lock("e", LockMode::Share), lock("f", LockMode::ShareUpdateExclusive)];
        stopwatch.alone(&quiet, Duration::from_secs(12));
        let expected = [
            "Rehearsed in 3.0 s: 5 statements, and what came of them is what the release says.",
            "The slowest: Adds b (2.0 s); Adds c (0.7 s); Adds e (30 ms).",
            "Locked against reading and writing: public.b for 0.9 s, public.c for 0.3 s, public.d for 0.2 s and 1 more for up to 0.1 s.",
            "Locked against writing: public.e for 12 s.",
        ];
        assert_eq!(stopwatch.words(Duration::from_secs(3)), expected);
    }

    #[test]
    fn a_lock_is_held_from_the_first_statement_that_took_it() {
        let stopwatch = Stopwatch::default();
        let (first, second) = (Instant::now(), Instant::now());
        let table = || (QName::new("public", "sales"), Waits::ReadersAndWriters);
        stopwatch.holds([table()], first);
        stopwatch.holds([table()], second);
        assert_eq!(stopwatch.measured().open[&table()], first);
        stopwatch.released();
        assert!(stopwatch.measured().held[&table()] >= second - first);
    }
}

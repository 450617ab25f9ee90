//! The rows of the matrix, and running them one after another.

use crate::stage::within;
use crate::{backup, changed, elsewhere, locks, memory, network, outage, process, restore, together};
use futures::future::LocalBoxFuture;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Longer than any sweep takes: a row that hangs is a row that fails.
const LONGEST: Duration = Duration::from_secs(1_200);

pub struct Row {
    /// As in `F05`.
    pub number: u32,
    pub injected: &'static str,
    pub expected: &'static str,
    pub how: How,
}

#[derive(Clone, Copy)]
pub enum How {
    /// A part of every test run.
    Quick(Act),
    /// For `make faults`.
    Slow(Act),
    /// These tests prove it, each as file and name.
    Elsewhere(&'static [(&'static str, &'static str)]),
}

type Act = fn() -> LocalBoxFuture<'static, ()>;

/// Every row, in order of its number.
pub fn rows() -> Vec<Row> {
    let parts = [
        process::ROWS,
        network::ROWS,
        locks::ROWS,
        changed::ROWS,
        backup::ROWS,
        memory::ROWS,
        together::ROWS,
        outage::ROWS,
        restore::ROWS,
        elsewhere::ROWS,
    ];
    let mut rows: Vec<Row> = parts.into_iter().flat_map(|part| part.iter().map(Row::copied)).collect();
    rows.sort_by_key(|row| row.number);
    rows
}

impl Row {
    fn copied(&self) -> Self {
        Self { number: self.number, injected: self.injected, expected: self.expected, how: self.how }
    }
}

/// Which rows are to run.
pub enum Wanted {
    Quick,
    All,
    These(Vec<u32>),
}

impl Wanted {
    /// None when the words are about something else.
    pub fn read(words: &[String]) -> Option<Self> {
        let numbers: Vec<u32> = words.iter().filter_map(|word| word.trim_start_matches(['F', 'f']).parse().ok()).collect();
        match words {
            [] => Some(Self::Quick),
            [word] if word == "all" => Some(Self::All),
            _ if numbers.is_empty() => None,
            _ => Some(Self::These(numbers)),
        }
    }

    fn holds(&self, row: &Row) -> bool {
        match self {
            Self::Quick => matches!(row.how, How::Quick(_)),
            Self::All => true,
            Self::These(numbers) => numbers.contains(&row.number),
        }
    }
}

pub async fn run(wanted: &Wanted) -> ExitCode {
    let mut lines = Vec::new();
    let (mut proven, mut failed) = (0, Vec::new());
    for row in rows().into_iter().filter(|row| wanted.holds(row)) {
        let begun = Instant::now();
        let result = match row.how {
            How::Elsewhere(tests) => format!("by {}", tests.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ")),
            How::Quick(act) | How::Slow(act) => {
                eprintln!("F{:02} {}", row.number, row.injected);
                // A row that panics is caught here, and what it has said is on standard error already.
                let done = tokio::task::spawn_local(within(LONGEST, "the row ends", act())).await.is_ok();
                if done {
                    proven += 1;
                } else {
                    failed.push(format!("F{:02}", row.number));
                }
                if done { "holds".to_owned() } else { "FAILED".to_owned() }
            }
        };
        let seconds = begun.elapsed().as_secs_f64();
        lines.push(format!("F{:02}  {seconds:6.1} s  {result:<8} {} -> {}", row.number, row.injected, row.expected));
    }
    println!("\n{}\n\n{proven} rows hold, {} failed {}", lines.join("\n"), failed.len(), failed.join(" "));
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! Crashes on purpose, for tests: production has none. A crash is a write to the journal that never returns, a panic one that breaks.

use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::watch;

/// On which side of a write the process is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Before,
    After,
}

/// Where a runner is to be lost, or one of its runs to break.
pub struct Faults {
    at: Option<(Moment, u32)>,
    breaks: Option<u32>,
    writes: AtomicU32,
    reached: watch::Sender<bool>,
}

/// Tells a test that the moment has come.
pub struct Crash(watch::Receiver<bool>);

impl Faults {
    pub fn none() -> Self {
        Self { at: None, breaks: None, writes: AtomicU32::new(0), reached: watch::Sender::new(false) }
    }

    /// At the `write`th write to the journal, counted from 1.
    pub fn crash(moment: Moment, write: u32) -> (Self, Crash) {
        let faults = Self { at: Some((moment, write)), ..Self::none() };
        let crash = Crash(faults.reached.subscribe());
        (faults, crash)
    }

    /// The run panics at the `write`th write to the journal, counted from 1.
    pub fn panic(write: u32) -> Self {
        Self { breaks: Some(write), ..Self::none() }
    }

    /// Counts a write and gives its number.
    pub(super) fn count(&self) -> u32 {
        self.writes.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(super) async fn pass(&self, moment: Moment, write: u32) {
        assert!(self.breaks != Some(write), "a fault on purpose at the write {write}");
        if self.at == Some((moment, write)) {
            self.reached.send_replace(true);
            std::future::pending::<()>().await;
        }
    }
}

impl Crash {
    pub async fn reached(&mut self) {
        if self.0.wait_for(|reached| *reached).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

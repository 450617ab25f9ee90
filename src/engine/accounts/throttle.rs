//! How often one may fail in ten minutes. A try that comes too early is answered without being judged and is not counted, so that an
//! attacker delays nobody for ever; and what counts most is account and address together, so that the victim gets in from elsewhere.

use crate::engine::Result;
use crate::engine::store::people;
use crate::engine::store::{Store, commit};
use crate::problem::{Problem, ProblemKind};
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// What is counted, and how many failures it bears.
pub struct Tries {
    /// Forgotten after a success.
    own: Vec<(String, i64)>,
    /// Shared with other accounts: a success takes back its own try only.
    shared: Vec<(String, i64)>,
}

impl Tries {
    /// Of a sign-in.
    pub fn of_account(email: &str, ip: IpAddr) -> Self {
        Self {
            own: vec![(key(&format!("account {email} from {ip}")), 10), (key(&format!("account {email}")), 100)],
            shared: vec![(key(&format!("from {ip}")), 50)],
        }
    }

    /// Of the first-run token.
    pub fn of_first_run(ip: IpAddr) -> Self {
        Self { own: vec![(key(&format!("first run from {ip}")), 10)], shared: vec![(key("first run"), 100)] }
    }

    /// Counts a try, or refuses it. It stays counted until `forget`: of tries at the same moment none slips through.
    pub async fn begin(&self, store: &Store) -> Result<()> {
        let mut tx = store.begin().await?;
        people::lock_failures(&mut tx).await?;
        for (key, most) in self.own.iter().chain(&self.shared) {
            let (failures, wait) = people::failures(&mut tx, key).await?;
            if failures >= *most {
                let minutes = (wait + 59) / 60;
                let unit = if minutes == 1 { "minute" } else { "minutes" };
                return Err(Problem::new(ProblemKind::Throttled, "Too many tries.")
                    .way_out(format!("Wait {minutes} {unit} and try again.")));
            }
        }
        for (key, _) in self.own.iter().chain(&self.shared) {
            people::add_failure(&mut tx, key).await?;
        }
        commit(tx).await
    }

    /// After a success: what the account failed at from here counts no more.
    pub async fn forget(&self, store: &Store) -> Result<()> {
        let mut tx = store.begin().await?;
        for (key, _) in &self.own {
            people::forget_failures(&mut tx, key).await?;
        }
        for (key, _) in &self.shared {
            people::forget_newest_failure(&mut tx, key).await?;
        }
        commit(tx).await
    }
}

fn key(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

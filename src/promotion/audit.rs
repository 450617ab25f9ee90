//! The hash chain of the audit log: each row's hash covers the hash of the row before, so no row can be altered, removed or put in
//! between without breaking every later link.

use super::AuditEntry;
use crate::catalog::Fingerprint;

/// Version of the canonical form that is hashed.
pub const FORMAT: u32 = 1;

/// The link before the first row.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of `entry`, which follows the row with the hash `previous`. Microseconds are what PostgreSQL keeps of a time.
pub fn link(previous: &str, entry: &AuditEntry) -> String {
    let AuditEntry { seq, at, actor, role, action, object, result, ip } = entry;
    Fingerprint::of(&(FORMAT, previous, seq, at.timestamp_micros(), actor, role, action, object, result, ip)).0
}

/// Where the chain broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub seq: i64,
    pub why: String,
}

/// Walks the chain row by row, so that a log of any length fits into memory.
#[derive(Debug, Clone)]
pub struct Walk {
    rows: i64,
    head: String,
}

impl Default for Walk {
    fn default() -> Self {
        Self { rows: 0, head: GENESIS.to_owned() }
    }
}

impl Walk {
    /// Takes the next row with the links that are stored beside it.
    pub fn step(&mut self, entry: &AuditEntry, previous: &str, hash: &str) -> Result<(), Broken> {
        let broken = |seq, why: &str| Broken { seq, why: why.to_owned() };
        if entry.seq != self.rows + 1 {
            return Err(broken(self.rows + 1, "it is missing"));
        }
        if previous != self.head {
            return Err(broken(entry.seq, "it does not follow the row before"));
        }
        if link(previous, entry) != hash {
            return Err(broken(entry.seq, "it was altered after it was written"));
        }
        self.rows = entry.seq;
        hash.clone_into(&mut self.head);
        Ok(())
    }

    /// Number of rows and the last hash. `anchor` is what was written down elsewhere about the end of the chain.
    pub fn finish(self, anchor: (i64, &str)) -> Result<(i64, String), Broken> {
        if anchor.0 > self.rows {
            return Err(Broken { seq: self.rows + 1, why: "it is missing at the end".to_owned() });
        }
        if (self.rows, self.head.as_str()) != anchor {
            return Err(Broken { seq: self.rows, why: "it is not the row that was last".to_owned() });
        }
        Ok((self.rows, self.head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn entry(seq: i64) -> AuditEntry {
        AuditEntry {
            seq,
            at: DateTime::UNIX_EPOCH + chrono::TimeDelta::microseconds(seq),
            actor: "Ada".to_owned(),
            role: "lead".to_owned(),
            action: "approve".to_owned(),
            object: "promotion 1".to_owned(),
            result: "done".to_owned(),
            ip: "192.0.2.1".to_owned(),
        }
    }

    /// Entry, previous hash, hash.
    fn chain(rows: i64) -> Vec<(AuditEntry, String, String)> {
        let mut head = GENESIS.to_owned();
        (1..=rows)
            .map(|seq| {
                let entry = entry(seq);
                let hash = link(&head, &entry);
                (entry, std::mem::replace(&mut head, hash.clone()), hash)
            })
            .collect()
    }

    fn walk(rows: &[(AuditEntry, String, String)], anchor: (i64, &str)) -> Result<i64, Broken> {
        let mut walk = Walk::default();
        for (entry, previous, hash) in rows {
            walk.step(entry, previous, hash)?;
        }
        walk.finish(anchor).map(|(rows, _)| rows)
    }

    #[test]
    fn the_canonical_form_stays_as_it_is() {
        assert_eq!(link(GENESIS, &entry(1)), "ab67c1e8d70cf618107399e5f1df655da1ff423b8c2be0ceb2de82bb6be18ae9");
    }

    #[test]
    fn an_untouched_chain_holds() {
        let rows = chain(5);
        assert_eq!(walk(&rows, (5, &rows[4].2)), Ok(5));
        assert_eq!(walk(&[], (0, GENESIS)), Ok(0));
    }

    #[test]
    fn what_was_altered_removed_or_swapped_is_named() {
        let good = chain(5);
        let anchor = (5, good[4].2.as_str());
        let mut altered = good.clone();
        altered[2].0.result = "refused".to_owned();
        assert_eq!(walk(&altered, anchor).unwrap_err().seq, 3);
        let mut removed = good.clone();
        removed.remove(1);
        assert_eq!(walk(&removed, anchor).unwrap_err().seq, 2);
        let mut rehashed = good.clone();
        rehashed[2].0.result = "refused".to_owned();
        rehashed[2].2 = link(&rehashed[2].1, &rehashed[2].0);
        assert_eq!(walk(&rehashed, anchor).unwrap_err().seq, 4);
        assert_eq!(walk(&good[..4], anchor).unwrap_err().seq, 5);
        let mut rewritten_end = good.clone();
        rewritten_end[4].0.actor = "Eve".to_owned();
        rewritten_end[4].2 = link(&rewritten_end[4].1, &rewritten_end[4].0);
        assert_eq!(walk(&rewritten_end, anchor).unwrap_err().seq, 5);
    }
}

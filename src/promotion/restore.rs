//! What a restore does to the rows of its target.

use super::Confirmation;
use crate::catalog::QName;
use crate::problem::{Problem, ProblemKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The backup that takes the place of all that the target holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restore {
    /// The archive, and its SHA-256.
    pub file: String,
    pub sha256: String,
    pub taken_at: DateTime<Utc>,
    /// Those that lose most first.
    pub tables: Vec<RestoredTable>,
}

/// A table with its partitions. A row is in the backup when one with the same values is, in the columns that both have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredTable {
    /// None for all large objects.
    pub table: Option<QName>,
    /// Rows in the target; none when it has no such table.
    pub now: Option<u64>,
    /// Rows in the backup; none when it has no such table.
    pub kept: Option<u64>,
    /// Rows of the target that are not in the backup.
    pub lost: u64,
    /// Rows of the backup that are not in the target.
    pub back: u64,
}

impl RestoredTable {
    /// As people read it.
    pub fn name(&self) -> String {
        self.table.as_ref().map_or_else(|| "the large objects".to_owned(), QName::shown)
    }

    /// What the requester ticks; none while nothing is lost.
    pub fn to_confirm(&self) -> Option<Confirmation> {
        let (name, rows) = (self.name(), rows(self.lost));
        let verb = if self.lost == 1 { "is" } else { "are" };
        let sentence = match self.kept {
            None => format!("{rows} of {name} {verb} lost: the backup has no such table. Export them before if they are needed."),
            Some(_) => format!("{rows} of {name} {verb} not in the backup, and lost. Export them before if they are needed."),
        };
        (self.lost > 0).then(|| Confirmation { id: format!("rows not in the backup of {name}"), sentences: vec![sentence] })
    }
}

impl Restore {
    /// Why the target may not be restored although it was approved: it holds more rows now that the backup does not have.
    pub fn grown(&self, target: &str, now: &[RestoredTable]) -> Option<Problem> {
        let approved = |table: &RestoredTable| self.tables.iter().find(|one| one.table == table.table).map_or(0, |one| one.lost);
        let more: Vec<String> = now
            .iter()
            .filter(|table| table.lost > approved(table))
            .map(|table| format!("{} of {} instead of {}", rows(table.lost), table.name(), approved(table)))
            .collect();
        (!more.is_empty()).then(|| {
            Problem::new(ProblemKind::Conflict, format!("Rows were written to {target} after the restore was approved."))
                .because(format!("Not in the backup are now {}.", more.join(", ")))
                .way_out("Nothing was changed. Stop what writes there, look at the new preview and request the restore again.")
        })
    }
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, lost: u64) -> RestoredTable {
        RestoredTable { table: Some(QName::new("public", name)), now: Some(9), kept: Some(9), lost, back: 0 }
    }

    /// Sealed in the previews of restores: whoever changes it counts the format of a preview up.
    #[test]
    fn the_stored_form_stays_as_it_is() {
        let objects = RestoredTable { table: None, now: None, kept: Some(2), lost: 0, back: 2 };
        let restore = Restore {
            file: "a.dump".to_owned(),
            sha256: "ab".to_owned(),
            taken_at: DateTime::UNIX_EPOCH,
            tables: vec![table("sales", 3), objects],
        };
        let stored = concat!(
            r#"{"file":"a.dump","sha256":"ab","taken_at":"1970-01-01T00:00:00Z","tables":["#,
            r#"{"table":{"schema":"public","name":"sales"},"now":9,"kept":9,"lost":3,"back":0},"#,
            r#"{"table":null,"now":null,"kept":2,"lost":0,"back":2}]}"#
        );
        assert_eq!(serde_json::to_string(&restore).unwrap(), stored);
        assert_eq!(serde_json::from_str::<Restore>(stored).unwrap(), restore);
    }

    #[test]
    fn a_table_that_loses_rows_is_confirmed_and_no_other() {
        assert_eq!(table("sales", 0).to_confirm(), None);
        let confirmation = table("sales", 2).to_confirm().unwrap();
        assert!(confirmation.sentences[0].starts_with("2 rows of public.sales are not in the backup"), "{confirmation:?}");
    }

    #[test]
    fn more_rows_that_would_be_lost_are_a_refusal_and_fewer_are_not() {
        let tables = vec![table("sales", 3), table("fees", 0)];
        let restore = Restore { file: String::new(), sha256: String::new(), taken_at: DateTime::UNIX_EPOCH, tables };
        assert_eq!(restore.grown("test", &[table("sales", 3), table("fees", 0)]), None);
        assert_eq!(restore.grown("test", &[table("sales", 1)]), None);
        let problem = restore.grown("test", &[table("sales", 4), table("new", 1)]).unwrap();
        assert_eq!(
            problem.cause,
            "Not in the backup are now 4 rows of public.sales instead of 3, 1 row of public.new instead of 0."
        );
    }
}

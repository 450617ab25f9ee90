//! What is known beforehand of taking a promotion back.

use super::{BackupSummary, Sealed};
use crate::plan::{HazardKind, Rename};
use std::collections::BTreeSet;

/// What a promotion deleted, in words: an undo makes the tables and columns again, and they are empty.
pub fn stays_lost(sealed: &Sealed, backup: Option<&BackupSummary>) -> Vec<String> {
    let hazards = sealed.plan.statements().flat_map(|statement| &statement.hazards);
    let lost: BTreeSet<&str> =
        hazards.filter(|hazard| hazard.kind == HazardKind::CannotBeUndone).map(|hazard| hazard.sentence.as_str()).collect();
    let file = backup.filter(|backup| backup.removed_at.is_none() && backup.bytes > 0).map(|backup| &backup.file);
    let there = file.map_or_else(|| "and there is none".to_owned(), |file| format!("which is {file}"));
    lost.into_iter().map(|sentence| format!("The undo does not bring this back: {sentence} ({there})")).collect()
}

/// What takes renames back, the tables under their new names.
pub fn renamed_back(renames: &[Rename]) -> Vec<Rename> {
    let table_now = |one: &Rename| {
        let renamed = renames.iter().find(|other| other.column.is_none() && other.table == one.table);
        let mut table = one.table.clone();
        table.name = renamed.map_or(table.name, |renamed| renamed.to.clone());
        table
    };
    let back = |one: &Rename| match &one.column {
        Some(column) => Rename { table: table_now(one), column: Some(one.to.clone()), to: column.clone() },
        None => Rename { table: table_now(one), column: None, to: one.table.name.clone() },
    };
    renames.iter().map(back).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_are_taken_back_under_the_names_that_they_gave() {
        let of = |texts: &[&str]| -> Vec<Rename> { texts.iter().map(|text| text.parse().unwrap()).collect() };
        let there = of(&["public.fees=charges", "public.fees.old=new", "public.other.a=b"]);
        let back = of(&["public.charges=fees", "public.charges.new=old", "public.other.b=a"]);
        assert_eq!(renamed_back(&there), back);
        assert_eq!(renamed_back(&back), there);
    }
}

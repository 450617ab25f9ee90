//! What is known beforehand of taking a promotion back.

use super::{BackupSummary, PromotionId, Sealed};
use crate::plan::{HazardKind, Rename};
use std::collections::{BTreeMap, BTreeSet};

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

/// A promotion that has ended, for what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub id: PromotionId,
    /// It changed something.
    pub counts: bool,
    /// Its target was what it had been before this one, when it had succeeded.
    pub back_before: Option<PromotionId>,
}

/// Which promotions into one environment were taken back: whoever goes back before one takes it and all later ones with it, and finds
/// again what had been taken back then, and nothing more. `history` is in the order of time.
pub fn taken_back(history: &[Ended]) -> BTreeSet<PromotionId> {
    let mut back = BTreeSet::new();
    let mut before: BTreeMap<PromotionId, BTreeSet<PromotionId>> = BTreeMap::new();
    for (at, ended) in history.iter().enumerate() {
        let then =
            ended.back_before.and_then(|of| Some((history.iter().position(|one| one.id == of)?, before.get(&of)?.clone())));
        before.insert(ended.id, back.clone());
        if let Some((from, then)) = then {
            let passed = history.iter().take(at).skip(from).filter(|one| one.counts).map(|one| one.id);
            back = then.into_iter().chain(passed).collect();
        }
    }
    back
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// The numbers of those that were taken back, where each says before which one it goes back; 0 for none.
    fn back(history: &[u128]) -> Vec<u128> {
        let id = |number: u128| PromotionId(Uuid::from_u128(number));
        let ended = (1..).zip(history).map(|(number, of)| Ended {
            id: id(number),
            counts: true,
            back_before: (*of > 0).then(|| id(*of)),
        });
        taken_back(&ended.collect::<Vec<_>>()).into_iter().map(|id| id.0.as_u128()).collect()
    }

    #[test]
    fn who_goes_back_takes_all_later_ones_along_and_finds_what_was_then() {
        assert_eq!(back(&[0, 0]), []);
        assert_eq!(back(&[0, 0, 2]), [2]);
        assert_eq!(back(&[0, 0, 2, 3]), [3], "an undo that is undone: the second counts again");
        assert_eq!(back(&[0, 0, 0, 1]), [1, 2, 3], "back before the first");
        assert_eq!(back(&[0, 1, 0, 2]), [2, 3], "before the undo the first was there");
        assert_eq!(back(&[0, 0, 2, 0, 4]), [2, 4], "what had been taken back before stays so");
    }

    #[test]
    fn what_changed_nothing_is_not_taken_back() {
        let id = |number: u128| PromotionId(Uuid::from_u128(number));
        let failed = Ended { id: id(1), counts: false, back_before: None };
        let second = Ended { id: id(2), counts: true, back_before: None };
        let third = Ended { id: id(3), counts: true, back_before: Some(id(1)) };
        assert_eq!(taken_back(&[failed, second, third]), BTreeSet::from([id(2)]));
    }

    #[test]
    fn renames_are_taken_back_under_the_names_that_they_gave() {
        let of = |texts: &[&str]| -> Vec<Rename> { texts.iter().map(|text| text.parse().unwrap()).collect() };
        let there = of(&["public.fees=charges", "public.fees.old=new", "public.other.a=b"]);
        let back = of(&["public.charges=fees", "public.charges.new=old", "public.other.b=a"]);
        assert_eq!(renamed_back(&there), back);
        assert_eq!(renamed_back(&back), there);
    }
}

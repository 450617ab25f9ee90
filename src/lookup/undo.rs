//! Rows as they were before a promotion wrote them.

use super::shape::refused;
use super::{Picked, Row, RowUpdate, Shape, TableChanges, owned_key};
use crate::problem::Problem;
use std::collections::BTreeMap;

/// What takes chosen rows of one table back. Columns that the promotion did not write keep what they are now.
pub struct Undo<'a> {
    changes: &'a TableChanges,
    /// Where the table has the columns of the changes.
    places: Vec<Option<usize>>,
    shape: &'a Shape,
    rows: BTreeMap<Vec<Option<String>>, Back>,
}

enum Back {
    /// The promotion added it.
    Removed,
    Changed {
        before: Row,
        cells: Vec<usize>,
    },
    /// The promotion removed it.
    Added(Row),
}

impl<'a> Undo<'a> {
    /// `shape` is the table as it is now.
    pub fn new(changes: &'a TableChanges, picked: &[Picked], shape: &'a Shape) -> Result<Self, Problem> {
        let names = |columns: &[super::RowColumn], key: &[usize]| -> Vec<String> {
            key.iter().filter_map(|at| columns.get(*at)).map(|column| column.name.clone()).collect()
        };
        if names(&changes.columns, &changes.key) != names(&shape.columns, &shape.key) {
            let cause = "Its rows are paired by another key than when they were promoted.";
            return Err(refused(&changes.table, cause, "Correct the rows in the source and promote them."));
        }
        let wanted = |row: &Row| {
            let key = owned_key(changes.key_of(row));
            let picked = picked.iter().any(|one| one.table == changes.table && one.key.as_ref().is_none_or(|one| *one == key));
            picked.then_some(key)
        };
        // A row that stepped aside before it was written is kept as it was before that.
        let mut parked: BTreeMap<_, Row> = BTreeMap::new();
        for one in changes.parked.iter() {
            parked.entry(owned_key(changes.key_of(&one.before))).or_insert(one.before);
        }
        let first = |row: Row| parked.get(&owned_key(changes.key_of(&row))).cloned().unwrap_or(row);
        let inserts = changes.inserts.iter().filter_map(|row| Some((wanted(&row)?, Back::Removed)));
        let deletes = changes.deletes.iter().filter_map(|row| Some((wanted(&row)?, Back::Added(first(row)))));
        let updates = changes.updates.iter().filter_map(|RowUpdate { before, after, cells }| {
            Some((wanted(&after)?, Back::Changed { before: first(before), cells }))
        });
        let rows = inserts.chain(updates).chain(deletes).collect();
        let places = changes.columns.iter().map(|column| shape.position(&column.name)).collect();
        Ok(Self { changes, places, shape, rows })
    }

    /// How many rows are taken back.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Rows of the promotion would have to go again.
    pub fn removes(&self) -> bool {
        self.rows.values().any(|back| matches!(back, Back::Removed))
    }

    /// A row of the table as it shall be; none when it shall go.
    pub fn row(&self, now: Row) -> Option<Row> {
        let key = owned_key(self.shape.key_of(&now));
        match self.rows.get(&key) {
            Some(Back::Removed) => None,
            Some(Back::Changed { before, cells }) => {
                let mut row = now;
                for at in cells.iter().filter(|at| !self.changes.unknown.contains(at)) {
                    if let Some(cell) = self.places.get(*at).copied().flatten().and_then(|place| row.get_mut(place)) {
                        *cell = before.get(*at).cloned().flatten();
                    }
                }
                Some(row)
            }
            Some(Back::Added(_)) | None => Some(now),
        }
    }

    /// The rows that come back.
    pub fn added(&self) -> Vec<Row> {
        let old = self.rows.values().filter_map(|back| match back {
            Back::Added(row) => Some(row),
            _ => None,
        });
        old.map(|row| self.as_now(row)).collect()
    }

    fn as_now(&self, row: &Row) -> Row {
        let mut now: Row = vec![None; self.shape.columns.len()];
        for (place, value) in self.places.iter().zip(row) {
            if let Some(cell) = place.and_then(|place| now.get_mut(place)) {
                cell.clone_from(value);
            }
        }
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::QName;
    use crate::lookup::RowColumn;

    fn row(values: &[&str]) -> Row {
        values.iter().map(|value| Some((*value).to_owned())).collect()
    }

    #[test]
    fn chosen_rows_go_back_and_what_was_written_since_stays() {
        let column = |name: &str| RowColumn {
            name: name.to_owned(),
            type_name: "text".to_owned(),
            identity_always: false,
            generated: false,
        };
        let table = QName::new("public", "fees");
        let update =
            |key: &str, cells: Vec<usize>| RowUpdate { before: row(&[key, "old", "7"]), after: row(&[key, "new", "7"]), cells };
        let changes = TableChanges {
            inserts: vec![row(&["1", "added", "1"])].into(),
            updates: vec![update("2", vec![1]), update("3", vec![1])].into(),
            deletes: vec![row(&["4", "gone", "4"])].into(),
            parked: vec![RowUpdate { before: row(&["2", "oldest", "7"]), after: row(&["2", "old", "7"]), cells: vec![1] }].into(),
            ..TableChanges::none(table.clone(), vec![column("id"), column("name"), column("cents")], vec![0])
        };
        let shape = Shape { columns: vec![column("cents"), column("id"), column("name")], key: vec![1], surrogate: None };
        let one = |key: &str| Picked { table: table.clone(), key: Some(vec![Some(key.to_owned())]) };
        let undo = Undo::new(&changes, &[one("1"), one("2"), one("4")], &shape).unwrap();
        assert_eq!(undo.len(), 3);
        assert!(undo.removes());
        assert_eq!(undo.row(row(&["1", "1", "added"])), None);
        assert_eq!(undo.row(row(&["99", "2", "new"])), Some(row(&["99", "2", "oldest"])));
        assert_eq!(undo.row(row(&["7", "3", "new"])), Some(row(&["7", "3", "new"])));
        assert_eq!(undo.added(), [row(&["4", "4", "gone"])]);
        let all = Picked { table: table.clone(), key: None };
        assert_eq!(Undo::new(&changes, &[all], &shape).unwrap().len(), 4);
    }
}

//! What becomes of the rows of a target that a backup is restored over.

use crate::components::cards::Cards;
use crate::components::moment::Moment;
use crate::words::{count, number};
use leptos::prelude::*;
use lockstep::promotion::{Restore, RestoredTable};

#[component]
pub fn Restored(restore: Restore) -> impl IntoView {
    let (differ, same): (Vec<RestoredTable>, Vec<RestoredTable>) =
        restore.tables.into_iter().partition(|table| table.now.is_none() || table.kept.is_none() || table.lost + table.back > 0);
    let counted = |rows: Option<u64>| rows.map_or_else(|| "no table".to_owned(), number);
    let nothing = differ.is_empty();
    let rows = differ.into_iter().map(|table| {
        view! {
            <tr>
                <th scope="row" data-label="Table">{table.name()}</th>
                <td data-label="Rows now">{counted(table.now)}</td>
                <td data-label="In the backup">{counted(table.kept)}</td>
                <td data-label="Not in the backup: lost">{number(table.lost)}</td>
                <td data-label="Come back">{number(table.back)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="block">
            <h2>"What happens to the rows"</h2>
            <p>"The backup " <code>{restore.file}</code> ", made " <Moment at=restore.taken_at /> ", takes the place of everything."</p>
            {(!nothing)
                .then(|| {
                    view! {
                        <Cards label="Rows of each table" columns=&["Table", "Rows now", "In the backup", "Not in the backup: lost", "Come back"]>
                            {rows}
                        </Cards>
                    }
                })}
            {(!same.is_empty())
                .then(|| view! { <p>{format!("{}: exactly the rows of the backup.", count(same.len() as u64, "table"))}</p> })}
        </section>
    }
}

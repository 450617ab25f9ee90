//! A table whose rows become cards on a phone; each cell names its column with `data-label`.

use leptos::prelude::*;

#[component]
pub fn Cards(
    /// What a screen reader calls it.
    label: &'static str,
    columns: &'static [&'static str],
    children: Children,
) -> impl IntoView {
    let heads = columns.iter().map(|column| view! { <th scope="col">{*column}</th> }).collect_view();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class="table table--cards">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

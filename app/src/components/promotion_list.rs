//! Promotions as a list: in the inbox and in the history.

use super::cards::Cards;
use super::moment::Moment;
use super::outcome::Standing;
use crate::words::extent;
use leptos::prelude::*;
use lockstep::promotion::PromotionSummary;

#[component]
pub fn PromotionList(promotions: Vec<PromotionSummary>) -> impl IntoView {
    let rows = promotions.into_iter().map(|promotion| {
        view! {
            <tr>
                <th scope="row" data-label="Release">
                    <a href=format!("/promotions/{}", promotion.id.0)>{promotion.version}</a>
                </th>
                <td data-label="From, to">
                    <span>{promotion.source}<span aria-hidden="true">" → "</span><span class="unseen">" to "</span>{promotion.target_label}</span>
                </td>
                <td data-label="What">{extent(promotion.schema_changes, promotion.lookup_rows)}</td>
                <td data-label="Requested by">{promotion.requested_by}</td>
                <td data-label="When"><Moment at=promotion.requested_at /></td>
                <td data-label="State"><Standing state=promotion.state undone=promotion.undone /></td>
            </tr>
        }
    });
    view! {
        <Cards label="Promotions" columns=&["Release", "From, to", "What", "Requested by", "When", "State"]>
            {rows.collect_view()}
        </Cards>
    }
}

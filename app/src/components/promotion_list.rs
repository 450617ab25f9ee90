//! Promotions as a list: in the inbox and in the history.

use super::moment::Moment;
use super::outcome::StateBadge;
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
                <td data-label="State"><StateBadge state=promotion.state /></td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Promotions">
            <table class="table table--cards">
                <thead>
                    <tr>
                        <th scope="col">"Release"</th>
                        <th scope="col">"From, to"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Requested by"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

//! Your turn: promotions that wait for this person's decision.

use crate::api::promotion::inbox;
use crate::components::{Empty, Heading, PromotionList, loaded};
use leptos::prelude::*;

#[component]
pub fn ApprovalsPage() -> impl IntoView {
    let inbox = Resource::new(|| (), |()| inbox());
    view! {
        <Heading title="Approvals" lead="Your turn: what waits for your decision." />
        {loaded(
            inbox,
            |promotions| {
                if promotions.is_empty() {
                    view! {
                        <Empty title="Nothing waits for you" text="When somebody requests a promotion that you may approve, it appears here.">
                            <a class="button" href="/history">"See what was decided"</a>
                        </Empty>
                    }
                        .into_any()
                } else {
                    view! { <PromotionList promotions /> }.into_any()
                }
            },
        )}
    }
}

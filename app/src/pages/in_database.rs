//! What is in the database now, and what to do where that needs attention.

use crate::api::promotion::{Settle, read_database};
use crate::components::{Answer, Badge, Copy, Icon, Moment, TextArea, Tone, loaded};
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::promotion::{InDatabase, Like, PromotionId, RunbookStep, Settled};

#[component]
pub fn InDatabaseTab(
    promotion: PromotionId,
    settled: Option<Settled>,
    /// The person who looks may say that it is settled.
    may_settle: bool,
    action: ServerAction<Settle>,
) -> impl IntoView {
    let found = Resource::new(move || action.version().get(), move |_| read_database(promotion));
    view! {
        {loaded(found, move |found| view! { <Found found /> })}
        {settled.map(|Settled { by, at, note }| view! {
            <section class="card block" aria-label="What was found">
                <h3>"Settled"</h3>
                <p>{format!("{by}, ")} <Moment at /></p>
                <blockquote>{note}</blockquote>
            </section>
        })}
        {may_settle.then(|| view! {
            <section class="card block" aria-label="Settle">
                <h3>"Say that it is settled"</h3>
                <p>"Nothing can be promoted into this environment until then."</p>
                <Answer value=action.value() />
                <ActionForm action=action>
                    <input type="hidden" name="promotion" value=promotion.0.to_string() />
                    <TextArea label="What is in the database, and what was done about it" name="note" required=true />
                    <button class="button button--main" type="submit">"It is settled"</button>
                </ActionForm>
            </section>
        })}
    }
}

#[component]
fn Found(found: InDatabase) -> impl IntoView {
    let InDatabase { last, committed, schema, lookup, left, sessions, runbook } = found;
    let (tone, icon, text) = if committed {
        (Tone::Good, Icon::Check, "The transaction was committed: its row is in the ledger.")
    } else {
        (Tone::Neutral, Icon::Stop, "The transaction was not committed: the ledger has no row of it.")
    };
    let last = match last {
        Some(row) => view! { <p>{format!("Promoted last: {} by {}, ", row.version, row.by)} <Moment at=row.at /></p> }.into_any(),
        None => view! { <p>"Nothing was ever promoted into it."</p> }.into_any(),
    };
    view! {
        <section class="card block" aria-label="In the database now">
            <h2>"In the database now"</h2>
            <p class="quiet">"Read from it just now, not from what the console remembers."</p>
            <ul class="bare">
                <li class="check"><Badge tone icon text=if committed { "Committed" } else { "Not committed" } /> <p>{text}</p></li>
                <LikeLine like=schema what="The schema" />
                {lookup.map(|like| view! { <LikeLine like what="The lookup rows" /> })}
                {left.into_iter().map(|one| view! { <li class="check"><Badge tone=Tone::Warning icon=Icon::Wait text="Not done" /> <p>{one.summary}</p></li> }).collect_view()}
                {sessions.into_iter().map(|one| view! { <li class="check"><Badge tone=Tone::Warning icon=Icon::Alert text="Still there" /> <p>{format!("Session {one}")}</p></li> }).collect_view()}
            </ul>
            {last}
        </section>
        {(!runbook.is_empty()).then(|| view! { <Runbook runbook /> })}
    }
}

#[component]
fn LikeLine(like: Like, what: &'static str) -> impl IntoView {
    let (tone, icon, text) = match like {
        Like::Both => (Tone::Neutral, Icon::Check, "Unchanged"),
        Like::Before => (Tone::Neutral, Icon::Undo, "As before"),
        Like::After => (Tone::Good, Icon::Check, "As approved"),
        Like::Neither => (Tone::Warning, Icon::Alert, "Otherwise"),
    };
    view! { <li class="check"><Badge tone icon text /> <p>{like.sentence(what)}</p></li> }
}

#[component]
fn Runbook(runbook: Vec<RunbookStep>) -> impl IntoView {
    let steps = runbook.into_iter().map(|step| {
        view! {
            <li class="statement">
                <p>{step.text}</p>
                {step.sql.map(|sql| view! { <pre class="code" tabindex="0"><code>{sql.clone()}</code></pre> <Copy text=sql /> })}
            </li>
        }
    });
    view! {
        <section class="card block" aria-label="Runbook">
            <h2>"What to do"</h2>
            <ol class="statements">{steps.collect_view()}</ol>
        </section>
    }
}

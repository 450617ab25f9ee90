//! The statements, in the order in which they run.

use super::objects::hazard_badges;
use crate::components::copy::Copy;
use crate::components::frame::Empty;
use crate::components::icon::{Icon, Sign};
use crate::words::count;
use leptos::prelude::*;
use lockstep::plan::{Phase, Plan};

#[component]
pub fn Sql(
    plan: Plan,
    lookup_rows: u64,
    /// The whole script as a file, once it is sealed.
    #[prop(optional_no_strip)]
    download: Option<String>,
) -> impl IntoView {
    let whole: Vec<String> = plan.statements().map(|statement| format!("{};", statement.sql)).collect();
    let nothing = whole.is_empty();
    let phases = plan.phases.into_iter().filter(|phase| !phase.statements.is_empty()).map(|phase| view! { <PhaseBlock phase /> });
    let phases = phases.collect_view();
    view! {
        <div class="bar">
            {download.map(|href| view! { <a class="button" href=href download rel="external"><Sign icon=Icon::Download />"Download as .sql"</a> })}
            {(!nothing).then(|| view! { <Copy text=whole.join("\n\n") /> })}
        </div>
        {nothing.then(|| view! { <Empty title="No schema statements" text="The schema stays as it is." /> })}
        {phases}
        {(lookup_rows > 0)
            .then(|| view! { <p>{format!("Then {} are synced, parents first, in the same transaction.", count(lookup_rows, "lookup row"))}</p> })}
    }
}

#[component]
fn PhaseBlock(phase: Phase) -> impl IntoView {
    let note = if phase.transactional {
        "All of it or nothing: one transaction."
    } else {
        "Outside the transaction: each statement counts on its own."
    };
    let statements = phase.statements.into_iter().map(|statement| {
        view! {
            <li class="statement">
                <p>{statement.summary} <span class="badges">{hazard_badges(&statement.hazards)}</span></p>
                {statement
                    .locks
                    .into_iter()
                    .map(|lock| view! { <p class="quiet">{format!("Locks {} ({}): {}.", lock.table, lock.mode.name(), lock.mode.blocks())}</p> })
                    .collect_view()}
                <pre class="code" tabindex="0"><code>{statement.sql}";"</code></pre>
            </li>
        }
    });
    let statements = statements.collect_view();
    view! {
        <section class="block">
            <h2>{phase.name}</h2>
            <p class="quiet">{note}</p>
            <ol class="statements">{statements}</ol>
        </section>
    }
}

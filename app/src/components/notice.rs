//! What went wrong, as a person reads it: what happened, why, the way out; the rest behind a disclosure.

use super::icon::{Icon, Sign};
use crate::error::AppError;
use leptos::prelude::*;
use lockstep::problem::Problem;

/// A refused action or page.
#[component]
pub fn Refusal(error: AppError) -> impl IntoView {
    let AppError { problem, reference } = error;
    view! {
        <div class="notice notice--danger" role="alert">
            <Sign icon=Icon::Alert />
            <div class="notice__text">
                <ProblemText problem=*problem />
                {reference
                    .map(|reference| {
                        view! {
                            <p>"If it happens again, tell your engineer this reference: " <code>{reference}</code></p>
                        }
                    })}
            </div>
        </div>
    }
}

/// The sentences of a problem; PostgreSQL's own code is one click further down.
#[component]
pub fn ProblemText(problem: Problem) -> impl IntoView {
    view! {
        <p class="notice__what">{problem.what}</p>
        {(!problem.cause.is_empty()).then(|| view! { <p>{problem.cause}</p> })}
        {(!problem.way_out.is_empty()).then(|| view! { <p class="notice__way-out">{problem.way_out}</p> })}
        {problem
            .sqlstate
            .map(|code| {
                view! {
                    <details class="notice__details">
                        <summary>"For the engineer"</summary>
                        <p>"SQLSTATE " <code>{code}</code></p>
                    </details>
                }
            })}
    }
}

/// The refusal of an action, next to its form; empty while there is none.
#[component]
pub fn Answer<T: Clone + Send + Sync + 'static>(#[prop(into)] value: Signal<Option<Result<T, AppError>>>) -> impl IntoView {
    move || value.get().and_then(Result::err).map(|error| view! { <Refusal error /> })
}

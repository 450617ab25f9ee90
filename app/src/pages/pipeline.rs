//! The pipeline: where each environment stands and what waits between them.

use super::environments::Offered;
use super::may;
use crate::api::pipeline::pipeline;
use crate::components::stage::{Between, StageCard, pipeline_lead};
use crate::components::{Empty, Heading, Refusal};
use leptos::prelude::*;
use lockstep::access::Action;
use lockstep::promotion::{Pipeline, Stage};

#[component]
pub fn PipelinePage() -> impl IntoView {
    let pipeline = Resource::new(|| (), |()| pipeline());
    view! {
        <Transition fallback=|| {
            view! { <Heading title="Pipeline" lead="Looking at every environment…" /> }
        }>
            {move || Suspend::new(async move {
                let promotes = may(Action::Promote).await;
                let owns = may(Action::Administer).await;
                match pipeline.await {
                    Ok(pipeline) if pipeline.stages.is_empty() => view! { <NoStages owns /> }.into_any(),
                    Ok(pipeline) => view! { <Stages pipeline promotes /> }.into_any(),
                    Err(error) => view! { <Heading title="Pipeline" /> <Refusal error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Stages(pipeline: Pipeline, promotes: bool) -> impl IntoView {
    let Pipeline { name, stages } = pipeline;
    let lead = pipeline_lead(stages.len());
    let first = stages.first().map(|stage| stage.environment.id);
    let items = stages.into_iter().map(|stage: Stage| {
        let id = stage.environment.id;
        let before = (Some(id) != first).then(|| {
            let promote = promotes.then(|| format!("/promote?to={}", id.0));
            view! {
                <li class="pipeline__between">
                    <Between waiting=stage.waiting.clone() promote target=stage.environment.label.clone() />
                </li>
            }
        });
        view! {
            {before}
            <li class="pipeline__stage">
                <StageCard stage />
            </li>
        }
    });
    view! {
        <Heading title=if name.is_empty() { "Pipeline".to_owned() } else { name } lead>
            {promotes.then(|| view! { <a class="button button--main" href="/promote">"Promote Release"</a> })}
        </Heading>
        <ol class="pipeline">{items.collect_view()}</ol>
    }
}

#[component]
fn NoStages(owns: bool) -> impl IntoView {
    view! {
        <Heading title="Pipeline" />
        {if owns {
            view! {
                <Empty
                    title="Start with two environments"
                    text="An environment is one PostgreSQL database. Add development first, then where its releases go."
                >
                    <a class="button button--main" href="/environments?add=1">"Add an environment"</a>
                </Empty>
                <Offered />
            }
                .into_any()
        } else {
            view! { <Empty title="No environments yet" text="The owner of this console adds them. Then you will see here what waits to be promoted." /> }
                .into_any()
        }}
    }
}

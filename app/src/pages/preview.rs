//! A draft: what the promotion would do, before anybody is asked.

use super::{id, queries, query, rows_wanted};
use crate::api::preview::{Request, preview, preview_lookup};
use crate::components::preview::{LookupOverview, LookupRows, Questions, Readiness, Risks, SchemaChanges, Sql, Summary, tabs};
use crate::components::{Answer, Badge, Heading, Icon, Tabs, TextArea, Tone, loaded};
use crate::words::{answers, count, preview_of};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use lockstep::promotion::{DraftPreview, EnvironmentId, LookupTotal, Preview, Proposal, ReleaseId};

#[component]
pub fn PreviewPage() -> impl IntoView {
    let params = use_params_map();
    let (renamed, kept) = (queries("renamed"), queries("kept"));
    let proposal = Memo::new(move |_| {
        let id = |name| params.with(|params| id(&params.get(name).unwrap_or_default()));
        // What cannot be read answers no question.
        let renames = renamed.with(|renamed| renamed.iter().filter_map(|text| text.parse().ok()).collect());
        let choices = kept.with(|kept| kept.iter().filter_map(|text| text.parse().ok()).collect());
        Proposal { release: ReleaseId(id("release")), target: EnvironmentId(id("environment")), renames, choices }
    });
    let draft = Resource::new(move || proposal.get(), preview);
    loaded(draft, move |draft| view! { <Draft draft proposal=proposal.get_untracked() /> })
}

#[component]
fn Draft(draft: DraftPreview, proposal: Proposal) -> impl IntoView {
    let DraftPreview { release, environment, digest, preview, lookup_totals } = draft;
    let page = format!("/preview/{}/{}", release.id.0, environment.id.0);
    let base = preview_of(&proposal);
    let hidden = |(name, answer)| view! { <input type="hidden" name=format!("{name}[]") value=answer /> };
    let answers = answers(&proposal).map(hidden).collect_view();
    let tab = query("tab");
    let chosen = Memo::new(move |_| tab.with(|tab| if tab.is_empty() { "summary".to_owned() } else { tab.clone() }));
    let losses = preview.to_confirm(&lookup_totals);
    let approvals = environment.policy.approvals;
    let approver = match environment.policy.approver().label() {
        vowel if vowel.starts_with(['a', 'o']) => format!("an {vowel}"),
        other => format!("a {other}"),
    };
    let request = ServerAction::<Request>::new();
    let ticks = losses.into_iter().map(|loss| {
        view! {
            <li>
                <label class="tick">
                    <input type="checkbox" name="confirmed[]" value=loss.id />
                    <span>{loss.sentences.join(" ")}</span>
                </label>
            </li>
        }
    });
    let ticks: Vec<_> = ticks.collect();
    let any_losses = !ticks.is_empty();
    let blockers = preview.blockers.len() as u64;
    let draft_tabs = tabs(&preview, &lookup_totals);
    view! {
        <Heading
            title=format!("Release {} into {}", release.version, environment.label)
            lead=format!("A preview, read just now. Frozen from {} by {}.", release.source, release.frozen_by)
        >
            <Badge icon=Icon::Eye text="Draft: nothing is stored" />
        </Heading>
        <div class="split">
            <div class="split__main">
                <Tabs tabs=draft_tabs chosen base=base.clone() />
                <DraftTab chosen proposal preview totals=lookup_totals base page label=environment.label.clone() />
            </div>
            <aside class="split__aside card" aria-label="Request">
                <h2>"Request approval"</h2>
                <p>{if approvals == 0 {
                    "No approval is needed here: it can run as soon as it is requested.".to_owned()
                } else {
                    format!("It needs {} by {approver} or higher, not by you.", count(approvals.into(), "approval"))
                }}</p>
                {(blockers > 0)
                    .then(|| {
                        view! {
                            <p class="warn"><Badge tone=Tone::Danger icon=Icon::Stop text=count(blockers, "blocker") /> " See the tab Readiness." </p>
                        }
                    })}
                <Answer value=request.value() />
                <ActionForm action=request>
                    <input type="hidden" name="release" value=release.id.0.to_string() />
                    <input type="hidden" name="target" value=environment.id.0.to_string() />
                    <input type="hidden" name="digest" value=digest.to_string() />
                    {answers}
                    {any_losses
                        .then(|| {
                            view! {
                                <fieldset class="ticks">
                                    <legend>"Tick each loss that you intend"</legend>
                                    <ul class="bare">{ticks}</ul>
                                </fieldset>
                            }
                        })}
                    <TextArea label="Notes for the approvers" name="notes" value=release.notes hint="Why now, and what to look at." />
                    <button class="button button--main button--wide" type="submit" aria-busy=move || request.pending().get().to_string()>
                        "Request approval"
                    </button>
                </ActionForm>
            </aside>
        </div>
    }
}

#[component]
fn DraftTab(
    chosen: Memo<String>,
    proposal: Proposal,
    preview: Preview,
    totals: Vec<LookupTotal>,
    base: String,
    /// The address of the page alone.
    page: String,
    /// What the target is called.
    label: String,
) -> impl IntoView {
    let wanted = rows_wanted();
    let held = StoredValue::new((proposal, preview, totals, base, page, label));
    move || {
        let (proposal, preview, totals, base, page, label) = held.get_value();
        let plan = preview.sealed.plan.clone();
        let rows = totals.iter().map(|total| total.inserts + total.updates + total.deletes).sum();
        match chosen.get().as_str() {
            "schema" => view! { <SchemaChanges changes=plan.changes page=wanted.get().page base /> }.into_any(),
            "lookup" if wanted.with(|wanted| wanted.table.is_empty()) => {
                view! { <LookupOverview changes=preview.sealed.lookup totals base /> }.into_any()
            }
            "lookup" => {
                let rows = Resource::new(move || wanted.get(), move |wanted| preview_lookup(proposal.clone(), wanted));
                let csv = base.replacen('?', "/rows.csv?", 1);
                let held = StoredValue::new((base, csv));
                loaded(rows, move |rows| {
                    let (base, csv) = held.get_value();
                    view! { <LookupRows wanted=wanted.get_untracked() rows base csv /> }
                })
                .into_any()
            }
            "sql" => view! { <Sql plan lookup_rows=rows download=None /> }.into_any(),
            "risks" => view! { <Risks preview /> }.into_any(),
            "readiness" => view! { <Readiness preview /> }.into_any(),
            _ => view! {
                <Questions plan lookup=preview.sealed.lookup.clone() totals=totals.clone() choices=proposal.choices label action=page />
                <Summary preview totals base />
            }
            .into_any(),
        }
    }
}

//! A requested promotion: the sealed preview, who decided, how it runs and how it ended.

use super::in_database::InDatabaseTab;
use super::promotion_actions::{Actions, NextStep};
use super::run::RunTab;
use super::undo_rows::UndoRows;
use super::{id, query, rows_wanted};
use crate::api::promotion::{promotion, promotion_lookup, run};
use crate::components::preview::{LookupOverview, LookupRows, Readiness, Risks, SchemaChanges, Show, Sql, Summary, tabs};
use crate::components::timeline::Timeline;
use crate::components::{Badge, Empty, Heading, Icon, Moment, OutcomeBanner, Standing, Tab, Tabs, Tone, loaded};
use crate::error::AppError;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use lockstep::promotion::{AlertStanding, Approval, BackupSummary, Decision, Outcome, PromotionDetail, PromotionId, State};
use lockstep::run::RunView;

#[component]
pub fn PromotionPage() -> impl IntoView {
    let params = use_params_map();
    let promotion_id = Memo::new(move |_| PromotionId(id(&params.with(|params| params.get("id").unwrap_or_default()))));
    let actions = Actions::new();
    let ended = RwSignal::new(0_u32);
    let detail = Resource::new(move || (promotion_id.get(), actions.done(), ended.get()), |(id, ..)| promotion(id));
    let tab = query("tab");
    // Without a tab in the address a run that goes on is shown.
    let wanted = Memo::new(move |_| tab.with(|tab| matches!(tab.as_str(), "" | "run")));
    let events = Resource::new(
        move || (promotion_id.get(), wanted.get(), actions.done(), ended.get()),
        async |(id, wanted, ..)| if wanted { run(id).await } else { Ok(RunView::default()) },
    );
    loaded(detail, move |detail| view! { <Detail detail actions events ended /> })
}

#[component]
fn Detail(
    detail: PromotionDetail,
    actions: Actions,
    events: Resource<Result<RunView, AppError>>,
    ended: RwSignal<u32>,
) -> impl IntoView {
    let summary = detail.summary.clone();
    let base = format!("/promotions/{}?", summary.id.0);
    let outcome = match &summary.state {
        State::Finished { outcome, .. } => Some(outcome.clone()),
        _ => None,
    };
    let tab = query("tab");
    let first = match &outcome {
        None if detail.run.is_some() => "run",
        Some(Outcome::NeedsAttention { .. }) if detail.settled.is_none() => "now",
        _ => "summary",
    };
    let chosen = Memo::new(move |_| tab.with(|tab| if tab.is_empty() { first.to_owned() } else { tab.clone() }));
    let mut all = tabs(&detail.preview, &detail.lookup_totals);
    all.push(Tab::counted("approvals", "Approvals", detail.approvals.len() as u64));
    all.extend(detail.run.map(|_| Tab::new("run", "Run")));
    all.extend(outcome.is_some().then(|| Tab::new("now", "In the database")));
    all.push(Tab::new("activity", "Activity"));
    view! {
        <Heading
            title=format!("Release {} into {}", summary.version, summary.target_label)
            lead=format!("From {}, requested by {}.", summary.source, summary.requested_by)
        >
            <Standing state=summary.state.clone() undone=summary.undone />
        </Heading>
        {outcome.map(|outcome| view! { <OutcomeBanner outcome target=summary.target_label.clone() version=summary.version.clone() /> })}
        <div class="split">
            <div class="split__main">
                <Tabs tabs=all chosen base=base.clone() />
                <DetailTab chosen detail=detail.clone() base events ended actions />
            </div>
            <aside class="split__aside" aria-label="What happens next">
                <NextStep detail=detail.clone() actions />
                <Facts detail />
            </aside>
        </div>
    }
}

#[component]
fn DetailTab(
    chosen: Memo<String>,
    detail: PromotionDetail,
    base: String,
    events: Resource<Result<RunView, AppError>>,
    ended: RwSignal<u32>,
    actions: Actions,
) -> impl IntoView {
    let wanted = rows_wanted();
    let held = StoredValue::new((detail, base));
    move || {
        let (detail, base) = held.get_value();
        let promotion = detail.summary.id;
        let preview = detail.preview.clone();
        let plan = preview.sealed.plan.clone();
        let totals = detail.lookup_totals.clone();
        let undo = detail.may.undo.is_none().then_some(promotion);
        match chosen.get().as_str() {
            "schema" => view! { <SchemaChanges changes=plan.changes page=wanted.get().page base /> }.into_any(),
            "lookup" if wanted.with(|wanted| wanted.table.is_empty()) => {
                let purpose =
                    if undo.is_some() { "Search, download or undo these rows" } else { "Search or download these rows" };
                view! { <LookupOverview changes=preview.sealed.lookup totals base purpose /> }.into_any()
            }
            "lookup" => {
                let rows = Resource::new(move || wanted.get(), move |wanted| promotion_lookup(promotion, wanted));
                let csv = format!("/promotions/{}/rows.csv?", promotion.0);
                let held = StoredValue::new((base, csv));
                loaded(rows, move |rows| {
                    let (base, csv) = held.get_value();
                    let wanted = wanted.get_untracked();
                    match undo {
                        Some(promotion) => {
                            let show: Show = Box::new(move |changes| view! { <UndoRows promotion changes /> }.into_any());
                            view! { <LookupRows wanted rows base csv show /> }.into_any()
                        }
                        None => view! { <LookupRows wanted rows base csv /> }.into_any(),
                    }
                })
                .into_any()
            }
            "sql" => {
                let download = Some(format!("/promotions/{}/sql", detail.summary.id.0));
                view! { <Sql plan lookup_rows=detail.summary.lookup_rows download /> }.into_any()
            }
            "risks" => view! { <Risks preview /> }.into_any(),
            "readiness" => view! { <Readiness preview /> }.into_any(),
            "approvals" => view! { <Approvals approvals=detail.approvals /> }.into_any(),
            "run" => match detail.run {
                Some(run) => view! { <RunTab run stored=events ended /> }.into_any(),
                None => {
                    view! { <Empty title="It has not run yet" text="Once it is approved, it can be started here." /> }.into_any()
                }
            },
            "now" => {
                let may_settle = detail.may.settle.is_none();
                view! { <InDatabaseTab promotion settled=detail.settled may_settle action=actions.settle /> }.into_any()
            }
            "activity" => view! { <Timeline detail /> }.into_any(),
            _ => view! { <Summary preview totals base /> }.into_any(),
        }
    }
}

#[component]
fn Approvals(approvals: Vec<Approval>) -> impl IntoView {
    if approvals.is_empty() {
        return view! { <Empty title="Nobody has decided yet" text="Approvals and rejections appear here, with their comments." /> }.into_any();
    }
    let items = approvals.into_iter().map(|approval| {
        let (tone, icon, text) = match approval.decision {
            Decision::Approve => (Tone::Good, Icon::Check, "Approved"),
            Decision::Reject => (Tone::Danger, Icon::Cross, "Rejected"),
        };
        view! {
            <li class="check">
                <Badge tone icon text />
                <div>
                    <p>{format!("{} ({}), ", approval.name, approval.role.label())} <Moment at=approval.at /></p>
                    {(!approval.comment.is_empty()).then(|| view! { <blockquote>{approval.comment}</blockquote> })}
                </div>
            </li>
        }
    });
    view! { <ul class="bare">{items.collect_view()}</ul> }.into_any()
}

/// What an auditor looks for: digest, backup, evidence.
#[component]
fn Facts(detail: PromotionDetail) -> impl IntoView {
    let base = format!("/promotions/{}", detail.summary.id.0);
    view! {
        <section class="card facts">
            <h2>"Record"</h2>
            <dl>
                <dt>"Requested"</dt>
                <dd><Moment at=detail.summary.requested_at /></dd>
                {(!detail.notes.is_empty()).then(|| view! { <dt>"Notes"</dt> <dd>{detail.notes}</dd> })}
                <dt>"Digest"</dt>
                <dd><code class="digest">{detail.digest.to_string()}</code></dd>
                {detail.backup.map(kept)}
                {detail.alert.map(alerted)}
            </dl>
            <p><a href=format!("{base}/evidence") download rel="external">"Download the evidence"</a></p>
        </section>
    }
}

fn alerted(alert: AlertStanding) -> impl IntoView {
    let told = match alert.sent_at {
        Some(at) => view! { "Sent " <Moment at /> }.into_any(),
        None => view! { "Not sent. " {alert.problem} }.into_any(),
    };
    view! { <dt>"Alert"</dt> <dd>{told}</dd> }
}

fn kept(backup: BackupSummary) -> impl IntoView {
    let text = match &backup.restore_point {
        Some(point) => format!("Restore point {point}"),
        None => format!("{}, {}", backup.file, lockstep::run::size(backup.bytes)),
    };
    view! {
        <dt>"Backup"</dt>
        <dd>
            {text}
            {(!backup.sha256.is_empty()).then(|| view! { <code class="digest">{backup.sha256}</code> })}
            {backup.removed_at.map(|at| view! { <p class="quiet">"Removed " <Moment at /> ": newer ones took its place."</p> })}
        </dd>
    }
}

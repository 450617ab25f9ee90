//! What a person may do with a promotion now, and why not; each decision is confirmed.

use super::restore::RestoreDialog;
use super::undo::UndoDialog;
use super::{done, query, refresh_frame};
use crate::api::promotion::{Cancel, Decide, Settle, StartRun};
use crate::components::{Answer, Dialog, Field, TextArea};
use crate::words::{any_of, count};
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::promotion::{Decision, Outcome, PromotionDetail, State};

/// The page's actions; each one that was done reloads the promotion.
#[derive(Clone, Copy)]
pub struct Actions {
    decide: ServerAction<Decide>,
    start: ServerAction<StartRun>,
    cancel: ServerAction<Cancel>,
    pub settle: ServerAction<Settle>,
    done: Memo<usize>,
}

impl Actions {
    pub fn new() -> Self {
        let (decide, start, cancel, settle) =
            (ServerAction::new(), ServerAction::new(), ServerAction::new(), ServerAction::new());
        let (decided, started, cancelled, settled) = (done(decide), done(start), done(cancel), done(settle));
        let done = Memo::new(move |_| decided.get() + started.get() + cancelled.get() + settled.get());
        refresh_frame(done);
        Self { decide, start, cancel, settle, done }
    }

    pub fn done(self) -> usize {
        self.done.get()
    }
}

#[component]
pub fn NextStep(detail: PromotionDetail, actions: Actions) -> impl IntoView {
    let PromotionDetail { summary, approvals, approvals_needed, approvers, nobody, may, .. } = detail.clone();
    let given = approvals.iter().filter(|approval| approval.decision == Decision::Approve).count() as u64;
    let needed = u64::from(approvals_needed);
    let base = format!("/promotions/{}", summary.id.0);
    let waiting = summary.state == State::AwaitingApproval;
    let title = match &summary.state {
        State::AwaitingApproval if may.approve.is_none() => "Your turn: decide",
        State::AwaitingApproval => "Waiting for approval",
        State::Approved => "Ready to run",
        State::Running => "It is running",
        State::Finished { outcome: Outcome::NeedsAttention { .. }, .. } if detail.settled.is_none() => "It needs attention",
        State::Rejected | State::Cancelled { .. } | State::Finished { .. } => "This promotion is over",
    };
    let explained = waiting.then(|| {
        let who = if approvers.is_empty() { nobody.unwrap_or_default() } else { format!("Waiting for {}.", any_of(&approvers)) };
        view! {
            <p>{format!("{given} of {} given.", count(needed, "approval"))}</p>
            <p>{who}</p>
            {may.approve.clone().map(|why| view! { <p class="quiet">{why}</p> })}
        }
    });
    let ready = (summary.state == State::Approved).then(|| may.run.clone().map(|why| view! { <p class="quiet">{why}</p> }));
    let link = |name: &str, class: &'static str, text: &'static str| {
        view! { <a class=class href=format!("{base}?confirm={name}")>{text}</a> }
    };
    let over = matches!(summary.state, State::Rejected | State::Cancelled { .. } | State::Finished { .. });
    let cancel = if summary.state == State::Running { "Stop the run" } else { "Withdraw the request" };
    view! {
        <section class="card next">
            <h2>{title}</h2>
            {explained}
            {ready}
            <div class="next__actions">
                {may.run.is_none().then(|| link("run", "button button--main button--wide", "Start the run"))}
                {may.approve.is_none().then(|| link("approve", "button button--main button--wide", "Approve"))}
                {may.reject.is_none().then(|| link("reject", "button button--wide", "Reject"))}
                {may.cancel.is_none().then(|| link("cancel", "button button--quiet button--wide", cancel))}
                {may.settle.is_none().then(|| view! { <a class="button button--main button--wide" href=format!("{base}?tab=now")>"Look, and settle it"</a> })}
                {over.then(|| view! { <a class="button button--wide" href="/">"To the pipeline"</a> })}
                {may.undo_all.is_none().then(|| link("undo", "button button--quiet button--wide", "Undo this promotion"))}
                {may.restore.is_none().then(|| link("restore", "button button--quiet button--wide", "Restore the backup"))}
            </div>
        </section>
        <Confirm detail actions />
    }
}

#[component]
fn Confirm(detail: PromotionDetail, actions: Actions) -> impl IntoView {
    let confirm = query("confirm");
    let held = StoredValue::new(detail);
    move || {
        let detail = held.get_value();
        match confirm.get().as_str() {
            "approve" if detail.may.approve.is_none() => view! { <ApproveDialog detail actions /> }.into_any(),
            "reject" if detail.may.reject.is_none() => view! { <RejectDialog detail actions /> }.into_any(),
            "run" if detail.may.run.is_none() => view! { <RunDialog detail actions /> }.into_any(),
            "undo" if detail.may.undo_all.is_none() => {
                let back = back(&detail);
                view! { <UndoDialog detail back /> }.into_any()
            }
            "restore" if detail.may.restore.is_none() => {
                let back = back(&detail);
                view! { <RestoreDialog detail back /> }.into_any()
            }
            "cancel" if detail.may.cancel.is_none() => view! { <CancelDialog detail actions /> }.into_any(),
            _ => ().into_any(),
        }
    }
}

fn back(detail: &PromotionDetail) -> String {
    format!("/promotions/{}", detail.summary.id.0)
}

#[component]
fn ApproveDialog(detail: PromotionDetail, actions: Actions) -> impl IntoView {
    let summary = detail.summary.clone();
    view! {
        <Dialog title=format!("Approve release {} into {}?", summary.version, summary.target_label) back=back(&detail)>
            <p>{format!("You approve exactly this preview: {}. If {} changes meanwhile, it will not run.", crate::words::extent(summary.schema_changes, summary.lookup_rows), summary.target_label)}</p>
            <Answer value=actions.decide.value() />
            <ActionForm action=actions.decide>
                <input type="hidden" name="promotion" value=summary.id.0.to_string() />
                <input type="hidden" name="digest" value=detail.digest.to_string() />
                <input type="hidden" name="decision" value="approve" />
                {detail
                    .typed_name
                    .map(|name| {
                        let hint = format!("Type {name}: it is protected, and this is meant to be slow.");
                        view! { <Field label="Name of the environment" name="typed_name" autocomplete="off" hint /> }
                    })}
                <TextArea label="Comment" name="comment" />
                <button class="button button--main button--wide" type="submit">"Approve"</button>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn RejectDialog(detail: PromotionDetail, actions: Actions) -> impl IntoView {
    let summary = detail.summary.clone();
    view! {
        <Dialog title=format!("Reject release {} into {}?", summary.version, summary.target_label) back=back(&detail)>
            <p>{format!("The promotion ends here. {} will read your comment and can request again.", summary.requested_by)}</p>
            <Answer value=actions.decide.value() />
            <ActionForm action=actions.decide>
                <input type="hidden" name="promotion" value=summary.id.0.to_string() />
                <input type="hidden" name="digest" value=detail.digest.to_string() />
                <input type="hidden" name="decision" value="reject" />
                <TextArea label="Comment" name="comment" required=true hint="What must change before it can be approved." />
                <button class="button button--danger button--wide" type="submit">"Reject"</button>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn RunDialog(detail: PromotionDetail, actions: Actions) -> impl IntoView {
    let summary = detail.summary.clone();
    view! {
        <Dialog title=format!("Start the run into {}?", summary.target_label) back=back(&detail)>
            <p>"Lockstep checks the target again, makes the backup that the policy asks for, applies everything in one transaction, reads the result back, and only then makes it count."</p>
            <p>"If anything is not as it should be, nothing is changed."</p>
            <Answer value=actions.start.value() />
            <ActionForm action=actions.start>
                <input type="hidden" name="promotion" value=summary.id.0.to_string() />
                <button class="button button--main button--wide" type="submit">"Start the run"</button>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn CancelDialog(detail: PromotionDetail, actions: Actions) -> impl IntoView {
    let running = detail.summary.state == State::Running;
    let (title, text, button) = if running {
        (
            "Stop the run?",
            "What was done so far is rolled back, and nothing is changed. Once the result is committed, it cannot be stopped any more.",
            "Stop the run",
        )
    } else {
        ("Withdraw the request?", "The promotion ends here. You can request it again.", "Withdraw the request")
    };
    view! {
        <Dialog title back=back(&detail)>
            <p>{text}</p>
            <Answer value=actions.cancel.value() />
            <ActionForm action=actions.cancel>
                <input type="hidden" name="promotion" value=detail.summary.id.0.to_string() />
                <button class="button button--danger button--wide" type="submit">{button}</button>
            </ActionForm>
        </Dialog>
    }
}

//! What happened with a promotion, oldest first.

use super::icon::{Icon, Sign};
use super::moment::Moment;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use lockstep::promotion::{Approval, Decision, PromotionDetail, State};

struct Entry {
    at: DateTime<Utc>,
    icon: Icon,
    text: String,
    comment: String,
}

impl Entry {
    fn new(at: DateTime<Utc>, icon: Icon, text: String) -> Self {
        Self { at, icon, text, comment: String::new() }
    }
}

fn decided(approval: &Approval) -> Entry {
    let (icon, verb) = match approval.decision {
        Decision::Approve => (Icon::Check, "approved"),
        Decision::Reject => (Icon::Cross, "rejected"),
    };
    let text = format!("{} ({}) {verb} it.", approval.name, approval.role.label());
    Entry { at: approval.at, icon, text, comment: approval.comment.clone() }
}

fn entries(detail: &PromotionDetail) -> Vec<Entry> {
    let PromotionDetail { summary, release, approvals, backup, .. } = detail;
    let frozen = format!("{} froze release {} from {}.", release.frozen_by, release.version, release.source);
    let mut entries = vec![Entry::new(release.frozen_at, Icon::Database, frozen)];
    let mut requested = Entry::new(
        summary.requested_at,
        Icon::Bell,
        format!("{} requested it for {}.", summary.requested_by, summary.target_label),
    );
    requested.comment.clone_from(&detail.notes);
    entries.push(requested);
    entries.extend(approvals.iter().map(decided));
    entries.extend(
        backup.iter().map(|backup| Entry::new(backup.taken_at, Icon::Backup, format!("{} was backed up.", summary.target_label))),
    );
    match &summary.state {
        State::Cancelled { by, at } => entries.push(Entry::new(*at, Icon::Stop, format!("{by} withdrew it."))),
        State::Finished { outcome, at } => entries.push(Entry::new(*at, Icon::Info, format!("It ended: {}.", outcome.label()))),
        State::AwaitingApproval | State::Approved | State::Rejected | State::Running => {}
    }
    entries.sort_by_key(|entry| entry.at);
    entries
}

#[component]
pub fn Timeline(detail: PromotionDetail) -> impl IntoView {
    let items = entries(&detail).into_iter().map(|entry| {
        view! {
            <li class="timeline__entry">
                <Sign icon=entry.icon />
                <div>
                    <p>{entry.text}</p>
                    {(!entry.comment.is_empty()).then(|| view! { <blockquote>{entry.comment}</blockquote> })}
                    <p class="timeline__when"><Moment at=entry.at /></p>
                </div>
            </li>
        }
    });
    view! { <ol class="timeline">{items.collect_view()}</ol> }
}

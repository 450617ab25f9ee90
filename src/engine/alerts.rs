//! Alerts to a webhook. They are written down with the end of a run and sent afterwards, again and again for a day, by whichever console
//! of the store comes first; one that is sent twice has the same `id`.

mod guard;
mod webhook;

pub use webhook::Webhook;

use super::store::{alerts, wake};
use super::{Console, Result};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{AlertStanding, Message, PromotionId};
use sqlx::PgConnection;
use tokio::sync::watch as signal;

const UNSET: &str = "No webhook is set (LOCKSTEP_WEBHOOK).";

/// Sends what is to be sent until the console stops.
pub(super) async fn deliver(console: Console, webhook: Webhook, mut stopping: signal::Receiver<bool>) {
    let mut hints = console.wake().subscribe();
    let work = async {
        loop {
            match next(&console, &webhook).await {
                Ok(true) => {}
                Ok(false) => wake::wait(&mut hints, None).await,
                Err(problem) => {
                    tracing::warn!(%problem, "the store could not be asked for alerts");
                    wake::wait(&mut hints, None).await;
                }
            }
        }
    };
    tokio::select! {
        () = work => {}
        // What is not sent yet is sent by another console, or by this one's next start.
        _ = stopping.wait_for(|stop| *stop) => {}
    }
}

/// True when there was one to send.
async fn next(console: &Console, webhook: &Webhook) -> Result<bool> {
    let Some((id, alert)) = alerts::claim(&mut *console.connection().await?).await? else { return Ok(false) };
    let sent = webhook.send(&alert.message(id, webhook.console())).await;
    if let Err(problem) = &sent {
        tracing::warn!(%problem, "an alert could not be sent");
    }
    let problem = sent.err().map(|problem| problem.to_string());
    alerts::tried(&mut *console.connection().await?, id, problem.as_deref()).await?;
    Ok(true)
}

pub(super) async fn standing(
    console: &Console,
    conn: &mut PgConnection,
    promotion: PromotionId,
) -> Result<Option<AlertStanding>> {
    let mut standing = alerts::of_promotion(conn, promotion).await?;
    if let Some(open) = standing.as_mut().filter(|standing| standing.sent_at.is_none() && console.webhook().is_none()) {
        open.problem = Some(UNSET.to_owned());
    }
    Ok(standing)
}

/// Sends a message by which a person sees whether alerts arrive.
pub async fn try_webhook(webhook: Option<&Webhook>) -> Result<()> {
    let webhook = webhook.ok_or_else(|| {
        Problem::new(ProblemKind::Invalid, UNSET)
            .way_out("Set it to the address that your chat or pager gives, then start again.")
    })?;
    webhook.send(&Message::trial(webhook.console())).await
}

//! Alerts, against a real web server.

use crate::trio::Trio;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use lockstep::engine::{self, Settings, Webhook, doctor};
use lockstep::promotion::{Outcome, PromotionId};
use serde_json::Value;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What came in, and the way there.
struct Receiver {
    webhook: Webhook,
    messages: UnboundedReceiver<Value>,
}

/// A server that gives these answers one after the other, and then that all is well.
async fn receiver(answers: &[StatusCode]) -> Receiver {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/canary", listener.local_addr().unwrap());
    let (sender, messages) = unbounded_channel();
    let answers = Arc::new(Mutex::new(answers.to_vec()));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (sender, answers) = (sender.clone(), answers.clone());
            let answer = service_fn(move |request: Request<Incoming>| {
                let (sender, answers) = (sender.clone(), answers.clone());
                async move {
                    let body = request.into_body().collect().await.unwrap().to_bytes();
                    sender.send(serde_json::from_slice(&body).unwrap()).unwrap();
                    let status = answers.lock().unwrap().pop().unwrap_or(StatusCode::OK);
                    let moved = Response::builder().status(status).header("location", "http://127.0.0.1:9/elsewhere");
                    Ok::<_, Infallible>(moved.body(Full::new(Bytes::new())).unwrap())
                }
            });
            tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(socket), answer).await });
        }
    });
    let webhook = Webhook::new(&url, &["127.0.0.1".to_owned()], "https://lockstep.example.com").unwrap();
    Receiver { webhook, messages }
}

/// A promotion that fails, as somebody has changed the target.
async fn failing(trio: &Trio) -> PromotionId {
    let promotion = trio.approved().await;
    trio.test_database.exec("UPDATE fees SET cents = 99 WHERE id = 1").await;
    assert!(matches!(trio.run(promotion).await.outcome, Some(Outcome::Failed { .. })));
    promotion
}

/// As if the pause until the next try were over.
async fn hurry(trio: &Trio) {
    trio.world.store.exec("UPDATE alerts SET next_try = now()").await;
}

#[tokio::test]
async fn a_failed_run_is_told_until_somebody_takes_it() {
    let trio = Trio::new("alerts").await;
    let mut receiver = receiver(&[StatusCode::FOUND, StatusCode::INTERNAL_SERVER_ERROR]).await;
    let console = trio.world.reopen_with(|settings| settings.webhook = Some(receiver.webhook.clone())).await;
    console.start_runner().await.unwrap();
    let promotion = failing(&trio).await;
    let mut messages = Vec::new();
    for _ in 0..3 {
        messages.push(receiver.messages.recv().await.unwrap());
        hurry(&trio).await;
    }
    assert_eq!(messages[0], messages[1], "the same alert is the same message");
    assert_eq!(messages[0], messages[2], "and no redirection was followed");
    let text = messages[0]["text"].as_str().unwrap();
    assert!(text.contains("Test: release 1. Failed, nothing was changed. test was changed after"), "{text}");
    assert!(text.contains(&format!("https://lockstep.example.com/promotions/{}", promotion.0)), "{text}");
    assert_eq!(messages[0]["event"], "failed");
    let sent = "SELECT tries FROM alerts WHERE sent_at IS NOT NULL AND problem IS NULL";
    while trio.world.store.column(sent).await != ["3"] {}
    let alert = engine::promotion(&console, &trio.ada, promotion).await.unwrap().alert.unwrap();
    assert!(alert.sent_at.is_some() && alert.problem.is_none(), "{alert:?}");
    console.shutdown().await;
    trio.world.close().await;
}

#[tokio::test]
async fn an_alert_outlives_its_console_and_the_page_says_why_it_is_not_sent() {
    let trio = Trio::new("alerts_kept").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = failing(&trio).await;
    let alert = engine::promotion(&trio.world.console, &trio.ada, promotion).await.unwrap().alert.unwrap();
    assert!(alert.sent_at.is_none() && alert.problem.unwrap().contains("LOCKSTEP_WEBHOOK"));
    trio.world.console.kill_runner().await;
    let mut receiver = receiver(&[]).await;
    let console = trio.world.reopen_with(|settings| settings.webhook = Some(receiver.webhook.clone())).await;
    console.start_runner().await.unwrap();
    assert_eq!(receiver.messages.recv().await.unwrap()["environment"], "Test");
    console.shutdown().await;
    trio.world.close().await;
}

#[tokio::test]
async fn a_run_that_went_well_alerts_nobody() {
    let trio = Trio::new("alerts_none").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    assert_eq!(trio.run(promotion).await.outcome, Some(Outcome::Succeeded));
    assert_eq!(engine::promotion(&trio.world.console, &trio.ada, promotion).await.unwrap().alert, None);
    assert_eq!(trio.world.store.column("SELECT id::text FROM alerts").await, Vec::<String>::new());
    trio.world.close().await;
}

#[tokio::test]
async fn a_trial_says_whether_alerts_arrive_and_never_the_secret() {
    let mut receiver = receiver(&[]).await;
    let settings = Settings { webhook: Some(receiver.webhook.clone()), ..Settings::default() };
    assert!(doctor::alert(&settings).await.good);
    assert_eq!(receiver.messages.recv().await.unwrap()["event"], "trial");
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let allowed = ["127.0.0.1".to_owned(), "localhost".to_owned()];
    let away = |allowed: &[String], url: String| Webhook::new(&url, allowed, "https://lockstep.example.com").unwrap();
    for (webhook, says) in [
        (away(&allowed, format!("http://{nobody}/hooks/canary")), "refused"),
        (away(&[], "https://localhost/hooks/canary".to_owned()), "leads back to this machine"),
    ] {
        let found = doctor::alert(&Settings { webhook: Some(webhook), ..Settings::default() }).await;
        assert!(!found.good && found.text.contains(says) && !found.text.contains("canary"), "{found:?}");
    }
    assert!(!doctor::alert(&Settings::default()).await.good);
}

//! Serving: bind, tell where, serve until asked to stop, then end in order.

use crate::config::Config;
use crate::router;
use leptos::config::LeptosOptions;
use lockstep::engine::{self, Console};
use lockstep::problem::{Problem, ProblemKind};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How long open answers, such as the stream of a run, may go on after the signal to stop.
const GRACE: Duration = Duration::from_secs(5);

/// The console's own shutdown ends or rolls back a run within 30 seconds; then it is over in any case.
const END: Duration = Duration::from_secs(35);

pub async fn bind(addr: SocketAddr) -> Result<TcpListener, Problem> {
    TcpListener::bind(addr).await.map_err(|error| {
        Problem::new(ProblemKind::Conflict, format!("The console cannot listen on {addr}."))
            .because(error.to_string())
            .way_out("Stop what listens there, or set LOCKSTEP_ADDR to another address.")
    })
}

/// Serves until SIGTERM or Ctrl-C; a second signal ends the process at once.
pub async fn serve(
    config: &Config,
    options: LeptosOptions,
    console: Console,
    listener: TcpListener,
) -> Result<ExitCode, Problem> {
    let failed =
        |error: std::io::Error| Problem::new(ProblemKind::Internal, "The console could not serve.").because(error.to_string());
    let addr = listener.local_addr().map_err(failed)?;
    console.start_runner().await?;
    let app = router::router(config, options, console.clone(), addr.port()).into_make_service_with_connect_info::<SocketAddr>();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut asked = stopped.clone();
    let graceful = async move {
        let _ended_either_way = asked.wait_for(|asked| *asked).await;
    };
    let server = tokio::spawn(async move { axum::serve(listener, app).with_graceful_shutdown(graceful).await });
    let sweeper = tokio::spawn(sweep(console.clone()));
    signalled().await?;
    tokio::spawn(async {
        if signalled().await.is_ok() {
            std::process::exit(130);
        }
    });
    tracing::info!("stopping");
    stop.send_replace(true);
    sweeper.abort();
    let open = tokio::time::timeout(GRACE, server).await;
    if open.is_err() {
        tracing::info!("open answers were cut");
    }
    if tokio::time::timeout(END, console.shutdown()).await.is_err() {
        tracing::error!("the console did not end in time");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns at the next SIGTERM or Ctrl-C.
async fn signalled() -> Result<(), Problem> {
    let failed =
        |error: std::io::Error| Problem::new(ProblemKind::Internal, "Signals cannot be received.").because(error.to_string());
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Removes sessions that are over, now and every ten minutes.
async fn sweep(console: Console) {
    let mut every = tokio::time::interval(Duration::from_secs(600));
    loop {
        every.tick().await;
        if let Err(problem) = engine::sessions_sweep(&console).await {
            tracing::warn!(%problem, "sessions were not swept");
        }
    }
}

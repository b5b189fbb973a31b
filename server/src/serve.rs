//! `provost serve`: listens, serves, sends mail, and stops when told, once what is in flight has landed.

use crate::{assets::Assets, config::Settings, node::Node, router, state, telemetry};
use anyhow::{Context, Result, bail};
use service::mail::dispatcher::Dispatcher;
use std::{fs::File, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use store::Db;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

/// How long open requests may take to end after a stop is asked for.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a node compares its clock with the database's.
const CLOCK_CHECK: Duration = Duration::from_secs(60);
/// How long a dispatcher that ended by itself rests before it begins again.
const REST: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// A sentence that says why it cannot start.
pub async fn serve(settings: &Settings) -> Result<()> {
    let _lock = lock(settings)?;
    let node = Node::open(settings).await?;
    serve_node(settings, node, |_| {}).await
}

/// Serves what is open already; `ready` hears the address once requests are answered.
///
/// # Errors
/// A sentence that says why it cannot start.
pub async fn serve_node(settings: &Settings, node: Node, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    settings.check_serving().map_err(anyhow::Error::msg)?;
    // Before anything is sent: a stop that came too early would end the process in the middle of a message.
    let told_to_stop = asked_to_stop()?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("PROVOST_LISTEN: cannot listen on {}", settings.listen))?;
    let address = listener.local_addr()?;
    if !node.service.has_operators().await? {
        tracing::warn!("nobody can sign in yet: add an operator with `provost operator add`");
    }
    if settings.base.is_https() && settings.trusted_proxies.is_empty() {
        tracing::warn!(
            "PROVOST_BASE_URL is https, so a proxy stands in front, but PROVOST_TRUSTED_PROXIES is empty: limits per client would \
                        take everybody for one client, the proxy"
        );
    }
    let (stop, stopping) = tokio::sync::watch::channel(());
    let sending = tokio::spawn(keep_sending(node.dispatcher(), stopping.clone()));
    tokio::spawn(follow_clock(node.clock.clone(), node.db.clone()));
    tokio::spawn(service::housekeeping::run(node.service.clone()));
    let hearing = tokio::spawn(service::live::run(node.service.clone()));
    tokio::spawn(service::bulk::run(node.service.clone()));
    let app = router::router(state(settings, &node)?).into_make_service_with_connect_info::<SocketAddr>();
    tracing::info!(%address, base_url = settings.base.origin(), "serving");
    ready(address);
    let mut told = stopping;
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        let _ = told.changed().await;
    });
    let serving = tokio::spawn(async move { serving.await });
    told_to_stop.await;
    tracing::info!("stopping");
    drop(stop);
    node.service.end_streams();
    hearing.abort();
    match tokio::time::timeout(PATIENCE, serving).await {
        Ok(ended) => ended??,
        Err(_) => tracing::warn!("some requests did not end in time"),
    }
    sending.await?;
    node.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Sends until told to stop. A dispatcher that ends by itself, because the database was away at its start or because of a mistake in the
/// program, is seen in the log and followed by a fresh one.
async fn keep_sending(mut dispatcher: Dispatcher, mut told: tokio::sync::watch::Receiver<()>) {
    loop {
        let running = dispatcher.clone();
        let mut run = tokio::spawn(async move { running.run().await });
        let (ended, stopping) = tokio::select! {
            ended = &mut run => (ended, false),
            _ = told.changed() => {
                dispatcher.stop();
                (run.await, true)
            }
        };
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::error!(error = %fault, "the dispatcher of mail ended by itself"),
            Err(error) => tracing::error!(%error, "the dispatcher of mail broke off"),
        }
        if stopping || tokio::time::timeout(REST, told.changed()).await.is_ok() {
            return;
        }
        dispatcher = dispatcher.anew();
    }
}

fn state(settings: &Settings, node: &Node) -> Result<state::State> {
    let db = node.db.clone();
    Ok(state::State {
        console: node.service.clone(),
        enrolling: node.service.clone(),
        base: settings.base.clone(),
        proxies: settings.trusted_proxies.clone().into(),
        assets: Assets::embedded()?,
        ready: Arc::new(move || Box::pin(readiness(db.clone()))),
        metrics: Some(telemetry::start_metrics()?),
        metrics_open: settings.open_metrics,
    })
}

async fn readiness(db: Db) -> Result<(), String> {
    match db.at_newest().await {
        Ok(true) => Ok(()),
        Ok(false) => Err("The database is at another version.".to_owned()),
        Err(_) => Err("The database does not answer.".to_owned()),
    }
}

async fn follow_clock(clock: Arc<service::clock::System>, db: Db) {
    loop {
        tokio::time::sleep(CLOCK_CHECK).await;
        if let Err(error) = clock.follow(&db).await {
            tracing::warn!(%error, "the database's clock could not be read");
        }
    }
}

/// Listens for SIGTERM and Ctrl-C from now on, and answers what ends at the first of them. A second one ends the process at once.
fn asked_to_stop() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        let mut next = async move || tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} };
        next().await;
        tokio::spawn(async move {
            next().await;
            std::process::exit(130);
        });
    })
}

/// One `serve` per SQLite file: another would send the same mail (mail contract, point 7). The lock goes with the process.
///
/// # Errors
/// A sentence when another process serves this file.
pub fn lock(settings: &Settings) -> Result<Option<File>> {
    let Some(path) = sqlite_file(&settings.database_url) else { return Ok(None) };
    let path = PathBuf::from(format!("{path}.lock"));
    let file = File::create(&path).with_context(|| format!("the lock file {} cannot be made", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => {
            bail!("Another provost serves {}. On PostgreSQL several may.", settings.database_url)
        }
        Err(std::fs::TryLockError::Error(error)) => Err(error).with_context(|| format!("{} cannot be locked", path.display())),
    }
}

/// The path in a `sqlite:` address; nothing for other databases and for memory.
fn sqlite_file(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
    (!path.contains(":memory:")).then_some(path)
}

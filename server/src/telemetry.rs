//! Logs and metrics. A log line never holds a code, a secret or a whole address; callers log rows by number.

use crate::state::Metrics;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::{io::IsTerminal, sync::Arc, time::Duration};
use tracing_subscriber::EnvFilter;

const UPKEEP: Duration = Duration::from_secs(30);

/// Starts logging to standard error: text for people, or JSON. `PROVOST_LOG` chooses what is logged, such as `debug` or `info,store=debug`.
pub fn start_logging(json: bool) {
    let filter = EnvFilter::try_from_env("PROVOST_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let logs = logs.with_ansi(std::io::stderr().is_terminal());
    // Whoever starts a second server in one process keeps the first one's log.
    let _ = if json { logs.json().try_init() } else { logs.compact().try_init() };
}

/// Starts counting, and answers what renders the counts.
///
/// # Errors
/// When something in this process counts already.
pub fn start_metrics() -> anyhow::Result<Metrics> {
    let handle = PrometheusBuilder::new().install_recorder()?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(Arc::new(move || handle.render()))
}

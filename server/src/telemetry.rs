//! Logs and metrics. A log line never holds a code, a secret or a whole address; callers log rows by number.

use crate::state::Metrics;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::{
    io::{self, Write},
    sync::Arc,
    time::Duration,
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

const UPKEEP: Duration = Duration::from_secs(30);

/// Starts logging to standard error: text for people, or JSON. `PROVOST_LOG` chooses what is logged, such as `debug` or `info,store=debug`.
pub fn start_logging(json: bool) {
    let filter = EnvFilter::try_from_env("PROVOST_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Lines).with_target(false).with_ansi(false);
    // Whoever starts a second server in one process keeps the first one's log.
    let _ = if json { logs.json().try_init() } else { logs.compact().try_init() };
}

/// Starts counting, and answers what renders the counts.
///
/// # Errors
/// When something in this process counts already.
pub fn start_metrics() -> anyhow::Result<Metrics> {
    let handle = PrometheusBuilder::new().install_recorder()?;
    describe();
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(Arc::new(move || handle.render()))
}

fn describe() {
    metrics::describe_counter!("provost_mail_results_total", "What became of attempts to send a message, by state");
    metrics::describe_counter!("provost_mail_reclaimed_total", "Messages taken over from a server that died");
    metrics::describe_counter!("provost_mail_lost_leases_total", "Results that came after somebody else took the message over");
    metrics::describe_counter!("provost_mail_pauses_total", "How often wrong settings paused all mail");
    metrics::describe_gauge!("provost_mail_waiting", "Messages waiting to be sent");
    metrics::describe_gauge!("provost_mail_failed", "Messages that failed and were not sent again");
    metrics::describe_gauge!("provost_mail_oldest_waiting_seconds", "How long the oldest waiting message has waited");
}

/// Standard error, one event a line: control characters inside an event are written as escapes, so that no value can forge a line or
/// steer a terminal.
#[derive(Clone, Copy, Debug, Default)]
struct Lines;

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Lines;

    fn make_writer(&'a self) -> Lines {
        Lines
    }
}

impl Write for Lines {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(one_line(event).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// The subscriber hands over each event whole, with a line break at its end.
fn one_line(event: &[u8]) -> String {
    let text = String::from_utf8_lossy(event);
    let mut line = String::with_capacity(text.len() + 1);
    for c in text.trim_end_matches('\n').chars() {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            line.extend(c.escape_unicode());
        } else {
            line.push(c);
        }
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<String>>>);

    impl Write for Kept {
        fn write(&mut self, event: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push(one_line(event));
            Ok(event.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_value_forges_a_line_of_the_log_or_steers_a_terminal() {
        let kept = Kept::default();
        let writer = kept.clone();
        let log = tracing_subscriber::fmt().compact().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(log, || {
            let said = "x\r\nERROR all is lost \u{1b}[2J\u{202e}";
            tracing::warn!(error = %said, "the relay {said}");
        });
        let lines = kept.0.lock().unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].matches('\n').count(), 1, "{lines:?}");
        assert!(!lines[0].trim_end().chars().any(|c| c.is_control() || c == '\u{202e}'), "{lines:?}");
    }
}

//! What the router is made from.

use crate::{assets::Assets, security::BaseUrl};
use ipnet::IpNet;
use model::{console::Console, enrolling::Enrolling};
use std::{future::Future, pin::Pin, sync::Arc};

/// Answers whether the server can serve: database there, migrations done. An error is a sentence for whoever runs it.
pub type Ready = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// Renders the metrics in Prometheus's text form.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// What the router is made from.
#[derive(Clone)]
pub struct State {
    /// Everything an operator can ask.
    pub console: Arc<dyn Console>,
    /// Everything a user with a link can ask.
    pub enrolling: Arc<dyn Enrolling>,
    /// The address of the console, from the configuration.
    pub base: BaseUrl,
    /// Proxies whose `X-Forwarded-For` counts.
    pub proxies: Arc<[IpNet]>,
    /// The site's files.
    pub assets: Assets,
    /// For `/readyz`.
    pub ready: Ready,
    /// For `/metrics`; nothing when they are off.
    pub metrics: Option<Metrics>,
    /// `/metrics` answers others than this machine.
    pub metrics_open: bool,
}

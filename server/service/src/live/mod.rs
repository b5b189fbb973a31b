//! Live: who looks at a list hears which tasks change, and asks for their rows by right.
//!
//! What the database tells ([`store::live`]) goes to one hub of each process, and from there to every open stream. Nothing is kept: who
//! was away asks for all rows again.

mod again;
mod hub;
mod stream;

pub(crate) use again::read as again;
pub(crate) use hub::Hub;
pub(crate) use stream::open;

use crate::{Service, fault::Outcome};
use std::{convert::Infallible, sync::Arc, time::Duration};
use store::live::Listening;

/// How long to wait before listening anew, at first and at most.
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Hands what the database tells to the hub, for as long as it is polled. When the database was away, everybody looks again.
pub async fn run(service: Arc<Service>) {
    let mut pause = PAUSE;
    loop {
        let Err(error) = follow(&service, &mut pause).await;
        tracing::warn!(%error, "changes are not heard of just now; listening anew");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn follow(service: &Service, pause: &mut Duration) -> Outcome<Infallible> {
    let mut listening = Listening::new(&service.db).await?;
    *pause = PAUSE;
    service.hub.tell(model::live::Changed::Many);
    loop {
        service.hub.tell(listening.next().await?);
    }
}

impl Service {
    /// Ends every stream, now and from now on: the process is stopping.
    pub fn end_streams(&self) {
        self.hub.stop();
    }
}

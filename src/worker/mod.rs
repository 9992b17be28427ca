//! What is done without anybody asking.
//!
//! Owns the list of [`chores`], when they are looked at, and what happens to one that fails. A chore is a domain's
//! own door: it works on a few rows of one store in a transaction of its own, and whoever comes second finds nothing
//! left to do. So any number of nodes may work at one database, none keeps a state that matters, and one that dies in
//! the middle leaves nothing behind but work. Never decides anything about commerce.
//!
//! `stoa serve` works beside serving, unless `STOA_WORKER` says no; `stoa worker` does nothing else. To add a chore,
//! add its line to [`chores::ALL`].

mod chores;
mod pass;
mod resting;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use pass::{Pass, pass};
pub use resting::Resting;

use crate::kernel::System;

/// A worker that works until it is stopped.
pub struct Working {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Working {
    /// Looks for something to do every `interval`, from now on.
    pub fn start(system: Arc<System>, interval: Duration) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(work(system, interval, stop.clone()));
        Self { stop, task }
    }

    /// Waits for the chore that is under way, and works no more.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the worker had ended before it was stopped");
        }
    }
}

/// Works until `stop` is canceled.
pub async fn work(system: Arc<System>, interval: Duration, stop: CancellationToken) {
    let mut resting = Resting::default();
    while !stop.is_cancelled() {
        let done = pass(&system, &mut resting, &stop).await;
        if done.rows > 0 || done.failures > 0 {
            tracing::debug!(rows = done.rows, failures = done.failures, "the worker has worked");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(interval) => {}
        }
    }
}

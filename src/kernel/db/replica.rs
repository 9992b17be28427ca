//! The standby that queries may read from, and whether it answers.
//!
//! Owns the note that it is away: the first request that waits for it in vain takes it out
//! of the way of all others, and one task asks until it answers again. Never decides who may read from
//! a server that lags behind; that is the context's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::conn::Open;
use super::postgres::Reader;
use super::server::Server;
use crate::kernel::error::{Error, Result};

/// How long a request waits for a standby at the most: the primary can serve it as well.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// How often a standby that is away is asked whether it is back.
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// The standby.
pub(super) struct Replica {
    server: Server,
    reader: Option<Reader>,
    away: Arc<AtomicBool>,
    patience: Duration,
}

impl Replica {
    /// A standby that a request waits for as long as `patience`.
    pub(super) fn new(server: Server, reader: Option<Reader>, patience: Duration) -> Self {
        Self { server, reader, away: Arc::default(), patience }
    }

    /// Whether it answered when it was asked last.
    pub(super) fn answers(&self) -> bool {
        !self.away.load(Ordering::Acquire)
    }

    /// Opens a transaction there.
    ///
    /// # Errors
    /// What stands in the way; then it counts as away until it answers.
    pub(super) async fn begin(&self, sql: String) -> Result<Open> {
        let begin = async {
            match &self.reader {
                Some(reader) => {
                    let reading = reader.begin(sql).await?;
                    // Whoever may read elsewhere wants to know now whether it answers.
                    reading.open().await?;
                    Ok(Open::Postgres(reading))
                }
                None => Ok(Open::from(self.server.begin(&sql).await?)),
            }
        };
        // The pools bound the wait for a connection, and nothing the wait for an answer: a server
        // behind a broken network gives none.
        let begun = tokio::time::timeout(self.patience, begin).await;
        let outcome = match begun {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::Busy),
        };
        if outcome.is_err() {
            self.leave_out();
        }
        outcome
    }

    /// Sends nobody there until it answers.
    fn leave_out(&self) {
        if self.away.swap(true, Ordering::AcqRel) {
            return;
        }
        tracing::warn!("the read replica does not answer: reading from the primary");
        let (server, away) = (self.server.clone(), Arc::clone(&self.away));
        tokio::spawn(async move {
            let asking = async {
                while !matches!(tokio::time::timeout(PATIENCE, server.ping()).await, Ok(Ok(()))) {
                    tokio::time::sleep(ASK_AGAIN_AFTER).await;
                }
            };
            tokio::select! {
                () = asking => tracing::info!("the read replica answers again"),
                () = server.pool().close_event() => {}
            }
            away.store(false, Ordering::Release);
        });
    }

    /// Closes every connection.
    pub(super) async fn close(&self) {
        self.reader.iter().for_each(Reader::close);
        self.server.close().await;
    }
}

//! Listening to the database, and proving again and again that nothing is missing.

use std::time::Duration;

use sea_orm::DbBackend;
use sea_orm::sqlx::postgres::PgListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{NOTES_WAITING, Signals};
use crate::kernel::db::Db;
use crate::kernel::error::{Error, Result};

/// How long after a lost connection the next one is tried.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// How long one statement of the listening connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A node that listens, until it is stopped or this is dropped.
pub struct Watching {
    task: JoinHandle<()>,
    stop: DropGuard,
}

impl Watching {
    /// Stops, and gives the connection back.
    pub async fn stop(self) {
        drop(self.stop);
        // A task that panicked has nothing left to stop.
        let _ = self.task.await;
    }
}

impl Signals {
    /// Listens to what others commit to `db`. Until the first proof, and whenever the last one is too old,
    /// [`Signals::is_fresh`] does not hold.
    pub fn watch(&self, db: Db) -> Watching {
        let (signals, stop) = (self.clone(), CancellationToken::new());
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            let watching = async {
                match db.backend() {
                    DbBackend::Postgres => listen_for_ever(&signals, &db).await,
                    _ => look_for_ever(&signals, &db).await,
                }
            };
            tokio::select! {
                () = watching => {}
                () = stopped.cancelled() => {}
            }
            signals.doubt();
        });
        Watching { task, stop: stop.drop_guard() }
    }

    /// How often the proof is renewed: twice within the bound, so that one that is late costs nothing.
    fn beat(&self) -> Duration {
        self.bound() / 2
    }
}

// --- a server ------------------------------------------------------------------------------------

async fn listen_for_ever(signals: &Signals, db: &Db) {
    loop {
        if let Err(error) = listen(signals, db).await {
            tracing::warn!(%error, "what other nodes write is not heard: nothing is answered from memory until it is");
        }
        signals.doubt();
        tokio::time::sleep(TRY_AGAIN_AFTER).await;
    }
}

/// Listens on one connection, until it is lost.
///
/// The proof is a message of this node to itself, on the same connection. PostgreSQL delivers messages in
/// the order of the commits, so once it is back, everything that was committed before it was sent has been
/// heard. A bare round trip would prove less: a commit can be seen before its message is sent, and behind a
/// pooler that shares connections none ever arrives.
async fn listen(signals: &Signals, db: &Db) -> Result<()> {
    let own = format!("{}_{}", Db::CHANNEL, signals.0.node.simple());
    let mut listener = db.listener(&own).await?;
    let (sender, mut notes) = mpsc::channel(NOTES_WAITING);
    signals.listens(sender);
    // What was told before this connection listened is not known.
    signals.hear_missed();
    let (mut beat, mut sent_at, mut next) = (0_u64, Instant::now(), Instant::now());
    loop {
        if Instant::now() >= next {
            beat += 1;
            (sent_at, next) = (Instant::now(), Instant::now() + signals.beat());
            send(&mut listener, &own, &beat.to_string()).await?;
        }
        let note = tokio::select! {
            notification = timeout_at(next, listener.try_recv()) => match notification {
                // Time for the next proof.
                Err(_) => None,
                Ok(Ok(Some(notification))) if notification.channel() == own => {
                    if notification.payload().parse() == Ok(beat) {
                        signals.prove(sent_at);
                    }
                    None
                }
                Ok(Ok(Some(notification))) => {
                    signals.hear_message(notification.payload());
                    None
                }
                Ok(Ok(None)) => return Err(Error::internal("the connection was lost")),
                Ok(Err(error)) => return Err(Error::internal(error)),
            },
            () = signals.0.asked.notified() => {
                next = Instant::now();
                None
            }
            note = notes.recv() => note,
        };
        if let Some(text) = note {
            send(&mut listener, Db::CHANNEL, &text).await?;
        }
    }
}

async fn send(listener: &mut PgListener, channel: &str, text: &str) -> Result<()> {
    match timeout(PATIENCE, Db::notify_on(listener, channel, text)).await {
        Ok(sent) => sent,
        Err(_) => Err(Error::internal("the database does not answer in time")),
    }
}

// --- a file --------------------------------------------------------------------------------------

/// Looks again and again whether another process has written to the file. What this one writes is heard
/// at its commit.
async fn look_for_ever(signals: &Signals, db: &Db) {
    let mut known = None;
    loop {
        match db.file_version().await {
            Ok((version, read_at)) => {
                if known.replace(version).is_some_and(|known| known != version) {
                    signals.hear_missed();
                }
                signals.prove(read_at);
            }
            // A writer holds the file for long; the last proof grows old meanwhile.
            Err(error) => tracing::debug!(%error, "whether others wrote to the file is not known"),
        }
        let _ = timeout(signals.beat(), signals.0.asked.notified()).await;
    }
}

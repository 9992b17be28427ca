//! Events on their way from the outbox to those who listen on this node.
//!
//! Owns one reader of the outboxes: each event is read once, however many listen, in the order of the commits,
//! and is handed to the listeners of its store. Whoever can't keep up, and everybody where an event could have
//! been overlooked, is told so instead of going on with a gap. Never knows what is listened to, or by whom.

mod reader;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rules::ids::StoreId;
use tokio::sync::{OnceCell, broadcast, mpsc, oneshot};

use super::clock::Clock;
use super::db::Db;
use super::error::{Error, Result};
use super::live::Happened;
use super::signals::Signals;
use reader::{Join, Reader};

/// Events that a listener may be behind before it has missed some. They are shared, not copied.
const BACKLOG: usize = 512;

/// Listeners that wait to be let in.
const WAITING: usize = 64;

/// What a listener hears.
#[derive(Debug, Clone)]
pub enum Heard {
    /// An event.
    Event(Happened),
    /// Something could have been overlooked.
    Missed,
}

/// The feed of one node.
pub struct Feed {
    db: Db,
    clock: Arc<dyn Clock>,
    signals: Signals,
    /// To the reader; it starts with the first listener and ends with the feed.
    reader: OnceCell<mpsc::Sender<Join>>,
    listeners: Arc<AtomicUsize>,
}

impl Feed {
    /// A feed that nobody listens to yet.
    pub fn new(db: Db, clock: Arc<dyn Clock>, signals: Signals) -> Self {
        Self { db, clock, signals, reader: OnceCell::new(), listeners: Arc::default() }
    }

    /// Hears what is committed in a store from now on.
    ///
    /// # Errors
    /// `Busy` where the outbox can't be read.
    pub async fn listen(&self, store: StoreId) -> Result<Listener> {
        let start = async || Reader::start(self.db.clone(), Arc::clone(&self.clock), self.signals.follow());
        let reader = self.reader.get_or_init(start).await;
        let (answer, answered) = oneshot::channel();
        reader.send(Join { store, answer }).await.map_err(|_| Error::Busy)?;
        let heard = answered.await.map_err(|_| Error::Busy)??;
        self.listeners.fetch_add(1, Ordering::AcqRel);
        Ok(Listener { heard, listeners: Arc::clone(&self.listeners) })
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.listeners.load(Ordering::Acquire)
    }
}

/// One who listens.
pub struct Listener {
    heard: broadcast::Receiver<Heard>,
    listeners: Arc<AtomicUsize>,
}

impl Listener {
    /// The next thing to hear. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Heard {
        // One that lags has missed what was pushed out; without a sender nothing will come any more.
        self.heard.recv().await.unwrap_or(Heard::Missed)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.listeners.fetch_sub(1, Ordering::AcqRel);
    }
}

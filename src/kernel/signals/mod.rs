//! What a node tells itself and the others once something is committed.
//!
//! Owns the signals, their way to every node, and the proof that none is missing. A commit tells what it
//! changed in the transaction itself (PostgreSQL) or right after it (SQLite); the node that wrote hears it
//! before it answers, the others within [`Signals::bound`], or they know that they might have missed
//! something. Never decides what to do about it: whoever remembers rows subscribes, or asks [`Epochs`].
//! To tell of one more thing, add a variant to [`Signal`] and a place that tells it.

mod epochs;
#[cfg(test)]
mod tests;
mod watch;
mod wire;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rules::ids::{DomainEventId, OrganizationId, StoreId, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast, mpsc, watch as latest};
use tokio::time::Instant;
use uuid::Uuid;

pub use epochs::{Epoch, Epochs};
pub use watch::Watching;
pub(in crate::kernel) use wire::Message;

use super::scope::{AccountScope, OrganizationScope, PlatformScope, Scope, StoreScope};

/// Signals that a subscriber may be behind before it has missed some.
const BACKLOG: usize = 4_096;

/// Notes that wait for the connection that carries them; more are dropped.
const NOTES_WAITING: usize = 256;

/// One thing to hear of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Something of a store was written that its storefront may show.
    StoreChanged(StoreId),
    /// Something of an organization was written: its stores, their hosts, its members and their rights.
    OrganizationChanged(OrganizationId),
    /// Something of a person was written that may take rights away: sessions, password, the account itself.
    AccountChanged(UserId),
    /// Events of a store stand in its outbox, in this order. Many at once come in several signals.
    EventsWritten {
        /// Whose they are.
        store: StoreId,
        /// Which.
        events: Arc<[WrittenEvent]>,
    },
    /// A word from another node that no transaction stands behind; see [`Signals::tell`].
    Note {
        /// What it is about.
        channel: Arc<str>,
        /// What it says.
        payload: Arc<serde_json::Value>,
    },
    /// Anything may have happened: whatever was remembered is no longer known.
    Missed,
}

/// A scope whose writes are told of.
pub trait Changed: Scope {
    /// What every node is told after a write in it.
    fn changed(&self) -> Signal;
}

impl Changed for StoreScope {
    fn changed(&self) -> Signal {
        Signal::StoreChanged(self.id())
    }
}

impl Changed for OrganizationScope {
    fn changed(&self) -> Signal {
        Signal::OrganizationChanged(self.id())
    }
}

impl Changed for AccountScope {
    fn changed(&self) -> Signal {
        Signal::AccountChanged(self.id())
    }
}

/// Rows of nobody can be anybody's.
impl Changed for PlatformScope {
    fn changed(&self) -> Signal {
        Signal::Missed
    }
}

/// An event in a store's outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenEvent {
    /// Its id.
    pub id: DomainEventId,
    /// Its topic, such as `product.created`.
    pub topic: Arc<str>,
}

/// The signals of one node. Cheap to clone.
#[derive(Clone)]
pub struct Signals(Arc<Inner>);

struct Inner {
    /// Tells this node's messages from others'.
    node: Uuid,
    bound: Duration,
    /// The number of this node's next message.
    next: AtomicU64,
    /// Whether a connection listens, so that this node's own messages come back to it.
    listens: AtomicBool,
    /// Messages of this node that were heard once, at the commit or from the database, and will be twice.
    heard_once: Mutex<HashSet<u64>>,
    sender: broadcast::Sender<Signal>,
    /// What [`Signals::follow`] hears.
    ordered: broadcast::Sender<Signal>,
    /// Held by a commit that the database does not put in its order.
    turn: tokio::sync::Mutex<()>,
    epochs: Epochs,
    /// When the last proof began that nothing is missing; `None` while there is none.
    proved: latest::Sender<Option<Instant>>,
    /// Asks for the next proof now.
    asked: Notify,
    /// To the connection that carries notes, while there is one.
    notes: Mutex<Option<mpsc::Sender<String>>>,
}

impl Signals {
    /// The signals of a node that listens to nobody yet. `bound` is how old the proof may be that nothing
    /// is missing.
    pub fn new(node: Uuid, bound: Duration) -> Self {
        Self(Arc::new(Inner {
            node,
            bound,
            next: AtomicU64::new(0),
            listens: AtomicBool::new(false),
            heard_once: Mutex::default(),
            sender: broadcast::Sender::new(BACKLOG),
            ordered: broadcast::Sender::new(BACKLOG),
            turn: tokio::sync::Mutex::default(),
            epochs: Epochs::default(),
            proved: latest::Sender::new(None),
            asked: Notify::new(),
            notes: Mutex::default(),
        }))
    }

    /// How long what another node wrote can stay unknown here while [`Self::is_fresh`] holds.
    pub fn bound(&self) -> Duration {
        self.0.bound
    }

    /// Hears everything from now on. A receiver that lags behind (`RecvError::Lagged`) has missed
    /// signals, and does what it does on [`Signal::Missed`].
    pub fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.0.sender.subscribe()
    }

    /// Hears of events alone, once each and in the order of their commits, which on PostgreSQL is the same on
    /// every node; and [`Signal::Missed`] where some of them could have been overlooked. This node's own come
    /// a moment later here than by [`Self::subscribe`]: as the database sends them.
    pub fn follow(&self) -> broadcast::Receiver<Signal> {
        self.0.ordered.subscribe()
    }

    /// How often stores and organizations changed, moved before the signal reaches any subscriber.
    pub fn epochs(&self) -> &Epochs {
        &self.0.epochs
    }

    /// Whether everything that was committed anywhere more than [`Self::bound`] ago is known here. Only
    /// then may what was remembered be told.
    pub fn is_fresh(&self) -> bool {
        self.is_fresh_at(Instant::now())
    }

    fn is_fresh_at(&self, moment: Instant) -> bool {
        self.0.proved.borrow().is_some_and(|began| moment.saturating_duration_since(began) < self.0.bound)
    }

    /// Waits until everything that was committed anywhere before now has been heard, however long that
    /// takes.
    pub async fn until_caught_up(&self) {
        let asked_at = Instant::now();
        let mut proofs = self.0.proved.subscribe();
        self.0.asked.notify_one();
        // The sender lives as long as this, so the wait ends only where it holds.
        let _ = proofs.wait_for(|proved| proved.is_some_and(|began| began >= asked_at)).await;
    }

    /// Tells the other nodes something that no transaction stands behind, such as what was spent of a shared
    /// allowance. Never waits; a note can get lost, and this node does not hear its own. `payload` stays
    /// below 7,000 bytes of JSON; on SQLite there is nobody to tell.
    pub fn tell(&self, channel: &str, payload: serde_json::Value) {
        let notes = self.0.notes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(notes) = notes else { return };
        let note = Signal::Note { channel: channel.into(), payload: Arc::new(payload) };
        for message in wire::messages(self.0.node, vec![note], || self.number()) {
            // Noted as heard, so that it is not when it comes back.
            self.is_first(message.number);
            if notes.try_send(message.text).is_err() {
                self.is_first(message.number);
                tracing::debug!(channel, "a note to the other nodes was dropped");
            }
        }
    }

    /// Brings what a commit is about to tell into the form in which it travels.
    pub(in crate::kernel) fn prepare(&self, signals: Vec<Signal>) -> Vec<Message> {
        wire::messages(self.0.node, signals, || self.number())
    }

    /// Hears what this node has committed. `comes_back` says that it surely did, and that the database
    /// carries it to every node, this one too.
    pub(in crate::kernel) fn hear_own(&self, messages: Vec<Message>, comes_back: bool) {
        let comes_back = comes_back && self.0.listens.load(Ordering::Acquire);
        for message in messages {
            if !comes_back || self.is_first(message.number) {
                self.hear_all(message.signals);
            }
        }
    }

    /// Waits until no other commit is between its end and [`Self::hear_events`]; for databases that send
    /// nothing back.
    pub(in crate::kernel) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.turn.lock().await
    }

    /// Puts the events among these into their order.
    pub(in crate::kernel) fn hear_events(&self, signals: &[Signal]) {
        for signal in signals.iter().filter(|signal| matches!(signal, Signal::EventsWritten { .. })) {
            // Nobody follows: then there is nobody to tell.
            let _ = self.0.ordered.send(signal.clone());
        }
    }

    /// Hears a message from the database. What can't be read was written by a newer node: anything may
    /// stand in it.
    fn hear_message(&self, text: &str) {
        let Some(message) = wire::read(text) else { return self.hear_missed() };
        self.hear_events(&message.signals);
        if message.node != self.0.node || self.is_first(message.number) {
            self.hear_all(message.signals);
        }
    }

    /// Whether a message of this node is heard for the first time. It is heard twice, in either order.
    fn is_first(&self, number: u64) -> bool {
        let mut heard_once = self.0.heard_once.lock().unwrap_or_else(PoisonError::into_inner);
        if heard_once.remove(&number) { false } else { heard_once.insert(number) }
    }

    /// Takes everything that was remembered as no longer known.
    pub fn hear_missed(&self) {
        let _ = self.0.ordered.send(Signal::Missed);
        self.hear_all(vec![Signal::Missed]);
    }

    fn hear_all(&self, signals: Vec<Signal>) {
        for signal in signals {
            self.0.epochs.note(&signal);
            // Nobody listens: then there is nobody to tell.
            let _ = self.0.sender.send(signal);
        }
    }

    fn number(&self) -> u64 {
        self.0.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Notes that nothing was missing at `began`.
    fn prove(&self, began: Instant) {
        self.0.proved.send_replace(Some(began));
    }

    /// Notes that a connection listens from now on.
    fn listens(&self, notes: mpsc::Sender<String>) {
        self.0.listens.store(true, Ordering::Release);
        *self.0.notes.lock().unwrap_or_else(PoisonError::into_inner) = Some(notes);
    }

    /// Notes that something may be missing from now on.
    fn doubt(&self) {
        self.0.proved.send_replace(None);
        self.0.listens.store(false, Ordering::Release);
        *self.0.notes.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // What was on its way back is lost.
        self.0.heard_once.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

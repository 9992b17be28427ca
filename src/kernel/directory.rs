//! Which store a handle, an id or a host leads to, remembered for visitors.
//!
//! Owns what was found for whoever shows no credentials, and when that no longer holds. Never asks the
//! database; the gate does, once for all who stand at the same door. What a token or a session may do is
//! never remembered.

use std::sync::Arc;

use rules::ids::StoreId;

use super::ctx::StoreContext;
use super::memory::Memory;
use super::signals::{Epoch, Epochs, Signals};

/// Bytes that doors and stores may take.
const BYTES: u64 = 4 << 20;

/// What an entry costs beside its texts, in bytes.
const ENTRY: usize = 400;

/// How a visitor names a store: both ways together, since they must agree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Door {
    /// The handle in the header.
    pub handle: Option<String>,
    /// The id in the header.
    pub store: Option<StoreId>,
    /// The host, where it can be a store's.
    pub host: Option<String>,
    /// SHA-256 of the document, for a store that lets its visitors send registered ones only.
    pub document: Option<[u8; 32]>,
}

/// The store behind a door, and the state in which it was found there. Where the door has a document, the
/// store has registered it.
#[derive(Debug, Clone)]
pub struct Known {
    /// The store.
    pub store: Arc<StoreContext>,
    /// The store's state, from before it was read.
    pub epoch: Epoch,
    /// The state of all organizations, where the host led nowhere: it can lead somewhere soon.
    doors: Option<u64>,
}

impl Known {
    /// What was just read. `None` where something changed since `before`, the state of everything that was
    /// asked for first: then nobody knows what it is true of.
    pub fn read(store: StoreContext, before: u64, host_leads_nowhere: bool, epochs: &Epochs) -> Option<Self> {
        let epoch = epochs.of(store.organization, store.id);
        let doors = host_leads_nowhere.then(|| epochs.doors());
        (epochs.any() == before).then(|| Self { store: Arc::new(store), epoch, doors })
    }

    fn holds(&self, epochs: &Epochs) -> bool {
        epochs.of(self.store.organization, self.store.id) == self.epoch
            && self.doors.is_none_or(|doors| doors == epochs.doors())
    }
}

/// The stores behind the doors.
pub struct Directory(Option<Memory<Door, Known>>);

impl Directory {
    /// A directory that remembers, or one that never does.
    pub fn new(remembers: bool) -> Self {
        let weigh = |door: &Door, known: &Known| {
            let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
            ENTRY + text(&door.handle) + text(&door.host) + known.store.handle.len()
        };
        Self(remembers.then(|| Memory::new(BYTES, weigh, || {})))
    }

    /// Whether it can be asked now.
    pub fn is_open(&self, signals: &Signals) -> bool {
        self.0.is_some() && signals.is_fresh()
    }

    /// The store behind a door, from memory where that holds, or else by one run of `read`.
    ///
    /// # Errors
    /// What the caller's own run failed with.
    pub async fn find_or<E, F>(&self, signals: &Signals, door: Door, read: impl Fn() -> F) -> Result<Known, E>
    where
        F: Future<Output = Result<Known, E>>,
    {
        match &self.0 {
            Some(memory) => memory.find_or(door, |known| known.holds(signals.epochs()), read).await,
            None => read().await,
        }
    }
}

//! Counters that move with every change: what was remembered under one state of them is not asked for
//! under another.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use rules::ids::{OrganizationId, StoreId};
use uuid::Uuid;

use super::Signal;

/// A state of the counters that one answer depends on. Equal ones mean that nothing was heard in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Epoch {
    all: u64,
    organization: u64,
    store: u64,
}

/// The counters of one node.
#[derive(Debug, Default)]
pub struct Epochs(RwLock<Counters>);

#[derive(Debug, Default)]
struct Counters {
    /// Moves with every signal that makes something unknown.
    any: u64,
    /// Moves with every change of an organization, or where everything became unknown.
    doors: u64,
    /// Moves where everything became unknown.
    all: u64,
    /// By organization or store, whose ids are unlike each other. Those that nothing happened to are not
    /// in it.
    one: HashMap<Uuid, u64>,
}

impl Counters {
    fn of(&self, id: Uuid) -> u64 {
        self.one.get(&id).copied().unwrap_or(0)
    }
}

impl Epochs {
    /// The state of everything together: moves with every change of any store or organization.
    pub fn any(&self) -> u64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).any
    }

    /// The state of everything that can make a host lead somewhere.
    pub fn doors(&self) -> u64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).doors
    }

    /// The state of one store, its organization included. Read it **before** the snapshot is opened from
    /// which something is remembered.
    pub fn of(&self, organization: OrganizationId, store: StoreId) -> Epoch {
        let counters = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Epoch { all: counters.all, organization: counters.of(organization.0), store: counters.of(store.0) }
    }

    pub(super) fn note(&self, signal: &Signal) {
        let mut counters = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let id = match signal {
            Signal::StoreChanged(StoreId(id)) => *id,
            Signal::OrganizationChanged(OrganizationId(id)) => {
                counters.doors += 1;
                *id
            }
            Signal::Missed => {
                counters.any += 1;
                counters.doors += 1;
                counters.all += 1;
                // Every state before is unlike every state after it, so the counters may begin anew.
                counters.one.clear();
                return;
            }
            Signal::AccountChanged(_) | Signal::EventsWritten { .. } | Signal::Note { .. } => return,
        };
        counters.any += 1;
        *counters.one.entry(id).or_default() += 1;
    }
}

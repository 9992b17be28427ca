//! One request: who asks, where, when, and the transaction that its reads share.

mod caller;
mod permissions;
mod reads;
mod system;
mod writes;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{CustomerId, TypedId, UserId};
use tokio::sync::Mutex;

use super::db::Conn;
use super::error::{Error, Result};
use super::loaders::Loaders;
use super::settings::Settings;

pub use caller::{Actor, Caller, Member, StoreContext, TrustedDocument};
pub use system::System;
pub use writes::Outside;
pub(super) use writes::{MAX_RUNS, Writing};

/// One request. Cheap to clone.
#[derive(Clone)]
pub struct Ctx(Arc<Inner>);

struct Inner {
    system: Arc<System>,
    caller: Caller,
    now: DateTime<Utc>,
    reading: Mutex<Option<Arc<Conn>>>,
    loaders: Loaders,
    statements: Arc<AtomicU32>,
    /// Objects of the answer so far.
    objects: AtomicU64,
    /// Whether the reads go to the primary: the request wrote, or the standby let it down.
    on_primary: AtomicBool,
    /// Whether anything was read from the standby.
    on_replica: AtomicBool,
    /// Writes that are open.
    writing: Arc<AtomicU32>,
}

impl Ctx {
    /// Starts a request. `reading` is a transaction that the gate opened and the reads may go on with.
    pub fn new(system: Arc<System>, caller: Caller, reading: Option<Conn>, statements: Arc<AtomicU32>) -> Self {
        let now = system.clock.now();
        Self(Arc::new(Inner {
            system,
            caller,
            now,
            reading: Mutex::new(reading.map(Arc::new)),
            loaders: Loaders::default(),
            statements,
            objects: AtomicU64::new(0),
            on_primary: AtomicBool::new(false),
            on_replica: AtomicBool::new(false),
            writing: Arc::default(),
        }))
    }

    /// The context of the operation that a resolver belongs to.
    ///
    /// # Errors
    /// `Internal` where the operation was started without one.
    pub fn of<'a>(gql: &'a async_graphql::Context<'_>) -> Result<&'a Self> {
        gql.data_opt::<Self>().ok_or_else(|| Error::internal("an operation was started without its context"))
    }

    pub(super) fn loaders(&self) -> &Loaders {
        &self.0.loaders
    }

    /// What all requests share, for one more of them.
    pub fn shared(&self) -> Arc<System> {
        Arc::clone(&self.0.system)
    }

    /// What all requests share.
    pub fn system(&self) -> &System {
        &self.0.system
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.0.system.settings
    }

    /// The moment of the request: one for everything in it.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.now
    }

    /// A new identifier.
    pub fn id<T: TypedId>(&self) -> T {
        T::from(self.0.system.entropy.uuid(self.0.system.clock.now()))
    }

    /// Who asks, where, and how.
    pub fn caller(&self) -> &Caller {
        &self.0.caller
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.0.caller.actor
    }

    /// The person who is signed in.
    ///
    /// # Errors
    /// `Unauthenticated` where nobody is.
    pub fn user(&self) -> Result<UserId> {
        match self.actor() {
            Actor::User { user, .. } => Ok(*user),
            _ => Err(Error::Unauthenticated),
        }
    }

    /// The shopper who is signed in at the store of the request.
    ///
    /// # Errors
    /// `Unauthenticated` where nobody is, or not as a shopper.
    pub fn customer(&self) -> Result<CustomerId> {
        self.shopper().ok_or(Error::Unauthenticated)
    }

    /// The shopper who is signed in at the store of the request, where one is.
    pub fn shopper(&self) -> Option<CustomerId> {
        match self.actor() {
            Actor::Customer { customer, .. } => Some(*customer),
            _ => None,
        }
    }

    /// The store that the request is about.
    ///
    /// # Errors
    /// `StoreRequired` where it names none.
    pub fn store_context(&self) -> Result<&StoreContext> {
        self.0.caller.store.as_ref().ok_or(Error::StoreRequired)
    }

    /// The currency that amounts are wanted in.
    ///
    /// # Errors
    /// `StoreRequired` where the request names no store.
    pub fn currency(&self) -> Result<Currency> {
        let store = self.store_context()?;
        Ok(self.0.caller.currency.unwrap_or(store.currency))
    }

    /// Statements that the request has run so far.
    pub fn statements(&self) -> u32 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Objects that the answer holds so far: what it cost to make.
    pub fn objects(&self) -> u64 {
        self.0.objects.load(Ordering::Relaxed)
    }

    /// Counts objects that the answer holds, and what a batch did beyond those that come of it: a field whose `@cost`
    /// has a weight above one is read by a batch that counts the rest here.
    pub fn count_objects(&self, objects: usize) {
        self.0.objects.fetch_add(objects as u64, Ordering::Relaxed);
    }
}

//! Batched loading: every relation of the graph is read by one statement for all the rows that want it.
//!
//! A domain writes a [`Batch`] in its `loaders.rs`; the context keeps one loader of each kind for
//! the request, so that two callers never share one. A key that the batch gives nothing for gets the
//! value's default: an empty list, or `None`.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use super::ctx::Ctx;
use super::error::{Error, Result};

/// Keys that one statement asks for at the most.
const MAX_BATCH: usize = 500;

/// How many times the scheduler goes round before a batch is sent: enough for the fields of one
/// level to be reached, and no more, since each round polls every field that goes on.
const YIELDS: usize = 4;

/// One kind of batched read.
pub trait Batch: Send + Sync + 'static {
    /// What is asked for.
    type Key: Clone + Eq + Hash + Debug + Send + Sync + 'static;
    /// What is answered for one key. It is cloned for each asker: rows belong in an `Arc`.
    type Value: Clone + Default + Send + Sync + 'static;

    /// Reads the values of many keys, in one statement where that can be.
    fn load(ctx: &Ctx, keys: &[Self::Key]) -> impl Future<Output = Result<HashMap<Self::Key, Self::Value>>> + Send;
}

/// The answer to a wave of keys; one that failed fails for each of them.
pub(super) type Answer<B> = Result<HashMap<<B as Batch>::Key, <B as Batch>::Value>, Arc<Error>>;

/// The keys that are asked for together, and their one answer.
struct Wave<B: Batch> {
    keys: Mutex<HashSet<B::Key>>,
    answer: OnceCell<Answer<B>>,
}

impl<B: Batch> Default for Wave<B> {
    fn default() -> Self {
        Self { keys: Mutex::default(), answer: OnceCell::new() }
    }
}

/// What was loaded, and the wave that still takes keys.
struct State<B: Batch> {
    loaded: HashMap<B::Key, B::Value>,
    open: Arc<Wave<B>>,
}

/// One kind's loader, for one request.
///
/// No lock is held while the database works, and all who wait for a wave go on at once when it is
/// answered. Where they passed one after the other, as through a lock, the next level would ask in
/// several batches, and the number of statements would grow with the rows.
struct Loader<B: Batch>(Mutex<State<B>>);

impl<B: Batch> Loader<B> {
    fn new() -> Self {
        Self(Mutex::new(State { loaded: HashMap::new(), open: Arc::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State<B>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn load(&self, ctx: &Ctx, key: B::Key) -> Result<B::Value, Arc<Error>> {
        let wave = match self.join(&key) {
            Ok(value) => return Ok(value),
            Err(wave) => wave,
        };
        // The first one here asks for all; where it is dropped on the way, the next one does.
        let answer = wave.answer.get_or_init(|| self.send(ctx, &wave)).await;
        match answer {
            Ok(values) => Ok(values.get(&key).cloned().unwrap_or_default()),
            Err(error) => Err(Arc::clone(error)),
        }
    }

    /// The values of many keys, those that are not known yet in one statement.
    async fn load_many(&self, ctx: &Ctx, mut missing: Vec<B::Key>) -> Answer<B> {
        let mut values = HashMap::with_capacity(missing.len());
        let mut seen = HashSet::with_capacity(missing.len());
        missing.retain(|key| seen.insert(key.clone()));
        self.take_known(&mut missing, &mut values);
        if missing.is_empty() {
            return Ok(values);
        }
        let _turn = ctx.loaders().turn.lock().await;
        // Another field may have asked for some of them while this one waited for its turn.
        self.take_known(&mut missing, &mut values);
        for keys in missing.chunks(MAX_BATCH) {
            let mut found = B::load(ctx, keys).await.map_err(Arc::new)?;
            let mut state = self.state();
            for key in keys {
                let value = found.remove(key).unwrap_or_default();
                state.loaded.insert(key.clone(), value.clone());
                values.insert(key.clone(), value);
            }
        }
        Ok(values)
    }

    fn take_known(&self, missing: &mut Vec<B::Key>, values: &mut HashMap<B::Key, B::Value>) {
        let state = self.state();
        missing.retain(|key| match state.loaded.get(key) {
            Some(value) => {
                values.insert(key.clone(), value.clone());
                false
            }
            None => true,
        });
    }

    /// The value, where it is known, or the wave that brings it.
    fn join(&self, key: &B::Key) -> Result<B::Value, Arc<Wave<B>>> {
        let mut state = self.state();
        if let Some(value) = state.loaded.get(key) {
            return Ok(value.clone());
        }
        let wave = Arc::clone(&state.open);
        let mut keys = wave.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.clone());
        if keys.len() >= MAX_BATCH {
            state.open = Arc::default();
        }
        drop(keys);
        Err(wave)
    }

    /// Waits for its turn, closes the wave and asks for its keys. A request has one connection, so one
    /// batch is under way at a time; those who wait for the one before have asked for the next things
    /// by the time that the next one is sent, which makes the number of statements the same every time.
    async fn send(&self, ctx: &Ctx, wave: &Arc<Wave<B>>) -> Answer<B> {
        let _turn = ctx.loaders().turn.lock().await;
        for _ in 0..YIELDS {
            tokio::task::yield_now().await;
        }
        {
            let mut state = self.state();
            if Arc::ptr_eq(&state.open, wave) {
                state.open = Arc::default();
            }
        }
        let keys: Vec<B::Key> = wave.keys.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
        let values = B::load(ctx, &keys).await.map_err(Arc::new)?;
        let mut state = self.state();
        for key in keys {
            let value = values.get(&key).cloned().unwrap_or_default();
            state.loaded.insert(key, value);
        }
        drop(state);
        Ok(values)
    }
}

/// The loaders of one request.
#[derive(Default)]
pub struct Loaders {
    kinds: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    /// Held while a batch is under way. A batch never loads through another one.
    turn: tokio::sync::Mutex<()>,
}

impl Loaders {
    /// The loader of one kind, made when it is first wanted.
    fn of<B: Batch>(&self) -> Arc<Loader<B>> {
        let mut loaders = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let loader = loaders.entry(TypeId::of::<B>()).or_insert_with(|| Arc::new(Loader::<B>::new()));
        let loader = Arc::clone(loader);
        drop(loaders);
        loader.downcast().unwrap_or_else(|_| unreachable!("the map is keyed by the loader's own type"))
    }

    /// Forgets everything: what was loaded before a write is not true after it.
    pub(super) fn clear(&self) {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Ctx {
    /// Loads the value of one key, together with all the others that are wanted at this moment.
    ///
    /// # Errors
    /// What the batch fails with.
    pub async fn load<B: Batch>(&self, key: B::Key) -> Result<B::Value> {
        self.loaders().of::<B>().load(self, key).await.map_err(|error| shared(&error))
    }

    /// Loads the values of many keys at once. Keys that the batch gives nothing for are there too, with the
    /// value's default.
    pub(super) async fn load_many<B: Batch>(&self, keys: Vec<B::Key>) -> Answer<B> {
        self.loaders().of::<B>().load_many(self, keys).await
    }
}

/// An error that several fields wait for, told to one of them.
pub(super) fn shared(error: &Arc<Error>) -> Error {
    match &**error {
        Error::NotFound => Error::NotFound,
        Error::Unauthenticated => Error::Unauthenticated,
        Error::Forbidden(permission) => Error::Forbidden(*permission),
        Error::StoreRequired => Error::StoreRequired,
        Error::Busy => Error::Busy,
        Error::Retry => Error::Retry,
        _ => Error::Internal(Box::new(SharedError(Arc::clone(error)))),
    }
}

#[derive(Debug)]
struct SharedError(Arc<Error>);

impl std::fmt::Display for SharedError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for SharedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

//! Batched loading: every relation of the graph is read by one statement for all the rows that want it.
//!
//! A domain writes a [`Batch`] in its `loaders.rs`; the context keeps one loader of each kind for
//! the request, so that two callers never share one. A key that the batch gives nothing for gets the
//! value's default: an empty list, or `None`.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use dataloader::BatchFn;
use dataloader::cached::Loader;

use super::ctx::Ctx;
use super::error::{Error, Result};

/// Keys that one statement asks for at the most.
const MAX_BATCH: usize = 500;

/// How many times the scheduler goes round before a batch is sent: enough for the fields of one
/// level to be reached, and no more, since each round polls every field that waits.
const YIELDS: usize = 10;

/// One kind of batched read.
pub trait Batch: Send + Sync + 'static {
    /// What is asked for.
    type Key: Clone + Eq + Hash + Debug + Send + Sync + 'static;
    /// What is answered for one key. It is cloned for each asker: rows belong in an `Arc`.
    type Value: Clone + Default + Send + Sync + 'static;

    /// Reads the values of many keys, in one statement where that can be.
    fn load(ctx: &Ctx, keys: &[Self::Key]) -> impl Future<Output = Result<HashMap<Self::Key, Self::Value>>> + Send;
}

/// What the loader keeps: a failed batch fails for each of its keys.
type Loaded<V> = Result<V, Arc<Error>>;

/// Binds a batch to the request it runs in.
pub struct Run<B> {
    ctx: super::ctx::WeakCtx,
    batch: std::marker::PhantomData<B>,
}

impl<B: Batch> BatchFn<B::Key, Loaded<B::Value>> for Run<B> {
    async fn load(&mut self, keys: &[B::Key]) -> HashMap<B::Key, Loaded<B::Value>> {
        let answer = match self.ctx.upgrade() {
            Some(ctx) => B::load(&ctx, keys).await,
            None => Err(Error::internal("a loader outlived its request")),
        };
        match answer {
            Ok(mut values) => {
                keys.iter().map(|key| (key.clone(), Ok(values.remove(key).unwrap_or_default()))).collect()
            }
            Err(error) => {
                let error = Arc::new(error);
                keys.iter().map(|key| (key.clone(), Err(Arc::clone(&error)))).collect()
            }
        }
    }
}

type RequestLoader<B> = Loader<<B as Batch>::Key, Loaded<<B as Batch>::Value>, Run<B>>;

/// The loaders of one request.
#[derive(Default)]
pub struct Loaders(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Loaders {
    /// The loader of one kind, made when it is first wanted.
    fn of<B: Batch>(&self, ctx: &Ctx) -> Arc<RequestLoader<B>> {
        let mut loaders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let loader = loaders.entry(TypeId::of::<B>()).or_insert_with(|| {
            let run = Run::<B> { ctx: ctx.downgrade(), batch: std::marker::PhantomData };
            Arc::new(Loader::new(run).with_max_batch_size(MAX_BATCH).with_yield_count(YIELDS))
        });
        let loader = Arc::clone(loader);
        drop(loaders);
        loader.downcast().unwrap_or_else(|_| unreachable!("the map is keyed by the loader's own type"))
    }

    /// Forgets everything: what was loaded before a write is not true after it.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Ctx {
    /// Loads the value of one key, together with all the others that are wanted at this moment.
    ///
    /// # Errors
    /// What the batch fails with.
    pub async fn load<B: Batch>(&self, key: B::Key) -> Result<B::Value> {
        let loader = self.loaders().of::<B>(self);
        match loader.try_load(key).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(shared(&error)),
            Err(missing) => Err(Error::internal(missing)),
        }
    }

    /// Gives a loader what is known already.
    pub async fn prime<B: Batch>(&self, values: impl IntoIterator<Item = (B::Key, B::Value)>) {
        let loader = self.loaders().of::<B>(self);
        for (key, value) in values {
            loader.prime(key, Ok(value)).await;
        }
    }
}

/// An error that several fields wait for, told to one of them.
fn shared(error: &Arc<Error>) -> Error {
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

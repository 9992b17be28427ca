//! A value that is read in a batch.

use crate::kernel::loaders::{Batch, shared};
use crate::kernel::{Ctx, Result};

/// What a field gives that is read for all objects of a list together: the key, and what becomes of the value.
pub struct Load<B: Batch, T>(Kind<B, T>);

enum Kind<B: Batch, T> {
    Known(T),
    Wanted(B::Key, Then<B, T>),
}

type Then<B, T> = Box<dyn FnOnce(<B as Batch>::Value) -> Result<T> + Send>;

impl<B: Batch, T> Load<B, T> {
    /// Reads the value of a key and makes what the field gives of it.
    pub fn of(key: B::Key, then: impl FnOnce(B::Value) -> T + Send + 'static) -> Self {
        Self(Kind::Wanted(key, Box::new(|value| Ok(then(value)))))
    }

    /// The same, where making it can fail.
    pub fn try_of(key: B::Key, then: impl FnOnce(B::Value) -> Result<T> + Send + 'static) -> Self {
        Self(Kind::Wanted(key, Box::new(then)))
    }

    /// What needs no reading.
    pub fn known(value: T) -> Self {
        Self(Kind::Known(value))
    }

    /// Reads many in one batch.
    pub(super) async fn all(ctx: &Ctx, loads: Vec<Result<Self>>) -> Vec<Result<T>> {
        let wanted = |load: &Result<Self>| match load {
            Ok(Self(Kind::Wanted(key, _))) => Some(key.clone()),
            _ => None,
        };
        let wanted: Vec<B::Key> = loads.iter().filter_map(wanted).collect();
        let values = ctx.load_many::<B>(wanted).await;
        loads
            .into_iter()
            .map(|load| match (load?.0, &values) {
                (Kind::Known(known), _) => Ok(known),
                (Kind::Wanted(key, then), Ok(values)) => then(values.get(&key).cloned().unwrap_or_default()),
                (Kind::Wanted(..), Err(error)) => Err(shared(error)),
            })
            .collect()
    }
}

impl<B: Batch, T> Load<B, Option<T>> {
    /// Reads the value of a key, where there is a key.
    pub fn maybe(key: Option<B::Key>, then: impl FnOnce(B::Value) -> Option<T> + Send + 'static) -> Self {
        match key {
            Some(key) => Self::of(key, then),
            None => Self::known(None),
        }
    }
}

//! A door that lets few in at once, keeps few waiting, and none for long.
//!
//! Owns the bound on work that eats memory or a core, such as password hashes: what comes beyond the
//! bound is told at once that the service is busy, so that a flood can't pile up. Never knows the work.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::{Error, Result};

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Queue {
    /// One for each that is inside or waits.
    places: Arc<Semaphore>,
    /// One for each that is inside.
    inside: Arc<Semaphore>,
    patience: Duration,
}

/// The right to be inside; given back when it is dropped.
#[derive(Debug)]
pub struct Pass {
    _place: OwnedSemaphorePermit,
    _inside: OwnedSemaphorePermit,
}

impl Queue {
    /// Lets `at_once` in, and `waiting` more wait for as long as `patience`.
    pub fn new(at_once: usize, waiting: usize, patience: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(at_once + waiting)),
            inside: Arc::new(Semaphore::new(at_once)),
            patience,
        }
    }

    /// Waits for its turn, in the order of coming.
    ///
    /// # Errors
    /// `Busy` where too many wait already, or the turn does not come in time.
    pub async fn enter(&self) -> Result<Pass> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Error::Busy)?;
        let turn = tokio::time::timeout(self.patience, Arc::clone(&self.inside).acquire_owned()).await;
        let inside = turn.map_err(|_| Error::Busy)?.map_err(Error::internal)?;
        Ok(Pass { _place: place, _inside: inside })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_beyond_the_bound_is_told_at_once() {
        let queue = Queue::new(1, 1, Duration::from_millis(20));
        let first = queue.enter().await.expect("the door is open");
        let (second, third) = tokio::join!(queue.enter(), queue.enter());
        assert!(matches!(second, Err(Error::Busy)), "the patience ends");
        assert!(matches!(third, Err(Error::Busy)), "no place to wait");
        drop(first);
        assert!(queue.enter().await.is_ok(), "who left made room");
    }
}

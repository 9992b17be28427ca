//! What is remembered between requests: bounded in bytes, read once for all who want it at the same time.
//!
//! Owns the bound and the waiting, never the question of whether something still holds: whoever remembers
//! says so at each look.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use moka::notification::RemovalCause;
use moka::ops::compute::Op;
use moka::policy::EvictionPolicy;

/// What nobody asked for during this time is let go, such as what was remembered before a change.
const IDLE: Duration = Duration::from_secs(300);

/// Values by their keys.
pub struct Memory<K, V> {
    values: Cache<K, V>,
}

impl<K, V> Memory<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// A memory of so many bytes, as `weigh` counts them. `evicted` is called for each value that had to go
    /// to keep to them.
    pub fn new(bytes: u64, weigh: fn(&K, &V) -> usize, evicted: fn()) -> Self {
        let values = Cache::builder()
            .max_capacity(bytes)
            .weigher(move |key, value| u32::try_from(weigh(key, value)).unwrap_or(u32::MAX))
            // What changed leaves values behind that nobody asks for again, however often they were.
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(IDLE)
            .eviction_listener(move |_: Arc<K>, _, cause| {
                if cause == RemovalCause::Size {
                    evicted();
                }
            })
            .build();
        Self { values }
    }

    /// The value that is remembered, where it holds.
    pub async fn find(&self, key: &K, holds: impl Fn(&V) -> bool) -> Option<V> {
        self.values.get(key).await.filter(holds)
    }

    /// The value that is remembered, where it holds; else that of one run of `run`, however many ask for it
    /// at the same time. A caller who goes away while it runs leaves it to the next one.
    ///
    /// # Errors
    /// What the caller's own run failed with. That of another one is not passed on: the caller runs on its
    /// own then, and what comes out is not remembered.
    pub async fn find_or<E, F>(&self, key: K, holds: impl Fn(&V) -> bool, run: impl Fn() -> F) -> Result<V, E>
    where
        K: Clone,
        F: Future<Output = Result<V, E>>,
    {
        let is_stale = match self.values.get(&key).await {
            Some(value) if holds(&value) => return Ok(value),
            found => found.is_some(),
        };
        // What runs is boxed: what is there does not carry its size along.
        Box::pin(self.run(key, is_stale, holds, run)).await
    }

    /// One run for all who ask at the same time; `is_stale` says that a value is there that does not hold.
    async fn run<E, F>(&self, key: K, is_stale: bool, holds: impl Fn(&V) -> bool, run: impl Fn() -> F) -> Result<V, E>
    where
        K: Clone,
        F: Future<Output = Result<V, E>>,
    {
        if is_stale {
            // Only while it still is that one: another caller may have replaced it meanwhile.
            let stale = |entry: Option<moka::Entry<K, V>>| {
                let is_stale = entry.is_some_and(|entry| !holds(entry.value()));
                std::future::ready(if is_stale { Op::Remove } else { Op::Nop })
            };
            self.values.entry(key.clone()).and_compute_with(stale).await;
        }
        let mut own = None;
        let filling = async { run().await.map_err(|error| own = Some(error)) };
        let filled = self.values.try_get_with(key, filling).await;
        // What has to go goes now, and not when somebody looks again.
        self.values.run_pending_tasks().await;
        match (filled, own) {
            (_, Some(error)) => Err(error),
            (Ok(value), None) if holds(&value) => Ok(value),
            _ => run().await,
        }
    }

    /// Bytes that are remembered now.
    pub fn bytes(&self) -> u64 {
        self.values.weighted_size()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    fn memory(bytes: u64) -> Memory<u32, u32> {
        Memory::new(bytes, |_, _| 10, || {})
    }

    #[tokio::test]
    async fn many_who_ask_at_once_are_answered_by_one_run() {
        let (memory, runs, go) = (memory(1_000), AtomicU32::new(0), Notify::new());
        let ask = || {
            memory.find_or(
                7,
                |_| true,
                || async {
                    runs.fetch_add(1, Ordering::Relaxed);
                    go.notified().await;
                    Ok::<_, ()>(1)
                },
            )
        };
        let all = futures::future::join_all((0..50).map(|_| ask()));
        let (answers, ()) = futures::join!(all, async { go.notify_one() });
        assert_eq!(answers, vec![Ok(1); 50]);
        assert_eq!(runs.into_inner(), 1);
    }

    #[tokio::test]
    async fn one_who_goes_away_leaves_it_to_the_next() {
        let memory = memory(1_000);
        let hanging = memory.find_or(7, |_| true, std::future::pending::<Result<u32, ()>>);
        let mut hanging = Box::pin(hanging);
        assert!(futures::poll!(&mut hanging).is_pending());
        let mut waiting = Box::pin(memory.find_or(7, |_| true, || async { Ok::<_, ()>(2) }));
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(hanging);
        assert_eq!(waiting.await, Ok(2));
    }

    #[tokio::test]
    async fn what_failed_or_no_longer_holds_is_not_remembered() {
        let memory = memory(1_000);
        assert_eq!(memory.find_or(7, |_| true, || async { Err("no") }).await, Err("no"));
        assert_eq!(memory.find_or(7, |_| true, || async { Ok::<_, ()>(1) }).await, Ok(1));
        assert_eq!(memory.find_or(7, |value| *value != 1, || async { Ok::<_, ()>(2) }).await, Ok(2));
        assert_eq!(memory.find_or(7, |_| true, || async { Ok::<_, ()>(3) }).await, Ok(2));
        // What does not even hold when it is new is told, and read anew the next time.
        assert_eq!(memory.find_or(8, |_| false, || async { Ok::<_, ()>(4) }).await, Ok(4));
        assert_eq!(memory.find_or(8, |value| *value == 5, || async { Ok::<_, ()>(5) }).await, Ok(5));
    }

    #[tokio::test]
    async fn attack_g24_it_keeps_to_its_bytes() {
        static EVICTED: AtomicU32 = AtomicU32::new(0);
        let evicted = || {
            EVICTED.fetch_add(1, Ordering::Relaxed);
        };
        let memory: Memory<u32, u32> = Memory::new(100, |_, _| 10, evicted);
        for key in 0..1_000 {
            assert_eq!(memory.find_or(key, |_| true, || async { Ok::<_, ()>(key) }).await, Ok(key));
        }
        assert_eq!(memory.bytes(), 100);
        assert_eq!(EVICTED.load(Ordering::Relaxed), 990);
        // The newest are those that stay.
        assert_eq!(memory.find_or(999, |_| true, || async { Err("forgotten") }).await, Ok(999));
    }
}

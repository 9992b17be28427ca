//! Buckets that leak: what was spent of each comes back with time. They are kept in a map of bounded size.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::Standing;
use super::allowance::Allowance;
use super::spender::Spender;

/// Parts of the map, each under a lock of its own, held for some dozens of nanoseconds.
const SHARDS: usize = 64;

/// Buckets in each part. Together they take about eight megabytes.
const ROOM: usize = 1_024;

/// Buckets that go at once where all of a part are in use.
const CLEARED: usize = ROOM / 8;

/// Millionths of a point in one. What comes back in a millionth of a second is a whole number of them.
const MICROS: i64 = 1_000_000;

/// What was spent of one bucket and has not come back: one of which nothing was spent is like none at all.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bucket {
    /// In millionths; never below zero. Above the bucket's size where lists were longer than was assumed, or
    /// where other nodes spent.
    spent: i64,
    /// The moment of that, in microseconds.
    at: i64,
    /// What comes back each second.
    restore: u32,
    /// What other nodes have not been told, in points; below zero where more was given back.
    pub untold: i64,
    /// Whether it waits to be told.
    pub queued: bool,
}

impl Bucket {
    /// Lets come back what has come back by `now`. Where the clock was set back, the count goes on from there.
    fn refill(&mut self, now: i64) {
        let back = now.saturating_sub(self.at).max(0).saturating_mul(i64::from(self.restore));
        self.spent = self.spent.saturating_sub(back).max(0);
        self.at = now;
    }

    /// Spends so many points, whatever there is. Less than nothing gives back, and never more than was spent.
    pub fn spend(&mut self, points: i64) {
        self.spent = self.spent.saturating_add(points.saturating_mul(MICROS)).max(0);
    }

    /// In how many seconds it holds `points`, or all that it can hold; 0 where it does now.
    pub fn wait(&self, allowance: Allowance, points: u64) -> u64 {
        let needed = points.min(allowance.maximum.into());
        let full = i64::from(allowance.maximum).saturating_mul(MICROS);
        let missing =
            self.spent.saturating_add(i64::try_from(needed).unwrap_or(i64::MAX).saturating_mul(MICROS)) - full;
        let each_second = i64::from(allowance.restore.max(1)).saturating_mul(MICROS);
        u64::try_from(missing).map_or(0, |missing| missing.div_ceil(each_second.unsigned_abs()))
    }

    pub fn standing(&self, allowance: Allowance) -> Standing {
        let left = i64::from(allowance.maximum).saturating_mul(MICROS).saturating_sub(self.spent);
        Standing {
            maximum: allowance.maximum,
            available: u64::try_from(left / MICROS).unwrap_or(0),
            restore_rate: allowance.restore,
        }
    }
}

type Shard = HashMap<Spender, Bucket>;

pub(super) struct Buckets {
    shards: Box<[Mutex<Shard>]>,
    /// Chooses the shard; with a seed of its own, so that nobody can choose addresses that meet in one.
    hasher: RandomState,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), hasher: RandomState::new() }
    }
}

impl Buckets {
    fn shard(&self, spender: &Spender) -> std::sync::MutexGuard<'_, Shard> {
        let place = self.hasher.hash_one(spender) as usize % SHARDS;
        self.shards[place].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at a bucket as it is now, if anything of it was spent.
    pub fn look<T>(&self, spender: &Spender, now: DateTime<Utc>, look: impl FnOnce(&Bucket) -> T) -> Option<T> {
        let now = now.timestamp_micros();
        let mut shard = self.shard(spender);
        let bucket = shard.get_mut(spender)?;
        bucket.refill(now);
        Some(look(bucket))
    }

    /// Changes a bucket, as one step; `restore` is what comes back of it each second.
    pub fn change<T>(
        &self,
        spender: &Spender,
        restore: u32,
        now: DateTime<Utc>,
        change: impl FnOnce(&mut Bucket) -> T,
    ) -> T {
        let now = now.timestamp_micros();
        let mut shard = self.shard(spender);
        if let Some(bucket) = shard.get_mut(spender) {
            bucket.refill(now);
            bucket.restore = restore;
            return change(bucket);
        }
        let mut bucket = Bucket { at: now, restore, ..Bucket::default() };
        let changed = change(&mut bucket);
        if bucket.spent > 0 {
            if shard.len() >= ROOM {
                make_room(&mut shard, now);
            }
            shard.insert(*spender, bucket);
        }
        changed
    }

    /// How many there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }
}

/// Forgets the buckets that are full again, and where there are none, those of which the least was spent: to
/// forget them gives their spenders the least.
fn make_room(shard: &mut Shard, now: i64) {
    shard.retain(|_, bucket| {
        bucket.refill(now);
        bucket.spent > 0
    });
    if shard.len() < ROOM {
        return;
    }
    let mut spent: Vec<i64> = shard.values().map(|bucket| bucket.spent).collect();
    let (_, bound, _) = spent.select_nth_unstable(CLEARED);
    let (bound, mut left) = (*bound, CLEARED);
    shard.retain(|_, bucket| {
        let goes = bucket.spent <= bound && left > 0;
        left -= usize::from(goes);
        !goes
    });
}

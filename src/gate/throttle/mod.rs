//! The throttle: what callers may spend.
//!
//! Owns a bucket for each spender (a token, a person, an address; in each store by itself), the allowances,
//! and what nodes tell each other of what was spent. Before an operation runs, what it is held to cost is
//! taken; afterwards what it did not use is given back. An operation that never ends well, since it was too
//! slow or its client went away, has spent all of it: the work was done. Nothing is written anywhere, no
//! request waits, and the buckets are few however many addresses come. Never knows what an operation is.
//!
//! Requests that come to nothing (malformed, refused, throttled) are counted by address in a bucket of their
//! own; where it is empty nothing more of that address is read.

mod allowance;
mod buckets;
mod news;
mod spender;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use allowance::{Allowance, ThrottleSettings};
pub use news::Sharing;
pub use spender::Spender;

use crate::kernel::Clock;
use crate::kernel::ctx::Caller;
use buckets::{Bucket, Buckets};
use news::Outbox;

/// What an operation spends at the least: a document of leaves is work, too.
const LEAST: u64 = 1;

/// The throttle of one node. Cheap to clone.
#[derive(Clone)]
pub struct Throttle(Arc<Inner>);

struct Inner {
    settings: ThrottleSettings,
    clock: Arc<dyn Clock>,
    buckets: Buckets,
    /// Whether other nodes are told.
    tells: AtomicBool,
    outbox: Outbox,
}

/// How a bucket stands, as `extensions.cost.throttle` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// What can be spent at once.
    pub maximum: u32,
    /// What can be spent now.
    pub available: u64,
    /// What comes back each second.
    pub restore_rate: u32,
}

/// What an operation cost, as `extensions.cost` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// What it was held to cost before it ran.
    pub requested: u64,
    /// What it did cost.
    pub actual: u64,
    /// What the caller may spend; null where nobody is held to anything.
    pub throttle: Option<Standing>,
}

/// The bucket is empty: nothing was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted {
    /// What was asked for, and how the bucket stands.
    pub report: Report,
    /// In how many seconds it holds enough.
    pub retry_after: u64,
    /// Whose it is, for the metrics.
    pub whose: &'static str,
}

/// What was taken for one operation. Dropped without [`Hold::settle`], all of it stays spent.
#[derive(Debug)]
#[must_use = "what the operation did not use is given back by `settle`"]
pub struct Hold {
    /// What the operation is held to cost.
    requested: u64,
    taken: Option<Taken>,
}

struct Taken {
    throttle: Throttle,
    spender: Spender,
    allowance: Allowance,
}

impl std::fmt::Debug for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Taken").field("spender", &self.spender).finish_non_exhaustive()
    }
}

impl Throttle {
    /// A throttle whose buckets are full.
    pub fn new(settings: ThrottleSettings, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            settings,
            clock,
            buckets: Buckets::default(),
            tells: AtomicBool::new(false),
            outbox: Outbox::default(),
        }))
    }

    /// Lets a request in, before anything of it is read, unless too many of its address came to nothing.
    ///
    /// # Errors
    /// `Exhausted`, with the bucket of what came to nothing.
    pub fn admit(&self, address: IpAddr) -> Result<(), Exhausted> {
        if !self.0.settings.enabled {
            return Ok(());
        }
        let allowance = self.0.settings.refusals;
        let found = self.0.buckets.look(&Spender::refusals(address), self.now(), |bucket| *bucket);
        let bucket = found.unwrap_or_default();
        match bucket.wait(allowance, 1) {
            0 => Ok(()),
            retry_after => {
                let standing = bucket.standing(allowance);
                let report = Report { requested: 0, actual: 0, throttle: Some(standing) };
                Err(Exhausted { report, retry_after, whose: "refusals" })
            }
        }
    }

    /// Counts a request of this address that came to nothing.
    pub fn count_refusal(&self, address: IpAddr) {
        if self.0.settings.enabled {
            self.spend(&Spender::refusals(address), self.0.settings.refusals, 1);
        }
    }

    /// Takes what an operation is held to cost from its caller's bucket.
    ///
    /// # Errors
    /// `Exhausted` where it does not hold so much. An operation that costs more than a whole bucket needs a
    /// full one.
    pub fn take(&self, caller: &Caller, requested: u64) -> Result<Hold, Exhausted> {
        let requested = requested.max(LEAST);
        let Some((spender, allowance)) = self.of(caller) else { return Ok(Hold { requested, taken: None }) };
        self.draw(&spender, allowance, requested)?;
        Ok(Hold { requested, taken: Some(Taken { throttle: self.clone(), spender, allowance }) })
    }

    /// Takes the least there is, for an operation that is already answered: no object is made for it. What it
    /// would have been held to cost is told, and need not be there.
    ///
    /// # Errors
    /// `Exhausted` where the bucket is empty.
    pub fn take_least(&self, caller: &Caller, requested: u64) -> Result<Report, Exhausted> {
        let told = |throttle| Report { requested: requested.max(LEAST), actual: LEAST, throttle };
        let Some((spender, allowance)) = self.of(caller) else { return Ok(told(None)) };
        self.draw(&spender, allowance, LEAST).map(|standing| told(Some(standing)))
    }

    /// Takes so much from a bucket, where it is there.
    fn draw(&self, spender: &Spender, allowance: Allowance, requested: u64) -> Result<Standing, Exhausted> {
        self.0.buckets.change(spender, allowance.restore, self.now(), |bucket| {
            match bucket.wait(allowance, requested) {
                0 => {
                    let points = i64::try_from(requested).unwrap_or(i64::MAX);
                    bucket.spend(points);
                    self.note(spender, allowance, bucket, points);
                    Ok(bucket.standing(allowance))
                }
                retry_after => {
                    let report = Report { requested, actual: 0, throttle: Some(bucket.standing(allowance)) };
                    Err(Exhausted { report, retry_after, whose: spender.label() })
                }
            }
        })
    }

    /// What an operation that did not run tells: what it would have been held to cost, and what its caller
    /// may spend.
    pub fn report(&self, caller: &Caller, requested: u64) -> Report {
        let throttle = self.of(caller).map(|(spender, allowance)| self.standing(&spender, allowance));
        Report { requested, actual: 0, throttle }
    }

    fn standing(&self, spender: &Spender, allowance: Allowance) -> Standing {
        let found = self.0.buckets.look(spender, self.now(), |bucket| bucket.standing(allowance));
        found.unwrap_or_else(|| Bucket::default().standing(allowance))
    }

    /// Whose bucket it is, and how large; none where nobody is held to anything.
    fn of(&self, caller: &Caller) -> Option<(Spender, Allowance)> {
        let settings = &self.0.settings;
        let spender = settings.enabled.then(|| Spender::of(caller)).flatten()?;
        Some((spender, settings.allowance(&spender, caller)))
    }

    /// Spends, whatever the bucket holds. Less than nothing gives back.
    fn spend(&self, spender: &Spender, allowance: Allowance, points: i64) -> Standing {
        self.0.buckets.change(spender, allowance.restore, self.now(), |bucket| {
            bucket.spend(points);
            self.note(spender, allowance, bucket, points);
            bucket.standing(allowance)
        })
    }

    /// Notes what other nodes are to be told.
    fn note(&self, spender: &Spender, allowance: Allowance, bucket: &mut Bucket, points: i64) {
        if self.0.tells.load(Ordering::Relaxed) {
            self.0.outbox.note(spender, allowance, bucket, points);
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }
}

impl Hold {
    /// Gives back what the operation did not use; takes the rest where lists were longer than was assumed.
    pub fn settle(self, actual: u64) -> Report {
        let Self { requested, taken } = self;
        let actual = actual.max(LEAST);
        let difference = i64::try_from(actual).unwrap_or(i64::MAX).saturating_sub_unsigned(requested);
        let throttle = taken.map(|Taken { throttle, spender, allowance }| match difference {
            0 => throttle.standing(&spender, allowance),
            difference => throttle.spend(&spender, allowance, difference),
        });
        Report { requested, actual, throttle }
    }
}

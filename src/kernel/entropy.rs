//! The one source of chance: identifiers and secrets come from here.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use rand::rngs::{OsRng, StdRng};
use rand::{RngCore, SeedableRng, TryRngCore};
use uuid::Uuid;

/// Gives random bytes.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `bytes` with chance.
    fn fill(&self, bytes: &mut [u8]);

    /// A UUIDv7 whose time part is `now`: rows made later sort later.
    fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        // The twelve bits after the milliseconds hold the microseconds, so that rows of one
        // millisecond keep their order too.
        let micros = now.timestamp_subsec_micros() % 1000;
        let fraction = u16::try_from((micros * 4096) / 1000).unwrap_or(0).to_be_bytes();
        random[0] = fraction[0];
        random[1] = fraction[1];
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// Chance from the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::expect_used, reason = "without chance nothing sensible can go on")]
    fn fill(&self, bytes: &mut [u8]) {
        // Without chance there are no secrets and no identifiers: nothing sensible can go on.
        OsRng.try_fill_bytes(bytes).expect("the operating system gives random bytes");
    }
}

/// Chance that repeats itself from its seed.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<StdRng>);

impl SeededEntropy {
    /// A sequence that `seed` alone decides.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_sort_by_the_time_they_were_made_at() {
        let entropy = SeededEntropy::new(1);
        let start = DateTime::from_timestamp_micros(1_700_000_000_000_000).unwrap_or_default();
        let ids: Vec<Uuid> =
            (0..50).map(|step| entropy.uuid(start + chrono::TimeDelta::microseconds(step * 37))).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids[0].get_version_num(), 7);
    }
}

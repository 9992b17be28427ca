//! What rests before its next turn: what failed, and what was done a while ago.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use rules::ids::StoreId;

/// How long a chore rests that failed once.
const FIRST: TimeDelta = TimeDelta::seconds(10);
/// How often that is doubled at the most: it rests for about five minutes then.
const DOUBLED: i32 = 5;

/// A chore, in a store or for the platform.
type Key = (&'static str, Option<StoreId>);

/// The chores that failed, so that one store in trouble does not keep the others waiting. Forgotten with the process:
/// what failed is then tried at once.
#[derive(Debug, Default)]
pub struct Resting(HashMap<Key, Rest>);

#[derive(Debug, Clone, Copy)]
struct Rest {
    failures: i32,
    until: DateTime<Utc>,
}

impl Resting {
    /// Whether a chore rests at a moment.
    pub(super) fn rests(&self, key: Key, now: DateTime<Utc>) -> bool {
        self.0.get(&key).is_some_and(|rest| now < rest.until)
    }

    /// A chore failed: it rests for twice as long as the last time.
    pub(super) fn failed(&mut self, key: Key, now: DateTime<Utc>) {
        let before = self.0.get(&key).map_or(0, |rest| rest.failures);
        let (failures, until) = ((before + 1).min(DOUBLED), now + FIRST * (1 << before));
        self.0.insert(key, Rest { failures, until });
    }

    /// A chore was done, and has its next turn at a moment.
    pub(super) fn rest(&mut self, key: Key, until: DateTime<Utc>) {
        self.0.insert(key, Rest { failures: 0, until });
    }

    /// A chore was done, and has its next turn whenever something waits.
    pub(super) fn done(&mut self, key: Key) {
        self.0.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_rests_for_longer_each_time_and_not_for_ever() {
        let (mut resting, key) = (Resting::default(), ("chore", None));
        let mut now = DateTime::UNIX_EPOCH;
        let mut rests = Vec::new();
        for _ in 0..8 {
            assert!(!resting.rests(key, now));
            resting.failed(key, now);
            let seconds = (1..).find(|seconds| !resting.rests(key, now + TimeDelta::seconds(*seconds)));
            let seconds = seconds.expect("an end");
            rests.push(seconds);
            now += TimeDelta::seconds(seconds);
        }
        assert_eq!(rests, [10, 20, 40, 80, 160, 320, 320, 320]);
        resting.done(key);
        resting.failed(key, now);
        assert!(!resting.rests(key, now + TimeDelta::seconds(10)));
        resting.rest(key, now + TimeDelta::hours(1));
        assert!(resting.rests(key, now + TimeDelta::minutes(59)) && !resting.rests(key, now + TimeDelta::hours(1)));
    }
}

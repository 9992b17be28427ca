//! What nodes tell each other: who has spent much since they were last told.
//!
//! A spender is told of once a node has let it spend a [`SHARE`] of its bucket that the others do not know
//! of, in bundles some times a second; at once, where it is an [`URGENT`] part. So the nodes together let
//! through, beyond one bucket, at most what each of the others spends untold: that urgent part, and what it
//! spends while a message is on its way.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::Throttle;
use super::allowance::Allowance;
use super::buckets::Bucket;
use super::spender::Spender;
use crate::kernel::{Signal, Signals};

/// What part of a bucket is too little to be told of: one in so many.
pub(super) const SHARE: i64 = 64;

/// What part of a bucket can't wait: one in so many.
pub(super) const URGENT: i64 = 8;

/// How often nodes tell what is not urgent.
const EVERY: Duration = Duration::from_millis(250);

/// How much time lies between two bundles at the least.
const PAUSE: Duration = Duration::from_millis(20);

/// Spenders in one bundle: with at most 130 bytes each they stay below the 8,000 of a notification.
const BUNDLE: usize = 50;

/// Spenders that wait to be told of, at the most.
const WAITING: usize = 10_000;

/// Bundles that are sent at a time.
const BUNDLES: usize = 4;

/// The channel of these bundles.
const CHANNEL: &str = "throttle";

/// What one spender has spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    #[serde(flatten)]
    spender: Spender,
    /// In points; below zero where it was given back.
    #[serde(rename = "n")]
    points: i64,
    /// What comes back each second.
    #[serde(rename = "r")]
    restore: u32,
}

/// The spenders that wait to be told of.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: Mutex<VecDeque<(Spender, Allowance)>>,
    urgent: Notify,
}

impl Outbox {
    /// Notes what was spent of a bucket, and lets its spender wait to be told of where that is worth it.
    pub fn note(&self, spender: &Spender, allowance: Allowance, bucket: &mut Bucket, points: i64) {
        bucket.untold = bucket.untold.saturating_add(points);
        let (untold, maximum) = (bucket.untold.abs(), i64::from(allowance.maximum));
        if untold.saturating_mul(SHARE) <= maximum {
            return;
        }
        if !bucket.queued {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            // Where too many wait, it is noted when it spends again.
            if waiting.len() < WAITING {
                waiting.push_back((*spender, allowance));
                bucket.queued = true;
            }
        }
        if untold.saturating_mul(URGENT) > maximum {
            self.urgent.notify_one();
        }
    }

    fn next(&self) -> Option<(Spender, Allowance)> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl Throttle {
    /// What other nodes are to be told now, the spenders that waited longest first.
    pub fn news(&self) -> Vec<News> {
        let mut news = Vec::new();
        while news.len() < BUNDLE
            && let Some((spender, allowance)) = self.0.outbox.next()
        {
            let points = self.0.buckets.change(&spender, allowance.restore, self.now(), |bucket| {
                bucket.queued = false;
                std::mem::take(&mut bucket.untold)
            });
            if points != 0 {
                news.push(News { spender, points, restore: allowance.restore });
            }
        }
        news
    }

    /// Hears what another node let spend.
    pub fn hear(&self, news: &[News]) {
        for News { spender, points, restore } in news {
            self.0.buckets.change(spender, *restore, self.now(), |bucket| bucket.spend(*points));
        }
    }
}

/// A node that tells and hears, until this is dropped.
#[must_use = "dropping it ends the sharing"]
pub struct Sharing {
    _stop: DropGuard,
}

impl Throttle {
    /// Tells other nodes what is spent here, and hears what is spent there. A message that is lost lets a
    /// spender spend as much more; none is ever waited for.
    pub fn share(&self, signals: &Signals) -> Sharing {
        self.0.tells.store(true, Ordering::Relaxed);
        let stop = CancellationToken::new();
        tokio::spawn(stop.clone().run_until_cancelled_owned(tell_for_ever(self.clone(), signals.clone())));
        tokio::spawn(stop.clone().run_until_cancelled_owned(hear_for_ever(self.clone(), signals.clone())));
        Sharing { _stop: stop.drop_guard() }
    }
}

async fn tell_for_ever(throttle: Throttle, signals: Signals) {
    loop {
        // Either it is time, or something can't wait for it.
        let _ = tokio::time::timeout(EVERY, throttle.0.outbox.urgent.notified()).await;
        for _ in 0..BUNDLES {
            let news = throttle.news();
            match serde_json::to_value(&news) {
                Ok(bundle) if !news.is_empty() => signals.tell(CHANNEL, bundle),
                _ => break,
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn hear_for_ever(throttle: Throttle, signals: Signals) {
    let mut heard = signals.subscribe();
    loop {
        match heard.recv().await {
            Ok(Signal::Note { channel, payload }) if &*channel == CHANNEL => {
                // What another version tells in another form is not heard.
                if let Ok(news) = Vec::<News>::deserialize(&*payload) {
                    throttle.hear(&news);
                }
            }
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

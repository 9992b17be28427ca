//! Answers to visitors, remembered: what one of them was told is told to the others, as long as it is true.
//!
//! Owns the key, the bound in bytes, and what browsers and CDNs are told of it. Never decides what may be
//! shared (`@cacheControl` in the schema does), and never keeps what one caller may see and another may
//! not: whoever shows credentials never comes here. To let one more thing change an answer, add it to
//! [`Question`].

mod headers;
mod packed;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use metrics::{counter, gauge};
use rules::Currency;
use rules::ids::StoreId;
use sha2::{Digest, Sha256};

use packed::Packed;

use crate::kernel::memory::Memory;
use crate::kernel::signals::Epoch;

/// What an entry costs beside its texts, in bytes.
const ENTRY: usize = 512;

/// Bytes that the moments of change may take, of all stores.
const MOMENTS: u64 = 1 << 20;

/// One answer takes at most this part of the memory: it must not push out all others.
const LARGEST_PART: u64 = 16;

/// Shorter answers are not packed, in bytes.
const PACKED_ABOVE: usize = 1 << 10;

/// A packed answer takes at most this part of the room of the plain one: one in so many.
const PACKED_PART: usize = 3;

/// How far two requests of the same moment may see the clock apart.
const SAME_MOMENT: TimeDelta = TimeDelta::seconds(1);

/// Everything that an answer depends on, beside the clock.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// Whose storefront it is.
    pub store: StoreId,
    /// The store's state, from before anything was read.
    pub epoch: Epoch,
    /// SHA-256 of the document's text.
    pub document: [u8; 32],
    /// Which of its operations.
    pub operation: Option<Arc<str>>,
    /// The values of its variables, defaults filled in, as JSON with sorted keys.
    pub variables: Arc<str>,
    /// The language asked for.
    pub locale: Arc<str>,
    /// The currency that amounts are in.
    pub currency: Currency,
}

/// An answer without errors.
#[derive(Debug, Clone)]
pub struct Remembered(Arc<Told>);

#[derive(Debug)]
struct Told {
    /// The whole response, as JSON text.
    body: Bytes,
    /// The same but its last brace as gzip, once somebody wanted it.
    packed: OnceLock<Option<Packed>>,
    /// Names this response and no other: the same for each answer that holds it.
    tag: String,
    /// When it was read.
    since: DateTime<Utc>,
    /// From when on the clock alone can make it untrue, or it is simply old.
    until: DateTime<Utc>,
}

impl Remembered {
    /// A response, with nothing in it that is one caller's own, which was read at `since` and stays true until
    /// `until`.
    pub fn new(body: Vec<u8>, since: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        let hash = Sha256::digest(&body);
        let tag = URL_SAFE_NO_PAD.encode(&hash[..18]);
        Self(Arc::new(Told { body: body.into(), packed: OnceLock::new(), tag, since, until }))
    }

    /// The whole response, as JSON text, without extensions.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The response with another end than its last brace.
    pub fn ending(&self, end: &[u8]) -> Bytes {
        let common = self.common();
        let mut whole = Vec::with_capacity(common.len() + end.len());
        whole.extend_from_slice(common);
        whole.extend_from_slice(end);
        whole.into()
    }

    /// The same as gzip; `None` where that is not worth it.
    pub fn packed_ending(&self, end: &[u8]) -> Option<Bytes> {
        let pack = || {
            let common = self.common();
            (common.len() > PACKED_ABOVE).then(|| Packed::of(common, common.len() / PACKED_PART)).flatten()
        };
        self.0.packed.get_or_init(pack).as_ref()?.with(end).map(Into::into)
    }

    /// What all answers that hold it begin with.
    fn common(&self) -> &[u8] {
        self.0.body.strip_suffix(b"}").unwrap_or(&self.0.body)
    }

    /// Whether it is true at this moment. Where the clock was set back, nobody knows.
    fn holds_at(&self, now: DateTime<Utc>) -> bool {
        now < self.0.until && now > self.0.since - SAME_MOMENT
    }

    /// How much longer it is true.
    fn time_left(&self, now: DateTime<Utc>) -> Duration {
        (self.0.until - now).to_std().unwrap_or_default()
    }
}

/// When a store's storefront changes by the clock alone.
#[derive(Debug, Clone, Copy)]
struct Moment {
    /// When this was found out.
    since: DateTime<Utc>,
    /// The first moment after that.
    next: Option<DateTime<Utc>>,
}

/// The answers of one node.
pub struct Answers {
    answers: Memory<Question, Remembered>,
    moments: Memory<(StoreId, Epoch), Moment>,
    largest: usize,
}

impl Answers {
    /// Remembers so many bytes; `None` where that is nothing.
    pub fn new(bytes: u64) -> Option<Self> {
        let weigh = |question: &Question, answer: &Remembered| {
            let operation = question.operation.as_ref().map_or(0, |name| name.len());
            let body = answer.body().len();
            ENTRY + body + body / PACKED_PART + question.variables.len() + question.locale.len() + operation
        };
        let evicted = || counter!("response_cache_evictions_total").increment(1);
        let answers = Memory::new(bytes, weigh, evicted);
        let moments = Memory::new(MOMENTS, |_, _| 128, || {});
        let largest = usize::try_from(bytes / LARGEST_PART).unwrap_or(usize::MAX);
        (bytes > 0).then_some(Self { answers, moments, largest })
    }

    /// The answer to a question at a moment, where it is remembered.
    pub async fn find(&self, question: &Question, now: DateTime<Utc>) -> Option<Remembered> {
        let found = self.answers.find(question, |answer| answer.holds_at(now)).await;
        if found.is_some() {
            counter!("response_cache_hits_total").increment(1);
        }
        found
    }

    /// The answer to a question at a moment: from memory, or by one run of `run`, whoever else asks the same
    /// at the same time.
    ///
    /// # Errors
    /// What the caller's own run gave instead of an answer that can be kept.
    pub async fn find_or<E, F>(
        &self,
        question: Question,
        now: DateTime<Utc>,
        run: impl Fn() -> F,
    ) -> Result<Remembered, E>
    where
        F: Future<Output = Result<Remembered, E>>,
    {
        let ran = AtomicBool::new(false);
        let counted = || {
            ran.store(true, Ordering::Relaxed);
            run()
        };
        let found = self.answers.find_or(question, |answer| answer.holds_at(now), counted).await;
        if ran.into_inner() {
            counter!("response_cache_misses_total").increment(1);
            gauge!("response_cache_bytes").set(self.bytes());
        } else {
            counter!("response_cache_hits_total").increment(1);
        }
        found
    }

    /// Until when what is read of a store at `now` stays true, `longest` at the most. `next` finds the first
    /// moment after `now` at which something changes by itself; it is asked once for each state of the store.
    /// `None` where it is true of no time at all.
    ///
    /// # Errors
    /// What `next` failed with.
    pub async fn until<E, F>(
        &self,
        (store, epoch): (StoreId, Epoch),
        now: DateTime<Utc>,
        longest: Duration,
        next: impl Fn() -> F,
    ) -> Result<Option<DateTime<Utc>>, E>
    where
        F: Future<Output = Result<Option<DateTime<Utc>>, E>>,
    {
        let passed = |moment: &Moment| moment.next.is_some_and(|next| next <= now);
        let find = || async { next().await.map(|next| Moment { since: now, next }) };
        let moment = self.moments.find_or((store, epoch), |moment| !passed(moment), find).await?;
        // Between this request and the one that found it out, another moment may lie.
        if now < moment.since {
            return Ok(None);
        }
        let oldest = now + TimeDelta::from_std(longest).unwrap_or(TimeDelta::MAX);
        Ok(Some(moment.next.map_or(oldest, |next| next.min(oldest))))
    }

    /// Whether an answer of so many bytes may be kept.
    pub fn takes(&self, bytes: usize) -> bool {
        bytes <= self.largest
    }

    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
    fn bytes(&self) -> f64 {
        self.answers.bytes() as f64
    }
}

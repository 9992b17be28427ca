//! Requests that came before in the very same words: what they ask need not be read and checked again.
//!
//! What a request asks follows from its bytes and from the product's settings, and from nothing else; so it is kept
//! by those bytes, to the last one. Who asks, what they may, what they spend and whether the answer still holds is
//! found out at each request, as for one that was never seen. Only what is answered from memory is kept: of a request
//! that has to be run, its reading is not what it costs.

use std::sync::Arc;

use moka::sync::Cache;

use super::job::Job;
use crate::http::Sent;

/// Bytes of requests and bookkeeping that are kept.
const KEPT: u64 = 8 << 20;

/// Longer requests are read each time, in bytes.
const LONGEST: usize = 16 << 10;

/// What a request costs beside its text and its document's, in bytes.
const ENTRY: usize = 1 << 10;

/// What is asked, by what was sent.
pub(super) struct Repeated(Cache<Sent, Arc<Job>>);

impl Default for Repeated {
    fn default() -> Self {
        let weigh =
            |sent: &Sent, job: &Arc<Job>| u32::try_from(sent.len() + job.document.length() + ENTRY).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(KEPT).weigher(weigh).build())
    }
}

impl Repeated {
    /// What was asked by these bytes.
    pub fn find(&self, sent: &Sent) -> Option<Arc<Job>> {
        self.0.get(sent)
    }

    /// Keeps what these bytes ask.
    pub fn keep(&self, sent: &Sent, job: &Arc<Job>) {
        if sent.len() <= LONGEST {
            self.0.insert(sent.detached(), Arc::clone(job));
        }
    }
}

//! A question that domains ask of the gate above them: whether a document could be sent at all.

use std::sync::{Arc, OnceLock};

use futures::future::BoxFuture;

use super::error::{Error, Result};

/// Whoever can answer.
pub trait DocumentCheck: Send + Sync + 'static {
    /// Holds a document against the limits, the grammar and the schema, without running it. `Ok(Err(_))` says
    /// in words what is wrong with it.
    fn check(&self, text: String) -> BoxFuture<'static, Result<Result<(), String>>>;
}

/// The one who answers, once there is a schema.
#[derive(Default)]
pub struct Documents(OnceLock<Arc<dyn DocumentCheck>>);

impl Documents {
    /// Says who answers. The first one stays.
    pub fn answer_with(&self, check: Arc<dyn DocumentCheck>) {
        let _ = self.0.set(check);
    }

    /// Asks.
    ///
    /// # Errors
    /// `Internal` where nobody answers.
    pub async fn check(&self, text: String) -> Result<Result<(), String>> {
        match self.0.get() {
            Some(check) => check.check(text).await,
            None => Err(Error::internal("nobody can check documents: there is no schema yet")),
        }
    }
}

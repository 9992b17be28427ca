//! The product's answer to the question whether a document could be sent: the gate's checks and the engine's.

use std::sync::{Arc, Weak};

use async_graphql::parser::types::OperationType;
use futures::StreamExt;
use futures::future::BoxFuture;

use super::Parts;
use super::stopped::{MAX_MESSAGE, shortened};
use crate::gate::document::Document;
use crate::kernel::documents::DocumentCheck;
use crate::kernel::{Error, Result};

/// Does not keep the product alive, which keeps what this hangs on.
pub(super) struct Checks(Weak<Parts>);

impl Checks {
    pub(super) fn of(parts: &Arc<Parts>) -> Self {
        Self(Arc::downgrade(parts))
    }
}

impl DocumentCheck for Checks {
    fn check(&self, text: String) -> BoxFuture<'static, Result<Result<(), String>>> {
        let parts = self.0.upgrade();
        Box::pin(async move {
            let parts = parts.ok_or_else(|| Error::internal("the product is gone"))?;
            let document = match Document::prepare(&text, &parts.surface.index, &parts.surface.rules, &parts.limits) {
                Ok(document) => document,
                Err(refusal) => return Ok(Err(refusal.to_string())),
            };
            // The engine judges a document as a whole, whichever of its operations is chosen.
            let Some(operation) = document.operations().first() else { return Ok(Ok(())) };
            let request = document.rehearsal(operation);
            let response = match operation.kind() {
                OperationType::Subscription => {
                    parts.surface.schema.execute_stream(request).next().await.unwrap_or_default()
                }
                _ => parts.surface.schema.execute(request).await,
            };
            Ok(match response.errors.into_iter().next() {
                Some(error) => Err(shortened(error.message, MAX_MESSAGE)),
                None => Ok(()),
            })
        })
    }
}

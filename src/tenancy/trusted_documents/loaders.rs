//! Batched reads of registered documents.

use std::collections::HashMap;
use std::sync::Arc;

use entity::tenancy::trusted_documents;
use rules::ids::TrustedDocumentId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Documents by id.
pub struct TrustedDocumentById;

impl Batch for TrustedDocumentById {
    type Key = TrustedDocumentId;
    type Value = Option<Arc<trusted_documents::Model>>;

    async fn load(ctx: &Ctx, keys: &[TrustedDocumentId]) -> Result<HashMap<TrustedDocumentId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

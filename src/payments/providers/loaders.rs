//! Batched reads of payment providers.

use std::collections::HashMap;
use std::sync::Arc;

use entity::payments::payment_provider_configs;
use rules::ids::PaymentProviderId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Providers by id.
pub struct PaymentProviderById;

impl Batch for PaymentProviderById {
    type Key = PaymentProviderId;
    type Value = Option<Arc<payment_provider_configs::Model>>;

    async fn load(ctx: &Ctx, keys: &[PaymentProviderId]) -> Result<HashMap<PaymentProviderId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

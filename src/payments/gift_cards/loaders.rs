//! Batched reads of gift cards.

use std::collections::HashMap;
use std::sync::Arc;

use entity::payments::{gift_card_entries, gift_cards};
use rules::ids::{GiftCardEntryId, GiftCardId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Cards by id.
pub struct GiftCardById;

impl Batch for GiftCardById {
    type Key = GiftCardId;
    type Value = Option<Arc<gift_cards::Model>>;

    async fn load(ctx: &Ctx, keys: &[GiftCardId]) -> Result<HashMap<GiftCardId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// Entries by id.
pub struct GiftCardEntryById;

impl Batch for GiftCardEntryById {
    type Key = GiftCardEntryId;
    type Value = Option<Arc<gift_card_entries::Model>>;

    async fn load(ctx: &Ctx, keys: &[GiftCardEntryId]) -> Result<HashMap<GiftCardEntryId, Self::Value>> {
        let rows = store::list_entries_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

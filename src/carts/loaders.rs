//! Batched reads of carts.

use std::collections::HashMap;
use std::sync::Arc;

use entity::carts::{cart_lines, carts};
use rules::ids::CartId;

use super::priced::{Facts, Priced};
use super::store::{self, Parts};
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Error, Result};

/// Carts by id, those that are over too: whoever shows them decides.
pub struct CartById;

impl Batch for CartById {
    type Key = CartId;
    type Value = Option<Arc<carts::Model>>;

    async fn load(ctx: &Ctx, keys: &[CartId]) -> Result<HashMap<CartId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The lines of carts, in their order.
pub struct LinesByCart;

impl Batch for LinesByCart {
    type Key = CartId;
    type Value = Vec<Arc<cart_lines::Model>>;

    async fn load(ctx: &Ctx, keys: &[CartId]) -> Result<HashMap<CartId, Self::Value>> {
        let mut lines: HashMap<CartId, Self::Value> = HashMap::new();
        for line in store::list_lines(&ctx.store().await?, keys).await? {
            lines.entry(line.cart_id).or_default().push(Arc::new(line));
        }
        Ok(lines)
    }
}

/// What belongs to carts.
pub struct PartsByCart;

impl Batch for PartsByCart {
    type Key = CartId;
    type Value = Option<Arc<Parts>>;

    async fn load(ctx: &Ctx, keys: &[CartId]) -> Result<HashMap<CartId, Self::Value>> {
        let scope = ctx.store().await?;
        let carts = store::list_by_ids(&scope, keys).await?;
        let parts = store::parts_of(&scope, carts).await?;
        Ok(parts.into_iter().map(|(id, parts)| (id, Some(Arc::new(parts)))).collect())
    }
}

/// What it costs to work out what one cart comes to, in objects.
pub const PRICING: i32 = 20;

/// What carts come to now. The one batch that reads cart by cart: each has its own buyer, codes and places. A field
/// that shows it says what that costs.
pub struct PricedByCart;

impl Batch for PricedByCart {
    type Key = CartId;
    type Value = Option<Arc<Priced>>;

    async fn load(ctx: &Ctx, keys: &[CartId]) -> Result<HashMap<CartId, Self::Value>> {
        let parts = {
            let scope = ctx.store().await?;
            let carts = store::list_by_ids(&scope, keys).await?;
            store::parts_of(&scope, carts).await?
        };
        // The cart itself is counted by whoever shows it.
        ctx.count_objects(parts.len() * usize::try_from(PRICING - 1).map_err(Error::internal)?);
        let mut priced = HashMap::with_capacity(parts.len());
        for (id, parts) in parts {
            let facts = Box::pin(Facts::gather(&ctx.store().await?, parts, ctx.now())).await?;
            priced.insert(id, Some(Arc::new(Box::pin(Priced::of(ctx, facts)).await?)));
        }
        Ok(priced)
    }
}

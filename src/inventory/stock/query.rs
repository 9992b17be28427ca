//! Reads of stock.

use async_graphql::{Context, Object};
use rules::ids::{InventoryItemId, InventoryLevelId, InventoryMovementId, ProductVariantId};
use rules::permission::Permission;

use super::loaders::{InventoryItemById, InventoryItemByVariant, InventoryLevelById, InventoryMovementById};
use super::store::{self, MovementFilter};
use super::types::{
    InventoryItem, InventoryLevel, InventoryMovement, InventoryMovementConnection, InventoryMovementFilterInput,
};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

impl ById for InventoryItem {
    type Id = InventoryItemId;

    async fn by_id(ctx: &Ctx, id: InventoryItemId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::InventoryRead) {
            return Ok(None);
        }
        Ok(ctx.load::<InventoryItemById>(id).await?.map(Self))
    }
}

impl ById for InventoryLevel {
    type Id = InventoryLevelId;

    async fn by_id(ctx: &Ctx, id: InventoryLevelId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::InventoryRead) {
            return Ok(None);
        }
        Ok(ctx.load::<InventoryLevelById>(id).await?.map(Self))
    }
}

impl ById for InventoryMovement {
    type Id = InventoryMovementId;

    async fn by_id(ctx: &Ctx, id: InventoryMovementId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::InventoryRead) {
            return Ok(None);
        }
        Ok(ctx.load::<InventoryMovementById>(id).await?.map(Self))
    }
}

/// Reads of stock.
#[derive(Default)]
pub struct StockQuery;

#[Object]
impl StockQuery {
    /// What is stocked of a variant. Null where the store has no such item, or stock of the variant was
    /// never set.
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    async fn inventory_item(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The item's id.")] id: Option<InventoryItemId>,
        #[graphql(desc = "The variant's id.")] variant_id: Option<ProductVariantId>,
    ) -> Result<Option<InventoryItem>> {
        let ctx = Ctx::of(gql)?;
        match (id, variant_id) {
            (Some(id), None) => InventoryItem::by_id(ctx, id).await,
            (None, Some(variant)) => {
                ctx.store_context()?;
                Ok(ctx.load::<InventoryItemByVariant>(variant).await?.map(InventoryItem))
            }
            _ => Err(Error::BadInput("Give either `id` or `variantId`.".to_owned())),
        }
    }

    /// Every change of stock, the newest first.
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    async fn inventory_movements(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which movements to list.")] filter: Option<InventoryMovementFilterInput>,
    ) -> Result<Option<InventoryMovementConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter = MovementFilter::try_from(filter.unwrap_or_default())?;
        let sort = store::sort_movements();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list_movements(&scope, &filter), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            let filter = filter.clone();
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list_movements(&scope, &filter)).await
            })
        });
        Ok(Some(InventoryMovementConnection::new(slice.map(Into::into), count)))
    }
}

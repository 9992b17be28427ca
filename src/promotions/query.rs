//! Reads of promotions.

use async_graphql::{Context, Object};
use rules::ids::PromotionId;
use rules::permission::Permission;

use super::loaders::PromotionById;
use super::store;
use super::types::{Promotion, PromotionConnection, PromotionFilterInput, PromotionSort};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for Promotion {
    type Id = PromotionId;

    async fn by_id(ctx: &Ctx, id: PromotionId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::PromotionsRead) {
            return Ok(None);
        }
        Ok(ctx.load::<PromotionById>(id).await?.filter(|row| row.deleted_at.is_none()).map(Self))
    }
}

/// Reads of promotions.
#[derive(Default)]
pub struct PromotionQuery;

#[Object]
impl PromotionQuery {
    /// One promotion. Null where the store has no such promotion.
    #[graphql(directive = requires::apply(Permission::PromotionsRead))]
    async fn promotion(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The promotion's id.")] id: PromotionId,
    ) -> Result<Option<Promotion>> {
        Promotion::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's promotions: past, present and to come.
    #[graphql(directive = requires::apply(Permission::PromotionsRead))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn promotions(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which promotions to list.")] filter: Option<PromotionFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: PromotionSort,
    ) -> Result<Option<PromotionConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter = filter.unwrap_or_default().at(ctx.now());
        let sort = store::sort(sort);
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope, &filter), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            let filter = filter.clone();
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope, &filter)).await
            })
        });
        Ok(Some(PromotionConnection::new(slice.map(Into::into), count)))
    }
}

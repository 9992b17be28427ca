//! The question.

use async_graphql::{Context, Object};
use rules::permission::Permission;

use super::evaluate::evaluate;
use super::input::PromotionPreviewInput;
use super::types::PromotionPreview;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// What promotions would do.
#[derive(Default)]
pub struct PromotionPreviewQuery;

#[Object]
impl PromotionPreviewQuery {
    /// What the store's promotions would do to a basket, and why: every promotion that counts at the moment is
    /// answered for, as it would be in a cart. Takes no use and writes nothing.
    #[graphql(directive = requires::apply(Permission::PromotionsRead))]
    async fn promotion_preview(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The basket to try.")] input: PromotionPreviewInput,
    ) -> Result<Option<PromotionPreview>> {
        let ctx = Ctx::of(gql)?;
        let at = input.moment(ctx)?;
        let buyer = input.buyer.read(ctx).await?;
        let wanted = input.wanted(ctx, at, buyer)?;
        // Boxed: the engine holds a field's future inside that of every root around it.
        let worked = Box::pin(evaluate(&ctx.store().await?, wanted, at, &input.disabled_promotion_ids)).await?;
        Ok(Some(PromotionPreview::of(worked, at)))
    }
}

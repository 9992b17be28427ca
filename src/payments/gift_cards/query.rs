//! Reads of gift cards.

use std::sync::Arc;

use async_graphql::{Context, Object};
use rules::ids::{GiftCardEntryId, GiftCardId};
use rules::permission::Permission;

use super::loaders::{GiftCardById, GiftCardEntryById};
use super::store::{self, CardFilter};
use super::types::{GiftCard, GiftCardConnection, GiftCardEntry, GiftCardEntryConnection, GiftCardFilterInput};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

impl ById for GiftCard {
    type Id = GiftCardId;

    async fn by_id(ctx: &Ctx, id: GiftCardId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::GiftCardsRead) {
            return Ok(None);
        }
        Ok(ctx.load::<GiftCardById>(id).await?.map(Self))
    }
}

impl ById for GiftCardEntry {
    type Id = GiftCardEntryId;

    async fn by_id(ctx: &Ctx, id: GiftCardEntryId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::GiftCardsRead) {
            return Ok(None);
        }
        let Some(row) = ctx.load::<GiftCardEntryById>(id).await? else { return Ok(None) };
        let card = ctx.load::<GiftCardById>(row.card_id).await?;
        let card = card.ok_or_else(|| Error::internal("an entry of a gift card that is not there"))?;
        Ok(Some(Self(row, card.currency)))
    }
}

/// Reads of gift cards.
#[derive(Default)]
pub struct GiftCardQuery;

#[Object]
impl GiftCardQuery {
    /// One gift card, by its id. Null where the store has no such card.
    #[graphql(directive = requires::apply(Permission::GiftCardsRead))]
    async fn gift_card(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The card's id.")] id: GiftCardId,
    ) -> Result<Option<GiftCard>> {
        GiftCard::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's gift cards, the newest first.
    #[graphql(directive = requires::apply(Permission::GiftCardsRead))]
    async fn gift_cards(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which cards to list.")] filter: Option<GiftCardFilterInput>,
    ) -> Result<Option<GiftCardConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter: CardFilter = filter.unwrap_or_default().into();
        let sort = store::sort();
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
        Ok(Some(GiftCardConnection::new(slice.map(Into::into), count)))
    }

    /// What changed of what a gift card is worth, the newest first. Null where the store has no such card.
    #[graphql(directive = requires::apply(Permission::GiftCardsRead))]
    async fn gift_card_entries(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The card's id.")] gift_card_id: GiftCardId,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<GiftCardEntryConnection>> {
        let ctx = Ctx::of(gql)?;
        let Some(card) = GiftCard::by_id(ctx, gift_card_id).await? else { return Ok(None) };
        let currency = card.0.currency;
        let sort = store::entry_sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::entries(&scope, gift_card_id), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::entries(&scope, gift_card_id)).await
            })
        });
        Ok(Some(GiftCardEntryConnection::new(slice.map(|row| GiftCardEntry(Arc::new(row), currency)), count)))
    }
}

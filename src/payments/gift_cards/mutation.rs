//! Writes of gift cards.

use async_graphql::{Context, Object};
use rules::ids::GiftCardId;
use rules::money::MoneyInput;
use rules::permission::Permission;

use super::actions::{self, GiftCardCreateInput};
use super::types::{GiftCardAdjustPayload, GiftCardCheckPayload, GiftCardCreatePayload, GiftCardDisablePayload};
use crate::gate::directives::{credential, public, requires};
use crate::kernel::{Ctx, Result};

/// Writes of gift cards.
#[derive(Default)]
pub struct GiftCardMutation;

#[Object]
impl GiftCardMutation {
    /// Issues a gift card. Its code is made by chance, and shown in this answer alone.
    #[graphql(directive = requires::apply(Permission::GiftCardsManage))]
    async fn gift_card_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The card.")] input: GiftCardCreateInput,
    ) -> Result<Option<GiftCardCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Switches a gift card off: nobody can pay with it any more. What it is worth stays as it is.
    #[graphql(directive = requires::apply(Permission::GiftCardsManage))]
    async fn gift_card_disable(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which card.")] id: GiftCardId,
    ) -> Result<Option<GiftCardDisablePayload>> {
        Ctx::of(gql)?.mutate(id, actions::disable::run).await.map(Some)
    }

    /// Changes what a gift card is worth, up or down; never below nothing.
    #[graphql(directive = requires::apply(Permission::GiftCardsManage))]
    async fn gift_card_adjust(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which card.")] id: GiftCardId,
        #[graphql(desc = "By how much, in the card's currency; below zero to take from it.")] amount: MoneyInput,
        #[graphql(desc = "Why; at most 500 characters.")] note: Option<String>,
    ) -> Result<Option<GiftCardAdjustPayload>> {
        Ctx::of(gql)?.mutate((id, amount, note), actions::adjust::run).await.map(Some)
    }

    /// What a gift card is worth, for whoever knows its code. It changes nothing, and is a mutation so that codes stand
    /// in no address and no cache. Wrong guesses are counted, and close the door for a while.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn gift_card_check(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The code, in any case, with or without hyphens.", secret)] code: String,
    ) -> Result<Option<GiftCardCheckPayload>> {
        Ctx::of(gql)?.mutate(code, actions::check::run).await.map(Some)
    }
}

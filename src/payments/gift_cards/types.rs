//! How gift cards look in the schema.

use std::sync::Arc;

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::payments::{gift_card_entries, gift_cards};
use rules::ids::{GiftCardEntryId, GiftCardId};
use rules::states::{GiftCardEntryKind, GiftCardState};
use rules::{Currency, Money};

use super::loaders::GiftCardById;
use super::store::CardFilter;
use crate::kernel::graph::{Load, object};
use crate::kernel::{Ctx, Error};
use crate::{connection, payload};

/// Money that whoever knows its code can pay with.
#[derive(Clone)]
pub struct GiftCard(pub Arc<gift_cards::Model>);

impl From<gift_cards::Model> for GiftCard {
    fn from(row: gift_cards::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// Money that whoever knows its code can pay with.
#[object]
impl GiftCard {
    /// The card's id.
    fn id(&self) -> GiftCardId {
        self.0.id
    }

    /// How its code ends. The code itself was shown once.
    fn last_four(&self) -> &str {
        &self.0.last_four
    }

    /// Whether it can be used, as long as it has not expired.
    fn state(&self) -> GiftCardState {
        self.0.state
    }

    /// What it was issued with.
    fn issued(&self) -> Money {
        Money::from_minor(self.0.issued, self.0.currency)
    }

    /// What it is worth.
    fn balance(&self) -> Money {
        Money::from_minor(self.0.balance, self.0.currency)
    }

    /// The first moment at which it can't be used any more; null for never.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }

    /// Whether that moment has come.
    async fn expired(&self, ctx: &Ctx) -> crate::kernel::Result<bool> {
        Ok(self.0.expires_at.is_some_and(|expires| expires <= ctx.now()))
    }

    /// What the store wrote down of it.
    fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Goes up with each change.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was issued.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

connection!(GiftCardConnection, GiftCardEdge, GiftCard, "gift cards");

/// One change of what a gift card is worth.
#[derive(Clone)]
pub struct GiftCardEntry(pub Arc<gift_card_entries::Model>, pub Currency);

/// One change of what a gift card is worth.
#[object]
impl GiftCardEntry {
    /// The entry's id.
    fn id(&self) -> GiftCardEntryId {
        self.0.id
    }

    /// The card.
    fn gift_card(&self) -> Load<GiftCardById, GiftCard> {
        Load::<GiftCardById, _>::try_of(self.0.card_id, |row| {
            row.map(GiftCard).ok_or_else(|| Error::internal("an entry of a gift card that is not there"))
        })
    }

    /// Why it changed.
    fn kind(&self) -> GiftCardEntryKind {
        self.0.kind
    }

    /// By how much; below nothing where it is worth less.
    fn amount(&self) -> Money {
        Money::from_minor(self.0.amount, self.1)
    }

    /// What the card was worth then.
    fn balance(&self) -> Money {
        Money::from_minor(self.0.balance, self.1)
    }

    /// What was paid with it: the id of a cart or of an order.
    fn owner(&self) -> Option<&str> {
        self.0.owner.as_deref()
    }

    /// What the store wrote down of it.
    fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// When it changed.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

connection!(GiftCardEntryConnection, GiftCardEntryEdge, GiftCardEntry, "entries of a gift card");

/// Which gift cards to list. All that is given must hold.
#[derive(InputObject, Default, Clone)]
pub struct GiftCardFilterInput {
    /// Those in this state.
    state: Option<GiftCardState>,
    /// Those in this currency.
    currency_code: Option<Currency>,
    /// Those whose code ends like this; case does not count.
    last_four: Option<String>,
}

impl From<GiftCardFilterInput> for CardFilter {
    fn from(input: GiftCardFilterInput) -> Self {
        Self { state: input.state, currency: input.currency_code, last_four: input.last_four }
    }
}

/// A gift card that was just issued, with its code: this once, and never again.
#[derive(Clone)]
pub struct IssuedGiftCard {
    pub card: GiftCard,
    pub code: String,
}

/// A gift card that was just issued, with its code: this once, and never again.
#[object]
impl IssuedGiftCard {
    /// The card.
    fn gift_card(&self) -> GiftCard {
        self.card.clone()
    }

    /// The code, for whoever is to pay with it. It can't be shown again.
    fn code(&self) -> &str {
        &self.code
    }
}

/// What whoever knows the code of a gift card is told of it.
#[derive(Clone)]
pub struct GiftCardBalance(pub Arc<gift_cards::Model>);

/// What whoever knows the code of a gift card is told of it.
#[object]
impl GiftCardBalance {
    /// What it is worth.
    fn balance(&self) -> Money {
        Money::from_minor(self.0.balance, self.0.currency)
    }

    /// How its code ends.
    fn last_four(&self) -> &str {
        &self.0.last_four
    }

    /// The first moment at which it can't be used any more; null for never.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }
}

payload! {
    /// The answer of `giftCardCreate`.
    GiftCardCreatePayload {
        /// The new card, with its code.
        issued: IssuedGiftCard,
    }
}

payload! {
    /// The answer of `giftCardDisable`.
    GiftCardDisablePayload {
        /// The card as it is now.
        gift_card: GiftCard,
    }
}

payload! {
    /// The answer of `giftCardAdjust`.
    GiftCardAdjustPayload {
        /// The card as it is now.
        gift_card: GiftCard,
    }
}

payload! {
    /// The answer of `giftCardCheck`.
    GiftCardCheckPayload {
        /// What the card is worth.
        gift_card: GiftCardBalance,
    }
}

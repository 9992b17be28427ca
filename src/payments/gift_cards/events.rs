//! What is told of gift cards; never their codes.

use chrono::{DateTime, Utc};
use entity::payments::gift_cards;
use rules::Money;
use rules::ids::GiftCardId;
use rules::states::GiftCardState;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A card as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GiftCardSnapshot {
    /// The id.
    pub id: GiftCardId,
    /// How its code ends.
    pub last_four: String,
    /// Whether it can be used.
    pub state: GiftCardState,
    /// What it is worth.
    pub balance: Money,
    /// The first moment at which it can't be used any more.
    pub expires_at: Option<DateTime<Utc>>,
    /// The version.
    pub version: i64,
}

impl From<&gift_cards::Model> for GiftCardSnapshot {
    fn from(row: &gift_cards::Model) -> Self {
        Self {
            id: row.id,
            last_four: row.last_four.clone(),
            state: row.state,
            balance: Money::from_minor(row.balance, row.currency),
            expires_at: row.expires_at,
            version: row.version,
        }
    }
}

macro_rules! gift_card_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal $({ $(#[$field_doc:meta])* $field:ident: $type:ty })*,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The card after it.
                pub gift_card: GiftCardSnapshot,
                $($(#[$field_doc])* pub $field: $type,)*
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "gift_card";

                fn aggregate_id(&self) -> String {
                    self.gift_card.id.to_string()
                }
            }
        )+
    };
}

gift_card_events! {
    /// A card was issued.
    GiftCardCreated = "gift_card.created",
    /// A card can't be used any more.
    GiftCardDisabled = "gift_card.disabled",
    /// Somebody of the store changed what a card is worth.
    GiftCardAdjusted = "gift_card.adjusted" {
        /// By how much.
        amount: Money
    },
    /// Somebody paid with a card.
    GiftCardTaken = "gift_card.taken" {
        /// How much.
        amount: Money
    } {
        /// What was paid with it.
        owner: String
    },
    /// What was paid with a card was given back.
    GiftCardGivenBack = "gift_card.given_back" {
        /// How much.
        amount: Money
    } {
        /// What had been paid with it.
        owner: String
    },
}

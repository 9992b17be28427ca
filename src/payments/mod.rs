//! How stores are paid.
//!
//! Owns payment providers, payments with what happened to them, refunds, gift cards, store credit, what providers tell
//! of their own accord, and the doors that a checkout takes: [`session`] to make a payment, [`changes`] to take, let go and give back
//! money, [`stored`] for what is paid with gift cards and store credit. What a payment has come to is a fold over what happened, decided
//! by `rules::state::payment` alone (rules Y1 to Y4). Never looks into a cart or an order, and never sees a card's
//! number.
//!
//! Nothing is asked of a provider while a write is open: every question wants to see [`Outside`](crate::kernel::Outside),
//! which a request has only then. So each change is one write before, a question outside, and one write after.

mod actions;
pub mod asking;
mod by_hand;
pub mod changes;
mod events;
pub mod gateway;
pub mod gift_cards;
pub mod heard;
pub mod inbound;
mod loaders;
mod mutation;
pub mod providers;
mod query;
mod record;
pub mod session;
mod store;
pub mod store_credits;
pub mod stored;
mod types;

use async_graphql::MergedObject;

pub use by_hand::paid_by_hand;
pub use changes::is_by_hand;
pub use heard::PaymentHeard;
pub use loaders::PaymentById;
pub use record::folded;
pub use store::{belongs_to, list_by_ids};
pub use types::{Payment, PaymentAttempt, PaymentConnection, PaymentEvent, Refund};

/// Every read of payments.
#[derive(MergedObject, Default)]
pub struct PaymentQuery(
    query::PaymentsQuery,
    providers::PaymentProviderQuery,
    gift_cards::GiftCardQuery,
    store_credits::StoreCreditQuery,
);

/// Every write of payments. `H` is what follows from what a payment has come to.
#[derive(MergedObject, Default)]
pub struct PaymentMutation<H: PaymentHeard>(
    mutation::PaymentsMutation<H>,
    providers::PaymentProviderMutation,
    gift_cards::GiftCardMutation,
    store_credits::StoreCreditMutation,
);

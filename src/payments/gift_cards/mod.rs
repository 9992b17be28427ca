//! Money that whoever knows a code can pay with.
//!
//! Owns gift cards and the ledger of what they are worth, and the doors that a checkout comes through, each inside the
//! transaction of whoever calls it:
//!
//! | door | what it does |
//! |---|---|
//! | [`hold`] | keeps so much of a card for somebody until a moment, or what is left of it |
//! | [`take`] | takes what is kept: the card is worth so much less |
//! | [`release`] | lets go of what is kept |
//! | [`give_back`] | gives back what was taken, never more |
//!
//! What a card is worth is the sum of its entries, which are appended and never changed; it never falls below nothing,
//! whoever spends it at once. A hold ends by the clock. An owner is known by nothing but its typed id. A gift card is a
//! payment, not a discount (rule P1): no total is changed by it.

mod actions;
mod code;
mod events;
mod loaders;
mod mutation;
mod query;
mod spending;
mod store;
mod types;

pub use loaders::{GiftCardById, GiftCardEntryById};
pub use mutation::GiftCardMutation;
pub use query::GiftCardQuery;
pub use spending::{Kept, Taken, give_back, hold, release, take};
pub use types::{GiftCard, GiftCardEntry};

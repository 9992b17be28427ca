//! Money that whoever knows a code can pay with.
//!
//! Owns gift cards and the ledger of what they are worth: the sum of their entries, which are appended and never
//! changed, and which never falls below nothing, whoever spends a card at once. A code is looked up through [`find`]
//! alone, which counts what is guessed. A checkout comes through [`stored`](super::stored): what it keeps ends by the
//! clock, and its owner is known by nothing but its typed id. A gift card is a payment, not a discount (rule P1): no
//! total is changed by it.

mod actions;
mod code;
mod events;
mod finding;
mod loaders;
mod mutation;
mod query;
mod spending;
mod store;
mod types;

pub use finding::find;
pub use loaders::{GiftCardById, GiftCardEntryById};
pub use mutation::GiftCardMutation;
pub use query::GiftCardQuery;
pub use spending::usable;
pub use types::{GiftCard, GiftCardEntry};

pub(super) use spending::{give_back, hold, release, standing, take};

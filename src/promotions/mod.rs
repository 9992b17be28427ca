//! What buyers get off.
//!
//! Owns promotions and the discount codes that open them, the counters of what was used of both, and the doors
//! that a checkout takes: [`offers`] for what a store offers at a moment, [`redemption`] for what an order uses of
//! it. What a promotion does to a basket is decided by `rules::promotion` alone (rules P1 to P6), for preview, cart
//! and order alike. Never changes a price, and never puts a basket together: `baskets` does.
//!
//! The rooms of promotions themselves stand here, those of codes in `codes`; `preview` tries offers on a basket.
//! The terms of a promotion are stored as the rules write them. A new kind of condition or benefit gets a value in
//! `actions/terms` and a view in `types`; both are matched exhaustively, so that the compiler names the places.

mod actions;
pub mod codes;
mod events;
mod loaders;
mod mutation;
mod offers;
pub mod preview;
mod query;
pub mod redemption;
mod store;
mod terms;
mod types;

pub use actions::create;
pub use actions::{PriceChangeInput, PromotionActionInput, PromotionConditionInput};
pub use loaders::PromotionById;
pub use mutation::PromotionMutation;
pub use offers::{Asked, find_rule, offers};
pub use query::PromotionQuery;
pub use types::{Promotion, PromotionConnection};

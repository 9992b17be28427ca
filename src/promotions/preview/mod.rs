//! What a store's promotions would do to a basket.
//!
//! Owns the question and how its answer looks. Works out nothing of its own: `baskets` puts the basket together,
//! `offers` reads what counts, the rules decide (rule P6), so that a cart gets the same answer. Takes nothing and
//! writes nothing.

mod evaluate;
mod input;
mod query;
mod types;

pub use query::PromotionPreviewQuery;
pub use types::{DiscountCodeVerdict, PromotionVerdict};

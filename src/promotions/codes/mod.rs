//! Words that open a promotion.
//!
//! Owns discount codes: how they are written, compared and generated, their limits and times. What came of one that
//! a buyer typed is decided by the rules (rule P5). Never counts a use: that is the business of `redemption`, and
//! `used` changes there alone.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::create;
pub use loaders::DiscountCodeById;
pub use mutation::DiscountCodeMutation;
pub use query::DiscountCodeQuery;
pub use store::{delete_of, find_given, in_rules};
pub use types::{DiscountCode, DiscountCodeConnection};

//! What taxes would lie on a sale, without one.
//!
//! Owns `taxPreview`: a basket of the store's own variants, taxed through the same door as carts and orders.
//! Promotions play no part. Never writes anything.

mod query;
mod types;

pub use query::TaxPreviewQuery;
pub use types::{TaxLine, TaxedAmount};

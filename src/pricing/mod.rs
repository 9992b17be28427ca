//! What things cost.
//!
//! Owns the prices of products and variants, in every currency, from every quantity, over every time,
//! and the ranges that the storefront filters and sorts by. Which price holds is decided by
//! `rules::pricing` alone (rule M2), for every reader. Never converts a currency (rule M1), and never
//! changes a product.
//!
//! The ranges of a product are rewritten by the transaction that changes one of its prices, here, or one
//! of its variants, through [`PriceRanges`].

mod actions;
mod draft;
mod events;
mod holding;
mod lines;
mod loaders;
mod mutation;
mod query;
mod reactions;
mod rows;
mod store;
mod subscription;
mod types;

pub use actions::refresh_ranges;
pub use actions::set::{PriceChange, ProductPrices, is_ordinary, set, set_many};
pub use draft::{PriceDraft, check};
pub use holding::{PriceQuestion, find_holding};
pub use lines::{PricedLine, SaleLineInput, price_lines};
pub use loaders::{PriceById, PriceRangeByProduct, PricesByProduct, PricesInCurrency};
pub use mutation::PriceMutation;
pub use query::PriceQuery;
pub use reactions::PriceRanges;
pub use store::{list_by_products, moments};
pub use subscription::PriceSubscription;
pub use types::{Price, PriceConnection, PriceRange, PriceTier, VariantPrice};

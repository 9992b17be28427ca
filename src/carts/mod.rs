//! What buyers put together before they order.
//!
//! Owns carts: their lines, codes, addresses and choices, who may touch them, what they cost at the moment at
//! which they are looked at ([`Priced`]), and what becomes of those that are left. Nothing that is worked out is
//! kept: prices, promotions, taxes and shipping are those of the moment, and a line only remembers what it cost
//! when it was added (rule M3). A guest proves a cart by its secret alone ([`access`]); every edit holds the
//! cart's row first ([`edit`]), so that two at once both survive (rule C4).
//!
//! [`checkout`] is the door for whoever turns a cart into an order, [`merge`] that for whoever lets customers in, and
//! [`abandonment`] that for the jobs that look after carts nobody comes back to. Carts hold no stock: they are told what is left, checkout holds it.
//! Never takes money, never numbers an order.

pub mod abandonment;
mod access;
mod actions;
mod attributes;
pub mod checkout;
mod edit;
mod events;
mod loaders;
mod mutation;
mod priced;
mod query;
pub mod settings;
mod store;
mod types;

pub use access::CartRef;
pub use actions::merge::run as merge;
pub use edit::Edited;
pub use loaders::CartById;
pub use mutation::CartMutation;
pub use priced::{Facts, Obstacle, Priced, TaxStatus};
pub use query::CartQuery;
pub use store::Parts;
pub use types::{Cart, CartConnection};

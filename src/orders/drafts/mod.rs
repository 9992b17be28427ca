//! Orders that staff puts together for a buyer.
//!
//! Owns drafts until they become orders: their lines at the store's prices, at other ones or made up, the staff's own
//! discount, and shipping at a price that staff names. What a draft comes to is worked out by the same basket and
//! rules as a cart, each time anew ([`priced`]); completing it goes through the one door of orders, [`super::place`].
//! Holds no stock: it is promised when the order is placed.

mod actions;
mod events;
mod input;
mod loaders;
mod mutation;
mod priced;
mod query;
mod store;
mod types;

pub use loaders::DraftById;
pub use mutation::DraftOrderMutation;
pub use query::DraftOrderQuery;
pub use types::{DraftOrder, DraftOrderConnection};

//! Units that are kept for somebody: held for a cart, or promised to an order.
//!
//! Owns the doors that checkout, orders, fulfillment and returns come through, each inside the transaction of
//! whoever calls it:
//!
//! | door | what it does |
//! |---|---|
//! | [`left`] | tells how many could be bought, for a cart that still asks |
//! | [`hold`] | keeps the units of a cart until a moment; all of them, or none and how many are left |
//! | [`promise`] | makes them the order's, once, whether the hold is still good or they are found anew |
//! | [`relocate`] | promises units from another location, from where they will be shipped |
//! | [`release`] | lets go of what is held or promised, all of it or some lines |
//! | [`ship`] | takes what is promised out of the house |
//! | [`put_back`] | takes what was shipped in again, never more than went out |
//! | [`tidy`] | throws away holds that are over |
//!
//! A hold ends by the clock: from its moment on it counts nowhere, whether a job tidied it away or not. An
//! owner is known by nothing but its typed id, so that the domains above name themselves. One's own hold
//! never stands in one's own way. Two changes of one owner at the same time are kept apart by whoever calls,
//! who holds the cart or the order. Never decides whether something may be sold.

mod actions;
mod left;
mod loaders;
mod owner;
mod query;
mod store;
mod types;

pub use actions::{Line, MAX_HOLD, Outcome, hold, promise, put_back, release, relocate, ship, tidy};
pub use left::left;
pub use loaders::{HeldByItem, StockReservationById};
pub use owner::Owner;
pub use query::StockReservationQuery;
pub use store::{live_holds, moments, over};
pub use types::{StockReservation, StockReservationConnection};

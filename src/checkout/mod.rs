//! From a cart to an order and its money, or to neither (rules C5 and C6).
//!
//! Owns the way, not what it leads past: a checkout is one row a cart, with a row for each payment that was begun, and
//! [`rules::state::checkout`] alone says what follows from what. Each step is a transaction that holds the checkout
//! first ([`held`]): to pay, stock, codes and budgets are taken in the name of an order to be, and the cart is closed;
//! the provider is asked outside of every transaction; what a payment came to ([`follow`]) then makes the order, or
//! gives everything back and undoes the payment.
//!
//! The buyer's terms are those of the moment at which the buyer paid, and are kept with the payment: no price that
//! changes meanwhile makes a payment worthless. Whatever dies in between is found again by [`drive`]: a row that is due
//! is all that a worker needs. Never asks a provider itself, never counts a total.

mod actions;
mod drive;
mod events;
mod follow;
mod held;
mod mutation;
mod order;
mod query;
mod reactions;
mod store;
mod types;

pub use drive::{drive, due};
pub use mutation::CheckoutMutation;
pub use query::CheckoutQuery;
pub use reactions::PaymentsFollowed;

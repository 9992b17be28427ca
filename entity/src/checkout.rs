//! Carts on their way to an order.

pub mod checkout_attempts;
pub mod checkouts;

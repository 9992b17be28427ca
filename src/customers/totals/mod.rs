//! What customers have bought, as orders count it.
//!
//! Owns one row for each customer and currency. Never reads an order: whoever places, cancels or refunds one counts
//! it here, in the same transaction.

mod loaders;
mod store;
mod types;

use rules::Money;
use rules::ids::CustomerId;

pub use loaders::TotalsByCustomer;
pub use store::{absorb, has_ordered, orders_of};
pub use types::CustomerOrderTotal;

use crate::kernel::{Result, StoreScope, Tx};

/// What one order changes of a customer's totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderCount {
    /// Orders more, or fewer where it is below zero: 1 where an order is placed, -1 where it is canceled.
    pub orders: i64,
    /// What was paid, or given back where it is below zero, in the order's currency.
    pub spent: Money,
}

/// Counts an order, in the transaction that places, pays, refunds or cancels it. Two that count at once both count.
///
/// # Errors
/// `Internal` where more would be taken back than was counted: that is no caller's mistake.
pub async fn count_order(tx: &Tx<StoreScope>, customer: CustomerId, count: OrderCount) -> Result<()> {
    store::count(tx, customer, count).await
}

//! How totals look in the schema.

use std::sync::Arc;

use entity::customers::customer_order_totals;
use rules::Money;

use crate::kernel::graph::object;

/// What a customer has bought in one currency.
#[derive(Clone)]
pub struct CustomerOrderTotal(pub Arc<customer_order_totals::Model>);

/// What a customer has bought in one currency.
#[object]
impl CustomerOrderTotal {
    /// Orders that are not canceled.
    fn orders(&self) -> i32 {
        i32::try_from(self.0.orders).unwrap_or(i32::MAX)
    }

    /// What was paid and not given back.
    fn spent(&self) -> Money {
        Money::from_minor(self.0.spent, self.0.currency)
    }
}

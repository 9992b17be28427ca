//! What is told of checkouts. That an order was placed, the order tells.

use entity::checkout::checkouts;
use rules::ids::{CartId, CheckoutId, OrderId};
use rules::states::CheckoutStatus;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A checkout as it was at one moment; also what the audit log keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutSnapshot {
    /// The id.
    pub id: CheckoutId,
    /// The cart.
    pub cart_id: CartId,
    /// Where it stood.
    pub status: CheckoutStatus,
    /// The order that came of it.
    pub order_id: Option<OrderId>,
    /// The version.
    pub version: i64,
}

impl From<&checkouts::Model> for CheckoutSnapshot {
    fn from(row: &checkouts::Model) -> Self {
        Self { id: row.id, cart_id: row.cart_id, status: row.status, order_id: row.order_id, version: row.version }
    }
}

macro_rules! checkout_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The checkout after the change.
                pub checkout: CheckoutSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "checkout";

                fn aggregate_id(&self) -> String {
                    self.checkout.id.to_string()
                }
            }
        )+
    };
}

checkout_events! {
    /// A buyer pays: stock and codes are held, and the cart is closed.
    CheckoutPaying = "checkout.paying",
    /// The buyer went back, or the payment was not made: the cart is open again.
    CheckoutReopened = "checkout.reopened",
    /// An order came of it.
    CheckoutCompleted = "checkout.completed",
}

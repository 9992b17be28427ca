//! What is told of carts. Nobody's address is among it: whoever writes to a buyer asks for that when it is sent.

use chrono::{DateTime, Utc};
use entity::carts::{cart_abandonments, cart_lines, carts};
use rules::Currency;
use rules::ids::{CartAbandonmentId, CartId, CartLineId, CustomerId, OrderId, ProductVariantId};
use rules::states::CartState;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A cart as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CartSnapshot {
    /// The id.
    pub id: CartId,
    /// Whether it could be edited.
    pub state: CartState,
    /// Whose it was.
    pub customer_id: Option<CustomerId>,
    /// The currency.
    pub currency: Currency,
    /// Whether an e-mail address was known.
    pub has_email: bool,
    /// What was in it.
    pub lines: Vec<CartLineSnapshot>,
    /// The order that it became.
    pub order_id: Option<OrderId>,
    /// The version.
    pub version: i64,
}

/// A line of a cart as it was at one moment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CartLineSnapshot {
    /// The id.
    pub id: CartLineId,
    /// What was bought.
    pub variant_id: ProductVariantId,
    /// How many.
    pub quantity: i32,
}

impl CartSnapshot {
    /// A cart with its lines.
    pub fn of(cart: &carts::Model, lines: &[cart_lines::Model]) -> Self {
        let line = |line: &cart_lines::Model| CartLineSnapshot {
            id: line.id,
            variant_id: line.variant_id,
            quantity: line.quantity,
        };
        Self {
            id: cart.id,
            state: cart.state,
            customer_id: cart.customer_id,
            currency: cart.currency,
            has_email: cart.email.is_some(),
            lines: lines.iter().map(line).collect(),
            order_id: cart.order_id,
            version: cart.version,
        }
    }
}

macro_rules! cart_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The cart after the change.
                pub cart: CartSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "cart";

                fn aggregate_id(&self) -> String {
                    self.cart.id.to_string()
                }
            }
        )+
    };
}

cart_events! {
    /// Something was put into a new cart.
    CartCreated = "cart.created",
    /// A cart was changed.
    CartUpdated = "cart.updated",
    /// Somebody came back to a cart that was left.
    CartRecovered = "cart.recovered",
    /// A cart became an order.
    CartCompleted = "cart.completed",
}

/// A cart was left with something in it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CartAbandoned {
    /// The cart.
    pub cart: CartSnapshot,
    /// The id of this time that it was left; the link that leads back is made from it when it is sent.
    pub abandonment_id: CartAbandonmentId,
    /// When it was last touched.
    pub abandoned_at: DateTime<Utc>,
}

impl CartAbandoned {
    /// A cart, and when it was left.
    pub fn of(cart: CartSnapshot, left: &cart_abandonments::Model) -> Self {
        Self { cart, abandonment_id: left.id, abandoned_at: left.abandoned_at }
    }
}

impl Event for CartAbandoned {
    const TOPIC: &'static str = "cart.abandoned";
    const AGGREGATE: &'static str = "cart";

    fn aggregate_id(&self) -> String {
        self.cart.id.to_string()
    }
}

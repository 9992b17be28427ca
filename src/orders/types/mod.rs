//! How orders look in the schema.

mod explanation;
mod line;
mod order;
mod parts;
mod payloads;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use rules::ids::CustomerId;
use rules::states::{FulfillmentProgress, OrderStatus, PaymentStatus, ReturnProgress};

pub use line::OrderLine;
pub use order::{Order, OrderConnection};
pub use parts::OrderNote;
pub use payloads::{
    OrderCancelPayload, OrderLookupPayload, OrderMarkAsPaidPayload, OrderNoteAddPayload, OrderUpdatePayload,
};

/// A number as the schema has it; what is larger ends there.
pub fn number(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

/// Which orders to list: those to which all of these apply.
#[derive(InputObject, Default, Clone)]
pub struct OrderFilterInput {
    /// Words that an order is found by: each has to begin its number, e-mail address, purchase order number, one of
    /// the names in its addresses, or the stock number of a line. Case and accents do not count; 5 words at the most.
    pub search: Option<String>,
    /// Those that stand at one of these; any where it is left out.
    pub statuses: Option<Vec<OrderStatus>>,
    /// Those of which this was paid.
    pub payment_statuses: Option<Vec<PaymentStatus>>,
    /// Those of which this was sent.
    pub fulfillment_statuses: Option<Vec<FulfillmentProgress>>,
    /// Those of which this came back.
    pub return_statuses: Option<Vec<ReturnProgress>>,
    /// Those placed at this time or later.
    pub placed_from: Option<DateTime<Utc>>,
    /// Those placed before this time.
    pub placed_before: Option<DateTime<Utc>>,
    /// Those of one customer.
    pub customer_id: Option<CustomerId>,
    /// Those that are marked with this word; case does not count.
    pub tag: Option<String>,
}

/// In which order orders are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrderSort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By number, the lowest first.
    Number,
    /// By number, the highest first.
    NumberDescending,
    /// By total, the lowest first; for stores with one currency.
    Total,
    /// By total, the highest first; for stores with one currency.
    TotalDescending,
}

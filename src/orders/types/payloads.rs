//! The answers of mutations.

use super::{Order, OrderNote};
use crate::payload;

payload! {
    /// The answer of `orderUpdate`.
    OrderUpdatePayload {
        /// The order as it is now.
        order: Order,
    }
}

payload! {
    /// The answer of `orderCancel`.
    OrderCancelPayload {
        /// The order as it is now.
        order: Order,
    }
}

payload! {
    /// The answer of `orderLookup`: the same for an order that is there and one that is not.
    OrderLookupPayload {
        /// Whether a letter is on its way.
        accepted: bool,
    }
}

payload! {
    /// The answer of `orderMarkAsPaid`.
    OrderMarkAsPaidPayload {
        /// The order as it is now.
        order: Order,
    }
}

payload! {
    /// The answer of `orderNoteAdd`.
    OrderNoteAddPayload {
        /// The new note.
        order_note: OrderNote,
    }
}

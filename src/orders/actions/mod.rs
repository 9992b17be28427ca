//! The verbs of orders, one file each.

pub mod cancel;
pub mod lookup;
pub mod mark_as_paid;
pub mod note_add;
pub mod update;

pub use cancel::OrderCancelInput;
pub use update::OrderUpdateInput;

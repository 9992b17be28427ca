//! The verbs of orders, one file each.

pub mod cancel;
pub mod note_add;
pub mod update;

pub use cancel::OrderCancelInput;
pub use update::OrderUpdateInput;

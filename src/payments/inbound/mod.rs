//! What providers tell of their own accord.
//!
//! Owns the door of `POST /webhooks/payments/<provider>`: it finds whose provider it is, holds the signature against
//! that provider's secret before anything is read, keeps each event once, and records what it says, in whatever order
//! events come. Nothing is asked of anybody, so that it answers quickly. Never shows why something is not listened to.

mod events;
mod receive;
mod store;

pub use receive::{Heard, receive};
pub use store::store_of;

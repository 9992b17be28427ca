//! What visitors are told of stock: whether a variant can be bought, and when more comes.
//!
//! Owns one batched read, which counts what is there, promised, held and kept back, and how it looks in the
//! schema; `rules::stock` decides what is told. Never tells how many units there are unless the store says so.

mod loaders;
mod store;
mod types;

pub use loaders::AvailabilityByProduct;
pub use types::Availability;

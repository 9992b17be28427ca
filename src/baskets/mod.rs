//! What somebody is about to buy, put together from what the store sells.
//!
//! Owns the way from variants and quantities to the one [`rules::basket::Basket`] that promotions, taxes and
//! totals are worked out on, and from gifts to what is known of them. Carts, previews and orders all come
//! through here, so that all three get the same answer (rule P6). Never decides what is off, and writes nothing.
//!
//! A new fact about a line is read in `lines`; a new fact about the whole in `assemble`.

mod assemble;
mod gifts;
mod lines;

pub use assemble::{Bought, Gathered, Wanted, WantedLine, assemble, gather, unit_prices};
pub use gifts::gifts;
pub use lines::{Missing, Question};

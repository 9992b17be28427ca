//! What can be done to gift cards, one file each.

pub mod adjust;
pub mod check;
pub mod create;
pub mod disable;

pub use create::GiftCardCreateInput;

/// The longest note, in characters.
const MAX_NOTE: usize = 500;

/// What a card is worth at the most, in major units.
const MAX_WORTH: i64 = 1_000_000_000;

//! What buyers have put together and not yet ordered.

pub mod cart_abandonments;
pub mod cart_addresses;
pub mod cart_codes;
pub mod cart_gift_cards;
pub mod cart_lines;
pub mod cart_settings;
pub mod cart_shipping_choices;
pub mod cart_tokens;
#[expect(clippy::module_inception, reason = "a domain is called as its first table")]
pub mod carts;

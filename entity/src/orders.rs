//! What buyers have ordered, and the drafts of it.

pub mod draft_order_lines;
pub mod draft_orders;
pub mod order_addresses;
pub mod order_attributions;
pub mod order_discounts;
pub mod order_keys;
pub mod order_lines;
pub mod order_notes;
pub mod order_numbers;
pub mod order_payment_tasks;
pub mod order_payments;
pub mod order_shipping_lines;
pub mod order_status_history;
pub mod order_tags;
pub mod order_taxes;
pub mod order_terms;
pub mod order_tokens;
#[expect(clippy::module_inception, reason = "a domain is called as its first table")]
pub mod orders;

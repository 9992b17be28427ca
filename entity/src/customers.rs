//! Who buys at a store, and how they sign in.

pub mod customer_addresses;
pub mod customer_credentials;
pub mod customer_one_time_tokens;
pub mod customer_order_totals;
pub mod customer_refresh_tokens;
pub mod customer_sessions;
pub mod customer_tags;
#[expect(clippy::module_inception, reason = "a domain is called as its first table")]
pub mod customers;
pub mod segment_members;
pub mod segments;

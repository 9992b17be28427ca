//! How stores are paid.

pub mod gift_card_entries;
pub mod gift_card_holds;
pub mod gift_cards;
pub mod inbound_webhooks;
pub mod payment_attempts;
pub mod payment_events;
pub mod payment_provider_configs;
#[expect(clippy::module_inception, reason = "a domain is called as its first table")]
pub mod payments;
pub mod refunds;
pub mod store_credit_entries;
pub mod store_credit_holds;
pub mod store_credits;

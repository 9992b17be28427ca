//! What buyers get off, the codes that open it, and what was used of both.

pub mod applied_promotions;
pub mod code_redemptions;
pub mod discount_codes;
pub mod promotion_spending;
pub mod promotion_usage;
#[expect(clippy::module_inception, reason = "a domain is called as its first table")]
pub mod promotions;

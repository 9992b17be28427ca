//! What is told of discount codes.

use chrono::{DateTime, Utc};
use entity::promotions::discount_codes;
use rules::ids::{DiscountCodeId, PromotionId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A code as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscountCodeSnapshot {
    /// The id.
    pub id: DiscountCodeId,
    /// The promotion that it opens.
    pub promotion_id: PromotionId,
    /// The word, as the merchant typed it.
    pub code: String,
    /// Whether it can be used at all.
    pub enabled: bool,
    /// How many orders may use it; none for any number.
    pub usage_limit: Option<i64>,
    /// How many orders of one buyer may use it; none for any number.
    pub limit_per_buyer: Option<i64>,
    /// The first moment at which it may be used; none for always.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which it no longer may; none for never.
    pub valid_to: Option<DateTime<Utc>>,
    /// The version.
    pub version: i64,
}

impl From<&discount_codes::Model> for DiscountCodeSnapshot {
    fn from(row: &discount_codes::Model) -> Self {
        Self {
            id: row.id,
            promotion_id: row.promotion_id,
            code: row.code.clone(),
            enabled: row.enabled,
            usage_limit: row.usage_limit,
            limit_per_buyer: row.limit_per_buyer,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
        }
    }
}

macro_rules! discount_code_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The code after the change, or before it was deleted.
                pub discount_code: DiscountCodeSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "discount_code";

                fn aggregate_id(&self) -> String {
                    self.discount_code.id.to_string()
                }
            }
        )+
    };
}

discount_code_events! {
    /// A code was created.
    DiscountCodeCreated = "discount_code.created",
    /// A code was changed.
    DiscountCodeUpdated = "discount_code.updated",
    /// A code was deleted.
    DiscountCodeDeleted = "discount_code.deleted",
}

/// Codes were generated for a promotion; also what the audit log keeps. The words themselves are not told: whoever
/// knows one can use it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscountCodesGenerated {
    /// The promotion that they open.
    pub promotion_id: PromotionId,
    /// How many.
    pub count: usize,
    /// What they begin with.
    pub prefix: String,
    /// How many orders may use each; none for any number.
    pub usage_limit: Option<i64>,
    /// How many orders of one buyer may use each; none for any number.
    pub limit_per_buyer: Option<i64>,
    /// The first moment at which they may be used; none for always.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which they no longer may; none for never.
    pub valid_to: Option<DateTime<Utc>>,
}

impl Event for DiscountCodesGenerated {
    const TOPIC: &'static str = "discount_codes.generated";
    const AGGREGATE: &'static str = "promotion";

    fn aggregate_id(&self) -> String {
        self.promotion_id.to_string()
    }
}

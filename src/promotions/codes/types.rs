//! How discount codes look in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::promotions::discount_codes;
use rules::ids::{DiscountCodeId, PromotionId};

use super::store::CodeFilter;
use crate::kernel::Error;
use crate::kernel::graph::{Load, object};
use crate::promotions::loaders::PromotionById;
use crate::promotions::types::{Promotion, number};
use crate::{connection, payload};

/// A word that opens a promotion.
#[derive(Clone)]
pub struct DiscountCode(pub Arc<discount_codes::Model>);

impl From<discount_codes::Model> for DiscountCode {
    fn from(row: discount_codes::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A word that opens a promotion.
#[object]
impl DiscountCode {
    /// The code's id.
    fn id(&self) -> DiscountCodeId {
        self.0.id
    }

    /// The word, as it was typed. Buyers may write it in any case.
    fn code(&self) -> &str {
        &self.0.code
    }

    /// The promotion that it opens.
    fn promotion(&self) -> Load<PromotionById, Promotion> {
        Load::<PromotionById, _>::try_of(self.0.promotion_id, |row| {
            row.map(Promotion).ok_or_else(|| Error::internal("a code opens a promotion that is not there"))
        })
    }

    /// Whether it can be used at all. One that can't is to buyers as one that is not there.
    fn enabled(&self) -> bool {
        self.0.enabled
    }

    /// How many orders used it that are not canceled.
    fn used(&self) -> i32 {
        number(self.0.used)
    }

    /// How many orders may use it; null for any number.
    fn usage_limit(&self) -> Option<i32> {
        self.0.usage_limit.map(number)
    }

    /// How many orders of one customer, or of one guest's e-mail address, may use it; null for any number.
    fn limit_per_buyer(&self) -> Option<i32> {
        self.0.limit_per_buyer.map(number)
    }

    /// The first moment at which it may be used; null for always.
    fn valid_from(&self) -> Option<DateTime<Utc>> {
        self.0.valid_from
    }

    /// The first moment at which it no longer may; null for never.
    fn valid_to(&self) -> Option<DateTime<Utc>> {
        self.0.valid_to
    }

    /// Goes up with each change; send it back as `expectedVersion`. A use does not change it.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// Which codes to list. All that is given must hold.
#[derive(InputObject, Default, Clone)]
pub struct DiscountCodeFilterInput {
    /// Those that open this promotion.
    promotion_id: Option<PromotionId>,
    /// Those that begin with this; case does not count.
    code_prefix: Option<String>,
    /// Those that can be used at all, or those that can't.
    enabled: Option<bool>,
    /// Those that an order used, or those that none did.
    used: Option<bool>,
}

impl From<DiscountCodeFilterInput> for CodeFilter {
    fn from(input: DiscountCodeFilterInput) -> Self {
        Self { promotion: input.promotion_id, prefix: input.code_prefix, enabled: input.enabled, used: input.used }
    }
}

/// In which order codes are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum DiscountCodeSort {
    /// By the word, from A to Z.
    #[default]
    Code,
    /// By the word, from Z to A.
    CodeDescending,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(DiscountCodeConnection, DiscountCodeEdge, DiscountCode, "discount codes");

payload! {
    /// The answer of `discountCodeCreate`.
    DiscountCodeCreatePayload {
        /// The new code.
        discount_code: DiscountCode,
    }
}

payload! {
    /// The answer of `discountCodesGenerate`.
    DiscountCodesGeneratePayload {
        /// The words of the new codes.
        codes: Vec<String>,
    }
}

payload! {
    /// The answer of `discountCodeUpdate`.
    DiscountCodeUpdatePayload {
        /// The code as it is now.
        discount_code: DiscountCode,
    }
}

payload! {
    /// The answer of `discountCodeDelete`.
    DiscountCodeDeletePayload {
        /// The id of the deleted code.
        deleted_discount_code_id: DiscountCodeId,
    }
}

//! Discount codes (rule P5).
//!
//! Counts nothing itself: how often a code was used, by orders that are not canceled, comes in as a
//! fact, and is taken under a lock when the order is made.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::explanation::{Decision, SkipReason};
use super::{Offers, Promotion, Verdict};
use crate::basket::Basket;
use crate::ids::{CustomerId, PromotionId};
use crate::problem::{ErrorCode, Problem};
use crate::text::fold;

/// A word that opens a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscountCode {
    /// The word, as the merchant typed it. Compared without case, width and blanks around it.
    pub code: String,
    /// The promotion that it opens.
    pub promotion: PromotionId,
    /// The one customer that it is for; `None` for everybody.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The first moment at which it may be used; `None` for always.
    #[serde(default)]
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which it no longer may; `None` for never.
    #[serde(default)]
    pub valid_to: Option<DateTime<Utc>>,
    /// How many orders may use it; `None` for any number.
    #[serde(default)]
    pub limit: Option<u64>,
    /// How many orders of one customer, or of one guest's e-mail address, may use it.
    #[serde(default)]
    pub limit_per_buyer: Option<u64>,
    /// How many orders used it that are not canceled.
    #[serde(default)]
    pub used: u64,
    /// How many of these were of this buyer.
    #[serde(default)]
    pub used_by_buyer: u64,
}

/// What came of a code that the buyer typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeOutcome {
    /// The code, as the buyer typed it first.
    pub typed: String,
    /// What came of it.
    #[serde(flatten)]
    pub status: CodeStatus,
}

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CodeStatus {
    /// It opened its promotion, which was applied. The order uses it once.
    Applied {
        /// The promotion.
        promotion: PromotionId,
    },
    /// It is good, but its promotion was not needed: another is better for the buyer and excludes it,
    /// or another code opened it already.
    Outdone {
        /// The promotion that was applied.
        by: PromotionId,
    },
    /// It can't be used.
    Refused {
        /// Why.
        refusal: CodeRefusal,
    },
}

/// Why a code can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
pub enum CodeRefusal {
    /// There is no such code.
    Unknown,
    /// It can't be used yet.
    NotStarted,
    /// It could be used earlier, and no longer.
    Expired,
    /// It was used as often as it may be, or its promotion's budget is used up.
    UsedUp,
    /// It is for other customers.
    NotForYou,
    /// It does not fit what is in the cart.
    NotForThisCart,
}

impl CodeRefusal {
    /// What the buyer is told, about the input field at `path`.
    pub fn problem(self, path: &str) -> Problem {
        let code = match self {
            Self::Unknown => ErrorCode::CodeUnknown,
            Self::NotStarted => ErrorCode::CodeNotStarted,
            Self::Expired => ErrorCode::CodeExpired,
            Self::UsedUp => ErrorCode::CodeUsedUp,
            Self::NotForYou => ErrorCode::CodeNotForYou,
            Self::NotForThisCart => ErrorCode::CodeNotForCart,
        };
        Problem::new(code, path, self.to_string())
    }
}

impl fmt::Display for CodeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "there is no such code: check how it is written",
            Self::NotStarted => "this code can't be used yet",
            Self::Expired => "this code is no longer valid",
            Self::UsedUp => "this code has been used as often as it may be",
            Self::NotForYou => "this code is for other customers: sign in, if it was given to you",
            Self::NotForThisCart => "this code does not fit what is in the cart",
        })
    }
}

impl DiscountCode {
    /// Why it can't be used by this buyer at this moment, whatever is in the basket; `None` where it can.
    pub fn refusal(&self, buyer: Option<CustomerId>, at: DateTime<Utc>) -> Option<CodeRefusal> {
        let reached = |limit: Option<u64>, used: u64| limit.is_some_and(|limit| used >= limit);
        if self.customer.is_some() && self.customer != buyer {
            Some(CodeRefusal::NotForYou)
        } else if self.valid_from.is_some_and(|from| at < from) {
            Some(CodeRefusal::NotStarted)
        } else if self.valid_to.is_some_and(|to| to <= at) {
            Some(CodeRefusal::Expired)
        } else if reached(self.limit, self.used) || reached(self.limit_per_buyer, self.used_by_buyer) {
            Some(CodeRefusal::UsedUp)
        } else {
            None
        }
    }
}

/// A code that the buyer typed, with what is known of it.
struct Typed<'a> {
    text: &'a str,
    known: Option<&'a DiscountCode>,
    refusal: Option<CodeRefusal>,
}

/// The codes of a basket, each once.
pub(super) struct Codes<'a>(Vec<Typed<'a>>);

impl<'a> Codes<'a> {
    /// Looks the codes up. Twins in case, width or blanks are one code.
    pub fn read(basket: &'a Basket, offers: &'a Offers, at: DateTime<Utc>) -> Self {
        let mut seen: Vec<String> = Vec::with_capacity(basket.codes.len());
        let mut codes = Vec::with_capacity(basket.codes.len());
        for text in &basket.codes {
            let key = fold(text);
            if seen.contains(&key) {
                continue;
            }
            let is_offered = |code: &&DiscountCode| offers.promotions.iter().any(|offer| offer.id == code.promotion);
            let known = offers.codes.iter().filter(|code| fold(&code.code) == key).find(is_offered);
            let refusal = known.map_or(Some(CodeRefusal::Unknown), |code| code.refusal(basket.buyer.customer, at));
            codes.push(Typed { text, known, refusal });
            seen.push(key);
        }
        Self(codes)
    }

    /// The first code that may be used for a promotion.
    pub fn given_for(&self, promotion: &Promotion) -> Option<&'a DiscountCode> {
        let good = self.0.iter().filter(|typed| typed.refusal.is_none());
        good.filter_map(|typed| typed.known).find(|code| code.promotion == promotion.id)
    }

    /// What came of each.
    pub fn outcomes(&self, verdicts: &[Verdict]) -> Vec<CodeOutcome> {
        let mut used: Vec<PromotionId> = Vec::new();
        let mut status = |typed: &Typed<'_>| {
            let refused = |refusal| CodeStatus::Refused { refusal };
            let (Some(code), None) = (typed.known, typed.refusal) else {
                return refused(typed.refusal.unwrap_or(CodeRefusal::Unknown));
            };
            let promotion = code.promotion;
            match verdicts.iter().find(|verdict| verdict.promotion == promotion).map(|verdict| &verdict.decision) {
                None => refused(CodeRefusal::Unknown),
                Some(Decision::Applied { .. }) if used.contains(&promotion) => CodeStatus::Outdone { by: promotion },
                Some(Decision::Applied { .. }) => {
                    used.push(promotion);
                    CodeStatus::Applied { promotion }
                }
                Some(Decision::Skipped { reason }) => match reason {
                    SkipReason::Outdone { by } => CodeStatus::Outdone { by: *by },
                    SkipReason::NotStarted { .. } => refused(CodeRefusal::NotStarted),
                    SkipReason::Ended { .. } => refused(CodeRefusal::Expired),
                    SkipReason::BudgetUsedUp => refused(CodeRefusal::UsedUp),
                    SkipReason::Condition { unmet } if unmet.is_about_buyer() => refused(CodeRefusal::NotForYou),
                    _ => refused(CodeRefusal::NotForThisCart),
                },
            }
        };
        self.0.iter().map(|typed| CodeOutcome { typed: typed.text.to_owned(), status: status(typed) }).collect()
    }
}

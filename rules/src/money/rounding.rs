//! The rules that a store chooses for its amounts, and the one place where digits are dropped.

#![allow(clippy::enum_variant_names, reason = "the derive of the column's enum names its own type so")]

use super::{Money, MoneyError};
use crate::decimal::Decimal;

/// What becomes of an amount that lies between two minor units (rule M4).
///
/// All three treat an amount and its negative alike, so that a refund is the mirror of its sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(
    feature = "sea-orm",
    sea_orm(
        rs_type = "String",
        db_type = "String(sea_orm::sea_query::StringLen::N(16))",
        rename_all = "SCREAMING_SNAKE_CASE"
    )
)]
pub enum RoundingMode {
    /// To the nearest; a half away from zero: 0.125 becomes 0.13.
    #[default]
    HalfUp,
    /// To the nearest; a half to the even neighbor: 0.125 becomes 0.12, 0.135 becomes 0.14.
    HalfEven,
    /// To the nearest; a half towards zero: 0.125 becomes 0.12.
    HalfDown,
}

/// Where a rate is rounded: once for the whole line, or for each unit of it (rule M4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(
    feature = "sea-orm",
    sea_orm(
        rs_type = "String",
        db_type = "String(sea_orm::sea_query::StringLen::N(16))",
        rename_all = "SCREAMING_SNAKE_CASE"
    )
)]
pub enum RoundingLevel {
    /// The line's total is rounded once.
    #[default]
    Line,
    /// One unit is rounded, then multiplied by the quantity.
    Unit,
}

/// What the prices of a store say about tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(
    feature = "sea-orm",
    sea_orm(
        rs_type = "String",
        db_type = "String(sea_orm::sea_query::StringLen::N(16))",
        rename_all = "SCREAMING_SNAKE_CASE"
    )
)]
pub enum TaxMode {
    /// Prices are without tax; it is added at the end.
    Net,
    /// Prices include tax.
    #[default]
    Gross,
}

/// A store's whole rounding rule; an order keeps a copy of it (rule M4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rounding {
    /// What becomes of a half.
    pub mode: RoundingMode,
    /// Where it is rounded.
    pub level: RoundingLevel,
}

impl Rounding {
    /// `rate` of a line of `quantity` units at `unit` each, such as its tax at the rate 0.19.
    ///
    /// # Errors
    /// `Overflow` where the result, or a step to it, is beyond what can be counted.
    pub fn of_line(self, unit: Money, quantity: i64, rate: Decimal) -> Result<Money, MoneyError> {
        match self.level {
            RoundingLevel::Line => unit.times(quantity)?.times_rate(rate, self.mode),
            RoundingLevel::Unit => unit.times_rate(rate, self.mode)?.times(quantity),
        }
    }
}

/// `numerator / 10^scale` as a whole number. `None` where `10^scale` is beyond counting.
pub(super) fn divide_by_power_of_ten(numerator: i128, scale: u32, mode: RoundingMode) -> Option<i128> {
    let divisor = 10_i128.checked_pow(scale)?;
    let (quotient, remainder) = (numerator / divisor, numerator % divisor);
    // Compared as `remainder` against `divisor - remainder`, since doubling could overflow.
    let distance = remainder.unsigned_abs();
    let to_next = divisor.unsigned_abs() - distance;
    let away_from_zero = match distance.cmp(&to_next) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => match mode {
            RoundingMode::HalfUp => true,
            RoundingMode::HalfEven => quotient % 2 != 0,
            RoundingMode::HalfDown => false,
        },
    };
    if away_from_zero { quotient.checked_add(numerator.signum()) } else { Some(quotient) }
}

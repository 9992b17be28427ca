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

    /// `rate` of units that cost `amount` together, such as the tax on a line with a discount.
    ///
    /// Where each unit is rounded and the amount does not divide by the units, some of them cost one
    /// minor unit more than the others, as [`Money::evenly`] has it.
    ///
    /// # Errors
    /// As [`Self::of_line`].
    pub fn of_units(self, amount: Money, units: i64, rate: Decimal) -> Result<Money, MoneyError> {
        self.by_level(amount, units, |part| part.times_rate(rate, self.mode))
    }

    /// The part of `amount` that is a rate on top of the rest, such as the tax inside a line's gross.
    ///
    /// # Errors
    /// As [`Self::of_line`], and for a rate below nothing.
    pub fn within_units(self, amount: Money, units: i64, rate: Decimal) -> Result<Money, MoneyError> {
        self.by_level(amount, units, |part| part.rate_within(rate, self.mode))
    }

    fn by_level(
        self,
        amount: Money,
        units: i64,
        step: impl Fn(Money) -> Result<Money, MoneyError>,
    ) -> Result<Money, MoneyError> {
        match self.level {
            RoundingLevel::Line => step(amount),
            RoundingLevel::Unit => {
                let (each, dearer) = amount.evenly(units)?;
                let one_more = Money::from_minor(amount.minor().signum(), amount.currency());
                let rest = step(each)?.times(units - dearer)?;
                step(each.checked_add(one_more)?)?.times(dearer)?.checked_add(rest)
            }
        }
    }
}

/// `numerator / divisor` as a whole number; the divisor is above zero.
pub(super) fn divide(numerator: i128, divisor: i128, mode: RoundingMode) -> Option<i128> {
    let (quotient, remainder) = (numerator.checked_div(divisor)?, numerator.checked_rem(divisor)?);
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

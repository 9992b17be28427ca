//! Money: whole minor units of a currency.
//!
//! Owns all arithmetic with amounts, and is the only place that rounds (rules M1 and M4). Never
//! converts between currencies, never uses a float, never wraps: what is beyond 64 bits is an
//! error. The schema's types of it stand in `view`.
//!
//! Whatever needs another kind of arithmetic with amounts adds a method here.

mod per_currency;
mod rounding;
#[cfg(feature = "graphql")]
mod view;

use std::cmp::Ordering;
use std::fmt;

pub use per_currency::PerCurrency;
pub use rounding::{Rounding, RoundingLevel, RoundingMode, TaxMode};
#[cfg(feature = "graphql")]
pub use view::MoneyInput;

use crate::currency::Currency;
use crate::decimal::Decimal;
use crate::problem::{ErrorCode, Problem};

/// An amount in one currency, counted in minor units: 1290 is 12.90 EUR, 1290 JPY, 1.290 KWD.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an arithmetic step has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit 64 bits of minor units.
    #[error("the amount is beyond what can be counted")]
    Overflow,
    /// Two amounts of different currencies met.
    #[error("{left} and {right} can't be counted together")]
    CurrencyMismatch {
        /// The currency that was there first.
        left: Currency,
        /// The currency that came to it.
        right: Currency,
    },
    /// An amount was to be split over no parts at all.
    #[error("there are no parts to split the amount over")]
    NoParts,
}

impl From<MoneyError> for Problem {
    /// What a caller is told of it; the path is empty.
    fn from(error: MoneyError) -> Self {
        let code = match error {
            MoneyError::Overflow | MoneyError::NoParts => ErrorCode::OutOfRange,
            MoneyError::CurrencyMismatch { .. } => ErrorCode::Invalid,
        };
        Self::new(code, "", error.to_string())
    }
}

impl Money {
    /// An amount from its minor units: `from_minor(1290, EUR)` is 12.90 EUR.
    pub fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency. Zero is a price (rule M1).
    pub fn zero(currency: Currency) -> Self {
        Self::from_minor(0, currency)
    }

    /// An amount from a decimal number of the major unit, exactly: nothing is rounded.
    ///
    /// # Errors
    /// `INVALID` where the number has more decimals than the currency (zeros at the end don't
    /// count), `OUT_OF_RANGE` where it does not fit 64 bits of minor units. The problem's path is
    /// empty; the caller puts its field before it with [`Problem::under`].
    pub fn try_from_decimal(amount: Decimal, currency: Currency) -> Result<Self, Problem> {
        let amount = amount.normalized();
        let exponent = currency.exponent();
        let Some(missing) = exponent.checked_sub(amount.scale()) else {
            let allowed = match exponent {
                0 => "has no decimals".to_owned(),
                1 => "has 1 decimal".to_owned(),
                more => format!("has {more} decimals"),
            };
            return Err(Problem::new(
                ErrorCode::Invalid,
                "",
                format!("{currency} {allowed}, but {amount} has {}: round it first", amount.scale()),
            ));
        };
        10_i128
            .checked_pow(missing)
            .and_then(|factor| amount.mantissa().checked_mul(factor))
            .and_then(|minor| i64::try_from(minor).ok())
            .map(|minor| Self::from_minor(minor, currency))
            .ok_or_else(|| {
                Problem::new(
                    ErrorCode::OutOfRange,
                    "",
                    format!("{amount} {currency} is beyond what can be counted: it has too many digits"),
                )
            })
    }

    /// The amount in minor units.
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in the major unit, with exactly the currency's decimals: `12.90`, `1290`, `1.290`.
    pub fn amount(self) -> Decimal {
        // 19 digits and at most four decimals always fit.
        Decimal::from_parts(self.minor.into(), self.currency.exponent()).unwrap_or(Decimal::ZERO)
    }

    /// Whether it is exactly nothing.
    pub fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether it is below nothing.
    pub fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// The sum.
    ///
    /// # Errors
    /// `CurrencyMismatch`, `Overflow`.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.with_same_currency(other, i64::checked_add)
    }

    /// The difference.
    ///
    /// # Errors
    /// `CurrencyMismatch`, `Overflow`.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.with_same_currency(other, i64::checked_sub)
    }

    /// The opposite amount.
    ///
    /// # Errors
    /// `Overflow` for the one amount that has no opposite.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.minor.checked_neg().map(|minor| Self { minor, ..self }).ok_or(MoneyError::Overflow)
    }

    /// The amount of `quantity` such units.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn times(self, quantity: i64) -> Result<Self, MoneyError> {
        self.minor.checked_mul(quantity).map(|minor| Self { minor, ..self }).ok_or(MoneyError::Overflow)
    }

    /// The amount times a rate such as 0.19, rounded once to whole minor units.
    ///
    /// Rates of up to 19 digits always work; a step beyond 128 bits is an overflow.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn times_rate(self, rate: Decimal, mode: RoundingMode) -> Result<Self, MoneyError> {
        let rate = rate.normalized();
        self.times_ratio(rate.mantissa(), 10_i128.checked_pow(rate.scale()), mode)
    }

    /// The part of the amount that is a rate on top of the rest: of 119.00 at the rate 0.19 it is
    /// 19.00. Rounded once to whole minor units.
    ///
    /// # Errors
    /// `Overflow`, also for a rate below nothing.
    pub fn rate_within(self, rate: Decimal, mode: RoundingMode) -> Result<Self, MoneyError> {
        if rate.is_negative() {
            return Err(MoneyError::Overflow);
        }
        let rate = rate.normalized();
        let whole = 10_i128.checked_pow(rate.scale()).and_then(|one| one.checked_add(rate.mantissa()));
        self.times_ratio(rate.mantissa(), whole, mode)
    }

    /// The smaller of two amounts.
    ///
    /// # Errors
    /// `CurrencyMismatch`.
    pub fn at_most(self, limit: Self) -> Result<Self, MoneyError> {
        Ok(if self.checked_cmp(limit)?.is_gt() { limit } else { self })
    }

    /// How the amount compares with another.
    ///
    /// # Errors
    /// `CurrencyMismatch`.
    pub fn checked_cmp(self, other: Self) -> Result<Ordering, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency });
        }
        Ok(self.minor.cmp(&other.minor))
    }

    /// The amount over so many units as evenly as it goes: what each unit gets, and how many of them
    /// get one minor unit more (away from zero).
    ///
    /// # Errors
    /// `NoParts` where there are no units.
    pub fn evenly(self, units: i64) -> Result<(Self, i64), MoneyError> {
        if units < 1 {
            return Err(MoneyError::NoParts);
        }
        Ok((Self { minor: self.minor / units, ..self }, (self.minor % units).abs()))
    }

    /// The sum of amounts that all are in `currency`; nothing of it for no amounts.
    ///
    /// # Errors
    /// `CurrencyMismatch`, `Overflow`.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    /// Splits the amount over parts in the proportion of their weights (rule M4).
    ///
    /// Each part gets its share rounded towards zero; the units that are left go one by one to the
    /// parts with the largest remainders, ties by the order of the parts. Where all weights are
    /// zero, the parts are equal but for the units left, which go to the first ones. The parts
    /// always sum to the whole, none has the opposite sign, and a part without weight gets nothing
    /// where another has some.
    ///
    /// # Errors
    /// `NoParts` where there are no weights, `Overflow` where the weights' sum is beyond 64 bits.
    pub fn allocate(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        let total = weights.iter().try_fold(0_u64, |sum, weight| sum.checked_add(*weight));
        let even;
        let (weights, total) = match total.ok_or(MoneyError::Overflow)? {
            0 => {
                even = vec![1; weights.len()];
                (even.as_slice(), weights.len() as u64)
            }
            total => (weights, total),
        };
        if total == 0 {
            return Err(MoneyError::NoParts);
        }

        let whole = self.minor.unsigned_abs();
        // The share of each part, and what was cut off it.
        let mut shares: Vec<(u64, u64)> = weights.iter().map(|weight| share(whole, *weight, total)).collect();
        let mut left = whole - shares.iter().map(|(share, _)| share).sum::<u64>();
        if left > 0 {
            let mut by_remainder: Vec<usize> = (0..shares.len()).collect();
            by_remainder.sort_by_key(|index| std::cmp::Reverse(shares[*index].1));
            for index in by_remainder {
                shares[index].0 += u64::from(left > 0);
                left = left.saturating_sub(1);
            }
        }

        shares
            .into_iter()
            .map(|(share, _)| {
                let share = i128::from(share);
                let signed = if self.minor < 0 { -share } else { share };
                let minor = i64::try_from(signed).map_err(|_| MoneyError::Overflow)?;
                Ok(Self { minor, ..self })
            })
            .collect()
    }

    fn times_ratio(self, numerator: i128, divisor: Option<i128>, mode: RoundingMode) -> Result<Self, MoneyError> {
        i128::from(self.minor)
            .checked_mul(numerator)
            .zip(divisor)
            .and_then(|(product, divisor)| rounding::divide(product, divisor, mode))
            .and_then(|minor| i64::try_from(minor).ok())
            .map(|minor| Self { minor, ..self })
            .ok_or(MoneyError::Overflow)
    }

    fn with_same_currency(self, other: Self, step: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency });
        }
        step(self.minor, other.minor).map(|minor| Self { minor, ..self }).ok_or(MoneyError::Overflow)
    }
}

/// `whole * weight / total`, and the remainder. The weight is not above the total, so that the share
/// is not above the whole.
fn share(whole: u64, weight: u64, total: u64) -> (u64, u64) {
    match whole.checked_mul(weight) {
        Some(product) => (product / total, product % total),
        None => {
            let (product, total) = (u128::from(whole) * u128::from(weight), u128::from(total));
            ((product / total) as u64, (product % total) as u64)
        }
    }
}

impl fmt::Display for Money {
    /// The amount with the currency's decimals, a blank, the code: `12.90 EUR`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The form in which an amount stands in events and audit rows, the same as in the API.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    amount: Decimal,
    currency_code: Currency,
}

impl serde::Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written { amount: self.amount(), currency_code: self.currency }.serialize(to)
    }
}

impl<'de> serde::Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(from)?;
        Self::try_from_decimal(written.amount, written.currency_code).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;

//! Percentages of a price, such as 12.5 per cent off.
//!
//! Owns their range. Never rounds: `money` does.

use std::fmt;

use crate::decimal::Decimal;
use crate::problem::{ErrorCode, Problem};

/// From 0 to 100 per cent, with four decimals at the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Percent(Decimal);

/// The most decimals that a percentage has.
pub const MAX_DECIMALS: u32 = 4;

impl Percent {
    /// A percentage, as people say it: 12.5 is an eighth.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` below 0, above 100, or with more than four decimals. The path is empty.
    pub fn try_new(percent: Decimal) -> Result<Self, Problem> {
        let in_range = !percent.is_negative() && percent <= Decimal::from(100_i64);
        if in_range && percent.normalized().scale() <= MAX_DECIMALS {
            return Ok(Self(percent));
        }
        Err(Problem::new(
            ErrorCode::OutOfRange,
            "",
            format!("a percentage is from 0 to 100, with {MAX_DECIMALS} decimals at the most; {percent} is not"),
        ))
    }

    /// The number as people say it.
    pub fn value(self) -> Decimal {
        self.0
    }

    /// The number to multiply by: 0.125 for 12.5 per cent.
    pub fn rate(self) -> Decimal {
        let percent = self.0.normalized();
        // At most seven digits.
        Decimal::from_parts(percent.mantissa(), percent.scale() + 2).unwrap_or(Decimal::ZERO)
    }

    /// Whether nothing is left of what it is taken off.
    pub fn is_all(self) -> bool {
        self.0 == Decimal::from(100_i64)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl TryFrom<Decimal> for Percent {
    type Error = Problem;

    fn try_from(percent: Decimal) -> Result<Self, Problem> {
        Self::try_new(percent)
    }
}

impl From<Percent> for Decimal {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(text: &str) -> Result<Percent, Problem> {
        Percent::try_new(text.parse().expect("a decimal"))
    }

    #[test]
    fn a_percentage_is_from_nothing_to_all() {
        for (text, rate) in [("0", "0"), ("12.5", "0.125"), ("100", "1"), ("33.3333", "0.333333"), ("10.0", "0.1")] {
            let rate: Decimal = rate.parse().expect("a decimal");
            assert_eq!(percent(text).map(Percent::rate), Ok(rate), "{text}");
        }
        for text in ["-1", "100.01", "101", "33.33333"] {
            assert_eq!(percent(text).map_err(|problem| problem.code), Err(ErrorCode::OutOfRange), "{text}");
        }
        assert!(percent("100.00").is_ok_and(Percent::is_all));
    }
}

//! Exact decimal numbers, as the API takes and gives them.
//!
//! Owns the one reading of a decimal text. Never touches a float: a number with a decimal point
//! has to come as a string, because a JSON number would already have been rounded on its way.
//! Rounding is not done here but in `money`.

use std::fmt;
use std::str::FromStr;

/// A decimal number of at most 28 digits, such as `12.90` or `-0.075`.
///
/// Keeps the decimals it was written with: `12.90` and `12.9` are equal, and print as they came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(rust_decimal::Decimal);

/// The most digits that a decimal has, those before and after the point together.
pub const MAX_DIGITS: usize = 28;

/// Why a text is no decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// The text has another form.
    #[error("expected a decimal number such as \"12.90\": digits, and a point where there are decimals")]
    Malformed,
    /// The text has the form, but is too long to be kept exactly.
    #[error("expected a decimal number of {MAX_DIGITS} digits at the most")]
    TooManyDigits,
}

impl Decimal {
    /// Zero, without decimals.
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);
    /// One, without decimals.
    pub const ONE: Self = Self(rust_decimal::Decimal::ONE);

    /// The number `mantissa / 10^scale`, printed with `scale` decimals; `None` beyond 28 digits.
    pub fn from_parts(mantissa: i128, scale: u32) -> Option<Self> {
        let fits = mantissa.unsigned_abs() < 10_u128.pow(MAX_DIGITS as u32) && scale <= MAX_DIGITS as u32;
        fits.then(|| rust_decimal::Decimal::try_from_i128_with_scale(mantissa, scale).ok().map(Self)).flatten()
    }

    /// The digits as one whole number: 1290 for `12.90`.
    pub fn mantissa(self) -> i128 {
        self.0.mantissa()
    }

    /// How many of the digits stand behind the point: 2 for `12.90`.
    pub fn scale(self) -> u32 {
        self.0.scale()
    }

    /// The same number without the zeros that end its decimals.
    #[must_use]
    pub fn normalized(self) -> Self {
        Self(self.0.normalize())
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.mantissa() < 0
    }

    /// The number in the form that the arithmetic crate has.
    pub fn into_inner(self) -> rust_decimal::Decimal {
        self.0
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self(whole.into())
    }
}

impl From<u64> for Decimal {
    fn from(whole: u64) -> Self {
        Self(whole.into())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, decimals) = match unsigned.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (unsigned, None),
        };
        let digits_only = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits_only(whole) || !decimals.is_none_or(digits_only) {
            return Err(DecimalError::Malformed);
        }
        let decimals = decimals.unwrap_or_default();
        if whole.len() + decimals.len() > MAX_DIGITS {
            return Err(DecimalError::TooManyDigits);
        }
        let mut mantissa: i128 = 0;
        for digit in whole.bytes().chain(decimals.bytes()) {
            mantissa = mantissa * 10 + i128::from(digit - b'0');
        }
        if unsigned.len() < text.len() {
            mantissa = -mantissa;
        }
        Self::from_parts(mantissa, decimals.len() as u32).ok_or(DecimalError::TooManyDigits)
    }
}

impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Decimal {
    /// Reads a string only: a JSON number with decimals has no exact meaning.
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "graphql")]
mod graphql {
    use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

    use super::{Decimal, DecimalError};

    /// An exact decimal number of at most 28 digits. Sent as a string such as "12.90" or as an
    /// integer literal; never as a literal with a decimal point, which clients round. Answered as
    /// a string.
    #[Scalar(name = "Decimal")]
    impl ScalarType for Decimal {
        fn parse(value: Value) -> InputValueResult<Self> {
            match &value {
                Value::String(text) => text.parse().map_err(|error: DecimalError| InputValueError::custom(error)),
                Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                    (Some(whole), _) => Ok(whole.into()),
                    (None, Some(whole)) => Ok(whole.into()),
                    (None, None) => Err(InputValueError::custom(
                        "a decimal number is sent as a string, such as \"12.90\", or as an integer",
                    )),
                },
                _ => Err(InputValueError::expected_type(value)),
            }
        }

        fn is_valid(value: &Value) -> bool {
            match value {
                Value::String(_) => true,
                Value::Number(number) => number.is_i64() || number.is_u64(),
                _ => false,
            }
        }

        fn to_value(&self) -> Value {
            Value::String(self.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_prints_as_it_was_written() {
        for text in ["0", "12.90", "-0.075", "1290", "9999999999999999999999999999", "0.000000000000000000000000001"] {
            assert_eq!(text.parse::<Decimal>().map(|decimal| decimal.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn minus_zero_is_zero() {
        assert_eq!("-0.00".parse::<Decimal>().map(|decimal| decimal.to_string()).as_deref(), Ok("0.00"));
    }

    #[test]
    fn decimal_forms_that_others_take_are_refused() {
        let malformed =
            ["", "-", ".", "1.", ".5", "+1", "1e3", "1E3", "NaN", "inf", "1_000", "1,5", " 1", "0x1", "--1"];
        for text in malformed {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::Malformed), "{text}");
        }
        for text in ["12345678901234567890123456789", "0.00000000000000000000000000001"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::TooManyDigits), "{text}");
        }
        assert_eq!("1".repeat(100_000).parse::<Decimal>(), Err(DecimalError::TooManyDigits));
    }

    #[cfg(feature = "graphql")]
    #[test]
    fn a_literal_with_a_decimal_point_is_refused() {
        use async_graphql::{InputType, Number, ScalarType, Value};

        let read = |value| <Decimal as InputType>::parse(Some(value)).ok().map(|decimal| decimal.to_string());
        assert_eq!(read(Value::String("12.90".into())).as_deref(), Some("12.90"));
        assert_eq!(read(Value::Number(12.into())).as_deref(), Some("12"));
        assert_eq!(read(Value::Number(u64::MAX.into())).as_deref(), Some("18446744073709551615"));
        let float = Value::Number(Number::from_f64(12.9).expect("a finite number"));
        assert!(!<Decimal as ScalarType>::is_valid(&float));
        assert_eq!(read(float), None);
        assert_eq!(read(Value::Boolean(true)), None);
    }
}

//! Currencies.
//!
//! Owns which currencies there are and how many decimals each has: those of ISO 4217 whose number
//! of decimals is known. Never converts one into another: a rate is the store's to give (rule M1).
//!
//! The list comes with the crate `iso_currency`; a new currency arrives by raising its version.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use iso_currency::IntoEnumIterator;

/// A currency of ISO 4217 that amounts can be counted in.
///
/// Metals, testing codes and units of account without decimals of their own (`XAU`, `XTS`, `XDR`)
/// are no currencies here.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "sea-orm", sea_orm(value_type = "String", column_type = "Text"))]
pub struct Currency(iso_currency::Currency);

/// A text that is not the code of a currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the code of a currency: expected three capital letters of ISO 4217, such as EUR")]
pub struct UnknownCurrency(pub String);

impl Currency {
    /// The euro: two decimals.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    /// The dollar of the United States: two decimals.
    pub const USD: Self = Self(iso_currency::Currency::USD);
    /// The pound sterling: two decimals.
    pub const GBP: Self = Self(iso_currency::Currency::GBP);
    /// The yen: no decimals.
    pub const JPY: Self = Self(iso_currency::Currency::JPY);
    /// The dinar of Kuwait: three decimals.
    pub const KWD: Self = Self(iso_currency::Currency::KWD);

    /// The currency of a code such as `EUR`, in capital letters; `None` where there is none.
    pub fn from_code(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(code).filter(|currency| currency.exponent().is_some()).map(Self)
    }

    /// The three capital letters of ISO 4217.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The English name, such as `Japanese yen`.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// How many decimals an amount has: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u32 {
        // Every way to make a `Currency` asks for a known exponent first.
        u32::from(self.0.exponent().unwrap_or_default())
    }

    /// How many minor units make one: 100 for EUR, 1 for JPY, 1000 for KWD.
    pub fn minor_units(self) -> i64 {
        10_i64.pow(self.exponent())
    }

    /// Every currency, in the order of the codes.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> =
            iso_currency::Currency::iter().filter(|currency| currency.exponent().is_some()).map(Self).collect();
        all.sort_unstable();
        all
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(other.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        Self::from_code(code).ok_or_else(|| UnknownCurrency(code.chars().take(16).collect()))
    }
}

/// A primary key has to offer this; no number was ever a currency, so it always refuses.
#[cfg(feature = "sea-orm")]
impl sea_orm::TryFromU64 for Currency {
    fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
        Err(sea_orm::DbErr::ConvertFromU64("Currency"))
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The schema's side: an enum with one value per currency.
#[cfg(feature = "graphql")]
mod graphql {
    use std::borrow::Cow;

    use async_graphql::indexmap::IndexMap;
    use async_graphql::parser::types::Field;
    use async_graphql::registry::{Deprecation, MetaEnumValue, MetaType, MetaTypeId, Registry};
    use async_graphql::{
        ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned, ServerResult,
        Value,
    };

    use super::Currency;

    const TYPE_NAME: &str = "CurrencyCode";
    const DESCRIPTION: &str =
        "A currency by its code in ISO 4217. The currency decides how many decimals an amount has.";

    fn meta_type() -> MetaType {
        let mut enum_values = IndexMap::new();
        for currency in Currency::all() {
            enum_values.insert(
                currency.code().to_owned(),
                MetaEnumValue {
                    name: currency.code().to_owned(),
                    description: Some(currency.name().to_owned()),
                    deprecation: Deprecation::NoDeprecated,
                    visible: None,
                    inaccessible: false,
                    tags: Vec::new(),
                    directive_invocations: Vec::new(),
                },
            );
        }
        MetaType::Enum {
            name: TYPE_NAME.to_owned(),
            description: Some(DESCRIPTION.to_owned()),
            enum_values,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: Some(std::any::type_name::<Currency>()),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        }
    }

    impl InputType for Currency {
        type RawValueType = Self;

        fn type_name() -> Cow<'static, str> {
            Cow::Borrowed(TYPE_NAME)
        }

        fn create_type_info(registry: &mut Registry) -> String {
            registry.create_input_type::<Self, _>(MetaTypeId::Enum, |_| meta_type())
        }

        fn parse(value: Option<Value>) -> InputValueResult<Self> {
            // Variables arrive as strings, literals as names.
            match value {
                Some(Value::Enum(code)) => code.parse().map_err(InputValueError::custom),
                Some(Value::String(code)) => code.parse().map_err(InputValueError::custom),
                other => Err(InputValueError::expected_type(other.unwrap_or_default())),
            }
        }

        fn to_value(&self) -> Value {
            Value::Enum(Name::new(self.code()))
        }

        fn as_raw_value(&self) -> Option<&Self::RawValueType> {
            Some(self)
        }
    }

    impl OutputType for Currency {
        fn type_name() -> Cow<'static, str> {
            Cow::Borrowed(TYPE_NAME)
        }

        fn create_type_info(registry: &mut Registry) -> String {
            registry.create_output_type::<Self, _>(MetaTypeId::Enum, |_| meta_type())
        }

        async fn resolve(&self, _context: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
            Ok(Value::Enum(Name::new(self.code())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_m1_the_currency_says_how_many_decimals_there_are() {
        for (code, exponent) in [("EUR", 2), ("JPY", 0), ("KWD", 3), ("BHD", 3), ("ISK", 0), ("CLF", 4)] {
            assert_eq!(Currency::from_code(code).map(Currency::exponent), Some(exponent), "{code}");
        }
    }

    #[test]
    fn rule_m1_what_has_no_known_decimals_is_no_currency() {
        for code in ["XAU", "XTS", "XXX", "XDR", "eur", "EURO", "", "E\u{20ac}R"] {
            assert_eq!(Currency::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn a_code_reads_back_as_it_was_written() {
        let all = Currency::all();
        assert!(all.len() > 150);
        for currency in all {
            assert_eq!(currency.to_string().parse(), Ok(currency));
            assert!(!currency.name().is_empty());
        }
    }

    #[cfg(feature = "sea-orm")]
    #[test]
    fn a_currency_is_stored_as_its_code() {
        assert_eq!(sea_orm::Value::from(Currency::EUR), sea_orm::Value::from("EUR".to_owned()));
        let read: Currency = sea_orm::sea_query::ValueType::unwrap(sea_orm::Value::from("KWD".to_owned()));
        assert_eq!(read, Currency::KWD);
    }

    #[cfg(feature = "graphql")]
    #[test]
    fn a_currency_is_read_from_a_literal_and_from_a_variable() {
        use async_graphql::{InputType, Name, Value};

        let read = |value| <Currency as InputType>::parse(Some(value)).ok();
        assert_eq!(read(Value::Enum(Name::new("EUR"))), Some(Currency::EUR));
        assert_eq!(read(Value::String("JPY".into())), Some(Currency::JPY));
        assert_eq!(read(Value::String("XAU".into())), None);
        assert_eq!(read(Value::Number(978.into())), None);
    }
}

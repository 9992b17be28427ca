use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

#[test]
fn rule_m1_an_amount_prints_with_its_currencys_decimals() {
    for (minor, currency, text) in [
        (1290, Currency::EUR, "12.90"),
        (1290, Currency::JPY, "1290"),
        (1290, Currency::KWD, "1.290"),
        (5, Currency::EUR, "0.05"),
        (-5, Currency::EUR, "-0.05"),
        (0, Currency::KWD, "0.000"),
        (i64::MIN, Currency::EUR, "-92233720368547758.08"),
    ] {
        assert_eq!(Money::from_minor(minor, currency).amount().to_string(), text);
    }
    assert_eq!(eur(1290).to_string(), "12.90 EUR");
}

#[test]
fn rule_m1_an_amount_with_too_many_decimals_is_refused_and_never_rounded() {
    let problem = Money::try_from_decimal(decimal("12.905"), Currency::EUR).expect_err("three decimals");
    assert_eq!(problem.code, ErrorCode::Invalid);
    assert_eq!(problem.message, "EUR has 2 decimals, but 12.905 has 3: round it first");
    let problem = Money::try_from_decimal(decimal("1.5"), Currency::JPY).expect_err("a decimal");
    assert_eq!(problem.message, "JPY has no decimals, but 1.5 has 1: round it first");
    assert_eq!(Money::try_from_decimal(decimal("12.9000"), Currency::EUR), Ok(eur(1290)));
    assert_eq!(Money::try_from_decimal(decimal("12"), Currency::EUR), Ok(eur(1200)));
    assert_eq!(Money::try_from_decimal(decimal("50.00"), Currency::JPY), Ok(Money::from_minor(50, Currency::JPY)));
}

#[test]
fn rule_m1_arithmetic_never_wraps() {
    let most = eur(i64::MAX);
    assert_eq!(most.checked_add(eur(1)), Err(MoneyError::Overflow));
    assert_eq!(eur(i64::MIN).checked_sub(eur(1)), Err(MoneyError::Overflow));
    assert_eq!(eur(i64::MIN).checked_neg(), Err(MoneyError::Overflow));
    assert_eq!(most.times(2), Err(MoneyError::Overflow));
    assert_eq!(most.times_rate(decimal("1.01"), RoundingMode::HalfUp), Err(MoneyError::Overflow));
    let problem = Money::try_from_decimal(decimal("92233720368547758.08"), Currency::EUR).expect_err("too large");
    assert_eq!(problem.code, ErrorCode::OutOfRange);
    assert_eq!(Money::try_from_decimal(decimal("92233720368547758.07"), Currency::EUR), Ok(most));
}

#[test]
fn rule_m1_a_line_beyond_32_bits_is_counted() {
    assert_eq!(eur(2_147_483_647).times(1_000_000), Ok(eur(2_147_483_647_000_000)));
}

#[test]
fn rule_m1_currencies_never_mix() {
    let dollars = Money::from_minor(1, Currency::USD);
    let mismatch = Err(MoneyError::CurrencyMismatch { left: Currency::EUR, right: Currency::USD });
    assert_eq!(eur(1).checked_add(dollars), mismatch);
    assert_eq!(eur(1).checked_sub(dollars), mismatch);
    assert_eq!(Money::sum(Currency::EUR, [eur(1), dollars]), mismatch);
}

#[test]
fn rule_m4_the_level_decides_where_a_rate_is_rounded() {
    let tax = |level| Rounding { mode: RoundingMode::HalfUp, level }.of_line(eur(199), 3, decimal("0.19"));
    assert_eq!(tax(RoundingLevel::Line), Ok(eur(113)));
    assert_eq!(tax(RoundingLevel::Unit), Ok(eur(114)));
}

#[test]
fn rule_m4_no_parts_and_weights_beyond_counting_are_errors() {
    assert_eq!(eur(1).allocate(&[]), Err(MoneyError::NoParts));
    assert_eq!(eur(1).allocate(&[u64::MAX, 1]), Err(MoneyError::Overflow));
    assert_eq!(eur(i64::MIN).allocate(&[u64::MAX]), Ok(vec![eur(i64::MIN)]));
}

#[test]
fn an_amount_is_written_as_the_api_writes_it() {
    let json = serde_json::json!({ "amount": "12.90", "currencyCode": "EUR" });
    assert_eq!(serde_json::to_value(eur(1290)).expect("JSON"), json);
    assert_eq!(serde_json::from_value::<Money>(json).expect("an amount"), eur(1290));
    assert!(serde_json::from_value::<Money>(serde_json::json!({ "amount": 12.9, "currencyCode": "EUR" })).is_err());
}

#[cfg(feature = "graphql")]
#[test]
fn the_schema_describes_money() {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};

    struct Query;

    #[Object]
    impl Query {
        async fn echo(&self, money: MoneyInput, rounding: RoundingMode) -> Option<Money> {
            let _ = rounding;
            money.to_money().ok()
        }
    }

    let sdl = Schema::build(Query, EmptyMutation, EmptySubscription).finish().sdl();
    for line in [
        "type Money {",
        "\tamount: Decimal!",
        "\tcurrencyCode: CurrencyCode!",
        "input MoneyInput {",
        "enum CurrencyCode {",
        "scalar Decimal",
        "\tHALF_EVEN",
        "Japanese yen",
    ] {
        assert!(sdl.contains(line), "{line} is missing in\n{sdl}");
    }
}

#[cfg(feature = "sea-orm")]
#[test]
fn modes_are_stored_by_the_names_that_the_schema_has() {
    use sea_orm::ActiveEnum;

    assert_eq!(RoundingMode::HalfUp.to_value(), "HALF_UP");
    assert_eq!(RoundingMode::HalfEven.to_value(), "HALF_EVEN");
    assert_eq!(RoundingMode::HalfDown.to_value(), "HALF_DOWN");
    assert_eq!(RoundingLevel::Unit.to_value(), "UNIT");
    assert_eq!(TaxMode::Gross.to_value(), "GROSS");
}

proptest! {
    #[test]
    fn rule_m4_the_parts_always_sum_to_the_whole(
        minor: i64,
        weights in prop::collection::vec(prop_oneof![Just(0), 0..10_u64, 0..=u64::MAX / 16], 1..16),
    ) {
        let whole = eur(minor);
        let parts = whole.allocate(&weights).expect("weights that can be counted");
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(parts.iter().map(|part| i128::from(part.minor())).sum::<i128>(), i128::from(minor));

        let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            prop_assert!(part.minor().signum() * minor.signum() >= 0, "a part has the opposite sign");
            // No part is a whole minor unit or more away from its exact share.
            let exact = u128::from(minor.unsigned_abs()) * u128::from(*weight);
            let given = u128::from(part.minor().unsigned_abs());
            prop_assert!(exact.checked_div(total).is_none_or(|floor| given == floor || given == floor + 1));
        }
    }

    #[test]
    fn rule_m4_splitting_the_negative_mirrors_the_split(
        minor in -1_000_000_i64..1_000_000,
        weights in prop::collection::vec(0..1000_u64, 1..8),
    ) {
        let there = eur(minor).allocate(&weights).expect("parts");
        let back = eur(-minor).allocate(&weights).expect("parts");
        for (one, other) in there.iter().zip(&back) {
            prop_assert_eq!(one.minor(), -other.minor());
        }
    }

    #[test]
    fn rule_m4_no_mode_strays_by_more_than_half_a_unit(
        minor in -1_000_000_000_i64..1_000_000_000,
        mantissa in -1_000_000_i128..1_000_000,
        scale in 0..7_u32,
    ) {
        let rate = Decimal::from_parts(mantissa, scale).expect("a rate");
        for mode in [RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::HalfDown] {
            let rounded = eur(minor).times_rate(rate, mode).expect("a small amount");
            let divisor = 10_i128.pow(scale);
            let error = i128::from(rounded.minor()) * divisor - i128::from(minor) * mantissa;
            prop_assert!(error.abs() * 2 <= divisor);
            let mirrored = eur(-minor).times_rate(rate, mode).expect("a small amount");
            prop_assert_eq!(mirrored.minor(), -rounded.minor());
        }
    }

    #[test]
    fn rule_m1_a_decimal_reads_back_as_it_was_printed(minor: i64) {
        for currency in [Currency::JPY, Currency::EUR, Currency::KWD] {
            let money = Money::from_minor(minor, currency);
            let printed: Decimal = money.amount().to_string().parse().expect("a decimal");
            prop_assert_eq!(Money::try_from_decimal(printed, currency), Ok(money));
        }
    }
}

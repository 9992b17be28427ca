//! The cases that a merchant can read: `cases/*.json`.
//!
//! To add one, add it to its file; its name begins with the rule that it shows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it should be"
)]

use chrono::{DateTime, Utc};
use rules::ids::{PriceId, SegmentId};
use rules::pricing::{self, PriceLevel, PriceQuery, PriceRow};
use rules::{Currency, Decimal, Money, RoundingMode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases<C> {
    #[serde(rename = "about")]
    _about: String,
    cases: Vec<C>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceCase {
    name: String,
    prices: Vec<Price>,
    questions: Vec<Question>,
    #[serde(default)]
    ladder: Option<Vec<Step>>,
    #[serde(default)]
    ranges: Option<Vec<Range>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    row: String,
    on: String,
    amount: Decimal,
    currency: Currency,
    #[serde(default)]
    segment: Option<String>,
    #[serde(default, rename = "from quantity")]
    from_quantity: Option<i32>,
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    #[serde(default)]
    until: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    quantity: i32,
    currency: Currency,
    #[serde(default)]
    at: DateTime<Utc>,
    #[serde(default)]
    segments: Vec<String>,
    price: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(rename = "from quantity")]
    from_quantity: i32,
    price: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    currency: Currency,
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    #[serde(default)]
    until: Option<DateTime<Utc>>,
    min: Decimal,
    max: Decimal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllocationCase {
    name: String,
    amount: Decimal,
    currency: Currency,
    weights: Vec<u64>,
    parts: Vec<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundingCase {
    name: String,
    amount: Decimal,
    currency: Currency,
    rate: Decimal,
    #[serde(rename = "HALF_UP")]
    half_up: Decimal,
    #[serde(rename = "HALF_EVEN")]
    half_even: Decimal,
    #[serde(rename = "HALF_DOWN")]
    half_down: Decimal,
}

fn read<C: DeserializeOwned>(text: &str) -> Vec<C> {
    serde_json::from_str::<Cases<C>>(text).expect("a file of cases").cases
}

fn money(amount: Decimal, currency: Currency) -> Money {
    Money::try_from_decimal(amount, currency).expect("an amount with the currency's decimals")
}

/// The same name is the same segment.
fn segment(name: &str) -> SegmentId {
    let mut bytes = [0; 16];
    for (index, byte) in name.bytes().take(16).enumerate() {
        bytes[index] = byte;
    }
    SegmentId(Uuid::from_bytes(bytes))
}

impl Price {
    fn to_row(&self, position: usize) -> PriceRow {
        PriceRow {
            id: PriceId(Uuid::from_u128(position as u128)),
            level: match self.on.as_str() {
                "variant" => PriceLevel::Variant,
                "product" => PriceLevel::Product,
                other => panic!("a price stands on a variant or a product, not on a {other}"),
            },
            segment: self.segment.as_deref().map(segment),
            minimum_quantity: self.from_quantity.unwrap_or(1),
            amount: money(self.amount, self.currency),
            compare_at: None,
            valid_from: self.from,
            valid_to: self.until,
        }
    }
}

#[test]
fn rule_m2_and_m5_the_price_cases() {
    for case in read::<PriceCase>(include_str!("cases/prices.json")) {
        let rows: Vec<PriceRow> = case.prices.iter().enumerate().map(|(index, price)| price.to_row(index)).collect();
        let name_of = |row: &PriceRow| case.prices[row.id.0.as_u128() as usize].row.clone();
        for question in &case.questions {
            let segments: Vec<SegmentId> = question.segments.iter().map(|name| segment(name)).collect();
            let query = PriceQuery {
                currency: question.currency,
                quantity: question.quantity,
                at: question.at,
                segments: &segments,
            };
            let found = pricing::resolve(&rows, &query).map(name_of);
            assert_eq!(found, question.price, "{}, quantity {}", case.name, question.quantity);
        }
        if let (Some(steps), Some(question)) = (&case.ladder, case.questions.first()) {
            let query = PriceQuery { currency: question.currency, quantity: 1, at: question.at, segments: &[] };
            let found: Vec<(i32, String)> =
                pricing::ladder(&rows, &query).iter().map(|tier| (tier.minimum_quantity, name_of(tier.row))).collect();
            let expected: Vec<(i32, String)> =
                steps.iter().map(|step| (step.from_quantity, step.price.clone())).collect();
            assert_eq!(found, expected, "{}", case.name);
        }
        if let Some(expected) = case.ranges {
            let found: Vec<Range> = pricing::ranges([&rows])
                .into_iter()
                .map(|range| Range {
                    currency: range.currency,
                    from: range.valid_from,
                    until: range.valid_to,
                    min: range.min.amount(),
                    max: range.max.amount(),
                })
                .collect();
            assert_eq!(found, expected, "{}", case.name);
        }
    }
}

#[test]
fn rule_m4_the_allocation_cases() {
    for case in read::<AllocationCase>(include_str!("cases/allocation.json")) {
        let parts = money(case.amount, case.currency).allocate(&case.weights).expect("parts");
        let found: Vec<String> = parts.iter().map(|part| part.amount().to_string()).collect();
        let expected: Vec<String> = case.parts.iter().map(Decimal::to_string).collect();
        assert_eq!(found, expected, "{}", case.name);
    }
}

#[test]
fn rule_m4_the_rounding_cases() {
    for case in read::<RoundingCase>(include_str!("cases/rounding.json")) {
        for (mode, expected) in [
            (RoundingMode::HalfUp, case.half_up),
            (RoundingMode::HalfEven, case.half_even),
            (RoundingMode::HalfDown, case.half_down),
        ] {
            let rounded = money(case.amount, case.currency).times_rate(case.rate, mode).expect("a small amount");
            assert_eq!(rounded.amount().to_string(), expected.to_string(), "{} {mode:?}", case.name);
        }
    }
}

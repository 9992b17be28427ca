//! How long a cart of 50 lines under 200 live promotions takes: `cargo run --release -p stoa-rules
//! --example promotion_speed`.
//!
//! Prints figures; decides nothing. The baskets are the worst that a store would see: most of the
//! promotions match, and in the last two all of them exclude each other.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a program for a person at a shell")]

use std::time::Instant;

use chrono::DateTime;
use rules::basket::{Basket, Buyer, Line, ShippingCharge};
use rules::ids::{ProductId, ProductVariantId, PromotionId, TagId};
use rules::promotion::{
    Action, Caps, Change, Condition, Offers, Phase, Promotion, Selector, Spent, Spread, Stacking, Target, evaluate,
};
use rules::{Currency, Money, PerCurrency, Percent, Rounding, TaxMode};
use uuid::Uuid;

const LINES: u128 = 50;
const PROMOTIONS: u128 = 200;
const TAGS: u128 = 12;

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn tag(number: u128) -> TagId {
    TagId(Uuid::from_u128(number % TAGS))
}

fn basket() -> Basket {
    let line = |number: u128| Line {
        variant: ProductVariantId(Uuid::from_u128(number)),
        product: ProductId(Uuid::from_u128(number / 2)),
        brand: None,
        categories: Vec::new(),
        collections: Vec::new(),
        tags: vec![tag(number), tag(number * 7 + 3), tag(number * 5 + 1)],
        tax_category: None,
        untaxed: false,
        quantity: 1 + (number % 5) as u32,
        unit_price: eur(199 + 137 * (number as i64 % 23)),
    };
    Basket {
        currency: Currency::EUR,
        tax_mode: TaxMode::Gross,
        rounding: Rounding::default(),
        lines: (0..LINES).map(line).collect(),
        shipping: Some(ShippingCharge { rate: None, amount: eur(490) }),
        codes: Vec::new(),
        buyer: Buyer::default(),
        country: Some("DE".to_owned()),
        channel: None,
    }
}

fn percent(number: i64) -> Percent {
    Percent::try_new(number.into()).expect("a percentage")
}

fn promotion(number: u128, matching: u128, stacking: impl Fn(u128) -> Stacking) -> Promotion {
    let of = Selector::any_of([Target::Tag(tag(number)), Target::Tag(tag(number + 5))]);
    let each = Spread::Each;
    let action = match number % 8 {
        0 => Action::Units { of, change: Change::Percent(percent(1)), spread: each },
        1 => Action::Units { of, change: Change::Amount(PerCurrency::from(eur(3))), spread: each },
        2 => Action::BuyGet { buy: of.clone(), buy_quantity: 3, get: of, get_quantity: 1, percent: percent(5) },
        3 => Action::CheapestFree { of, out_of: 50 },
        4 => Action::Units { of, change: Change::Price(PerCurrency::from(eur(500))), spread: Spread::Groups(3) },
        5 => Action::Order(Change::Percent(percent(1))),
        6 => Action::Order(Change::Amount(PerCurrency::from(eur(25)))),
        _ => Action::Shipping { change: Change::Amount(PerCurrency::from(eur(5))), rates: Vec::new() },
    };
    let subtotal = Condition::Subtotal {
        at_least: PerCurrency::from(eur(1000)),
        of: Selector::any_of([Target::Tag(tag(number + 1))]),
    };
    let condition = if number < matching { subtotal } else { Condition::FirstOrder };
    Promotion {
        id: PromotionId(Uuid::from_u128(number)),
        name: format!("Promotion {number}"),
        created_at: DateTime::UNIX_EPOCH,
        priority: (number % 10) as i32,
        valid_from: None,
        valid_to: None,
        condition,
        action,
        caps: Caps::default(),
        stacking: stacking(number),
        spent: Spent::default(),
    }
}

fn main() {
    let all = || vec![Phase::Line, Phase::Order, Phase::Shipping];
    let together = |_| Stacking { combines_with: all(), exclusive_group: None };
    let groups = |number| Stacking { combines_with: all(), exclusive_group: Some(format!("group {}", number % 20)) };
    let classes = |number: u128| Stacking {
        combines_with: if number.is_multiple_of(2) { vec![Phase::Shipping] } else { all() },
        exclusive_group: None,
    };
    let alone = |_| Stacking::default();
    measure("20 of 200 match, in groups", 20, groups);
    measure("all match, all combine", PROMOTIONS, together);
    measure("all match, 20 exclusive groups", PROMOTIONS, groups);
    measure("all match, half combine with shipping alone", PROMOTIONS, classes);
    measure("all match, each stands alone", PROMOTIONS, alone);
}

fn measure(what: &str, matching: u128, stacking: impl Fn(u128) -> Stacking) {
    let basket = basket();
    let promotions = (0..PROMOTIONS).map(|number| promotion(number, matching, &stacking)).collect();
    let offers = Offers { promotions, ..Offers::default() };
    let mut times = Vec::new();
    for _ in 0..101 {
        let start = Instant::now();
        let evaluation = evaluate(&basket, &offers, DateTime::UNIX_EPOCH).expect("an evaluation");
        times.push(start.elapsed());
        std::hint::black_box(evaluation);
    }
    times.sort();
    let evaluation = evaluate(&basket, &offers, DateTime::UNIX_EPOCH).expect("an evaluation");
    let (fastest, median) = (times[0], times[times.len() / 2]);
    println!("{what}: fastest {fastest:?}, median {median:?} ({} applied)", evaluation.applied().count());
}

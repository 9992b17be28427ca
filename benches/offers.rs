//! A cart of 50 lines under 200 live promotions: what one evaluation costs, and what reading their terms does.

use chrono::DateTime;
use divan::{Bencher, black_box};
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

/// One of many: off units, groups, the order or shipping. Those below `matching` fit the basket.
fn promotion(number: u128, matching: u128, stacking: Stacking) -> Promotion {
    let of = Selector::any_of([Target::Tag(tag(number)), Target::Tag(tag(number + 5))]);
    let action = match number % 8 {
        0 => Action::Units { of, change: Change::Percent(percent(1)), spread: Spread::Each },
        1 => Action::Units { of, change: Change::Amount(PerCurrency::from(eur(3))), spread: Spread::Each },
        2 => Action::BuyGet { buy: of.clone(), buy_quantity: 3, get: of, get_quantity: 1, percent: percent(5) },
        3 => Action::Units { of, change: Change::Price(PerCurrency::from(eur(500))), spread: Spread::Groups(3) },
        4 => Action::Order(Change::Percent(percent(1))),
        5 => Action::Order(Change::Amount(PerCurrency::from(eur(25)))),
        6 => Action::CheapestFree { of, out_of: 50 },
        _ => Action::Shipping { change: Change::Amount(PerCurrency::from(eur(5))), rates: Vec::new() },
    };
    let subtotal = Condition::Subtotal {
        at_least: PerCurrency::from(eur(1000)),
        of: Selector::any_of([Target::Tag(tag(number + 1))]),
    };
    Promotion {
        id: PromotionId(Uuid::from_u128(number)),
        name: format!("Promotion {number}"),
        created_at: DateTime::UNIX_EPOCH,
        priority: (number % 10) as i32,
        valid_from: None,
        valid_to: None,
        condition: if number < matching { subtotal } else { Condition::FirstOrder },
        action,
        caps: Caps::default(),
        stacking,
        spent: Spent::default(),
    }
}

fn offers(matching: u128, stacking: impl Fn(u128) -> Stacking) -> Offers {
    let promotions = (0..PROMOTIONS).map(|number| promotion(number, matching, stacking(number))).collect();
    Offers { promotions, ..Offers::default() }
}

fn all_phases() -> Vec<Phase> {
    vec![Phase::Line, Phase::Order, Phase::Shipping]
}

/// All of them combine; so many match.
#[divan::bench(args = [20, 200])]
fn promotions_combined(bencher: Bencher, matching: u128) {
    let together = |_| Stacking { combines_with: all_phases(), exclusive_group: None };
    let (basket, offers) = (basket(), offers(matching, together));
    bencher.bench(|| evaluate(black_box(&basket), &offers, DateTime::UNIX_EPOCH));
}

/// Each of them stands alone, and the best is looked for; so many match.
#[divan::bench(args = [20, 200])]
fn promotions_alone(bencher: Bencher, matching: u128) {
    let (basket, offers) = (basket(), offers(matching, |_| Stacking::default()));
    bencher.bench(|| evaluate(black_box(&basket), &offers, DateTime::UNIX_EPOCH));
}

/// One of each of 20 groups; so many match.
#[divan::bench(args = [20, 200])]
fn promotions_in_groups(bencher: Bencher, matching: u128) {
    let groups =
        |number| Stacking { combines_with: all_phases(), exclusive_group: Some(format!("group {}", number % 20)) };
    let (basket, offers) = (basket(), offers(matching, groups));
    bencher.bench(|| evaluate(black_box(&basket), &offers, DateTime::UNIX_EPOCH));
}

/// Half of them combine with those of shipping alone; so many match.
#[divan::bench(args = [20, 200])]
fn promotions_of_two_classes(bencher: Bencher, matching: u128) {
    let classes = |number: u128| Stacking {
        combines_with: if number.is_multiple_of(2) { vec![Phase::Shipping] } else { all_phases() },
        exclusive_group: None,
    };
    let (basket, offers) = (basket(), offers(matching, classes));
    bencher.bench(|| evaluate(black_box(&basket), &offers, DateTime::UNIX_EPOCH));
}

/// The terms of 200 promotions, out of their rows.
#[divan::bench]
fn promotion_terms_read(bencher: Bencher) {
    let written: Vec<(String, String)> = (0..PROMOTIONS)
        .map(|number| {
            let promotion = promotion(number, PROMOTIONS, Stacking::default());
            let write = |term: Result<String, _>| term.expect("terms");
            (write(serde_json::to_string(&promotion.condition)), write(serde_json::to_string(&promotion.action)))
        })
        .collect();
    bencher.bench(|| {
        let read = |(condition, action): &(String, String)| {
            serde_json::from_str::<Condition>(condition).is_ok() && serde_json::from_str::<Action>(action).is_ok()
        };
        black_box(&written).iter().filter(|terms| read(terms)).count()
    });
}

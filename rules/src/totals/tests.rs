use chrono::{DateTime, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::basket::{Buyer, Line, ShippingCharge};
use crate::decimal::Decimal;
use crate::ids::{ProductId, ProductVariantId, PromotionId, TaxCategoryId, TaxZoneId};
use crate::money::{Rounding, RoundingLevel, RoundingMode};
use crate::percent::Percent;
use crate::place::{Place, Territory};
use crate::promotion::{Action, Caps, Change, Condition, Offers, Phase, Promotion, Selector, Spent, Spread, Stacking};
use crate::tax::{Places, ShippingTax, StoreTaxes, TaxRate, TaxRules, TaxZone};

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn basket(lines: &[(u32, i64, bool)], shipping: Option<i64>, tax_mode: TaxMode, rounding: Rounding) -> Basket {
    let line = |(index, (quantity, minor, is_book)): (usize, &(u32, i64, bool))| Line {
        variant: ProductVariantId(Uuid::from_u128(index as u128)),
        product: ProductId(Uuid::from_u128(index as u128)),
        brand: None,
        categories: Vec::new(),
        collections: Vec::new(),
        tags: Vec::new(),
        tax_category: is_book.then(books),
        untaxed: false,
        quantity: *quantity,
        unit_price: eur(*minor),
    };
    Basket {
        currency: Currency::EUR,
        tax_mode,
        rounding,
        lines: lines.iter().enumerate().map(line).collect(),
        shipping: shipping.map(|minor| ShippingCharge { rate: None, amount: eur(minor) }),
        codes: Vec::new(),
        buyer: Buyer::default(),
        country: None,
        channel: None,
    }
}

fn books() -> TaxCategoryId {
    TaxCategoryId(Uuid::from_u128(1))
}

/// 19 per cent and 7 for books in Germany, two taxes in Quebec, nothing elsewhere.
fn taxation(place: Place, shipping: ShippingTax, exempt: bool) -> Taxation {
    let rate = |name: &str, rate: &str, category| TaxRate {
        name: name.to_owned(),
        rate: rate.parse().expect("a rate"),
        category,
    };
    let zone = |id, country: &str, region: Option<&str>, rates| TaxZone {
        id: TaxZoneId(Uuid::from_u128(id)),
        territories: vec![Territory {
            country: Some(country.to_owned()),
            region: region.map(str::to_owned),
            postal_codes: Vec::new(),
        }],
        rates,
    };
    let zones = vec![
        zone(1, "DE", None, vec![rate("VAT", "0.19", None), rate("VAT", "0.07", Some(books()))]),
        zone(2, "CA", Some("QC"), vec![rate("GST", "0.05", None), rate("QST", "0.09975", None)]),
    ];
    let rules = TaxRules { zones, shipping };
    Taxation::Rules(Box::new(StoreTaxes {
        rules,
        places: Places { shipping: Some(place), billing: None, store: Place::country("DE") },
        exempt,
    }))
}

fn promotion(id: u128, action: Action) -> Promotion {
    Promotion {
        id: PromotionId(Uuid::from_u128(id)),
        name: format!("Promotion {id}"),
        created_at: DateTime::UNIX_EPOCH,
        priority: 0,
        valid_from: None,
        valid_to: None,
        condition: Condition::always(),
        action,
        caps: Caps::default(),
        stacking: Stacking { combines_with: vec![Phase::Line, Phase::Order, Phase::Shipping], exclusive_group: None },
        spent: Spent::default(),
    }
}

/// A percentage off the units, an amount off the order, and a percentage off shipping.
fn offers(units: i64, order: i64, shipping: i64) -> Offers {
    let percent = |number: i64| Change::Percent(Percent::try_new(Decimal::from(number)).expect("a percentage"));
    let promotions = vec![
        promotion(1, Action::Units { of: Selector::everything(), change: percent(units), spread: Spread::Each }),
        promotion(2, Action::Order(Change::Amount(eur(order).into()))),
        promotion(3, Action::Shipping { change: percent(shipping), rates: Vec::new() }),
    ];
    Offers { promotions, ..Offers::default() }
}

fn terms(basket: Basket, offers: Offers, taxation: Taxation) -> Terms {
    Terms::new(noon(), basket, offers, taxation)
}

#[test]
fn rule_t3_an_address_moved_away_and_back_gives_the_same_total() {
    let basket = basket(&[(3, 1_999, false), (1, 1_234, true)], Some(490), TaxMode::Gross, Rounding::default());
    let total = |place: &str| {
        let taxation = taxation(Place::country(place), ShippingTax::ByLines, false);
        serde_json::to_string(&terms(basket.clone(), offers(10, 100, 0), taxation).work_out().expect("totals").totals)
            .expect("JSON")
    };
    let (here, away, back) = (total("DE"), total("FR"), total("DE"));
    assert_eq!(here, back);
    assert_ne!(here, away);
}

#[test]
fn rule_t3_all_off_is_exactly_nothing() {
    for mode in [TaxMode::Net, TaxMode::Gross] {
        let basket = basket(&[(3, 333, false), (7, 1, true)], Some(490), mode, Rounding::default());
        let taxation = taxation(Place::region("CA", "QC"), ShippingTax::ByLines, false);
        let totals = terms(basket, offers(0, i64::MAX, 100), taxation).work_out().expect("totals").totals;
        assert_eq!((totals.total, totals.tax, totals.net), (eur(0), eur(0), eur(0)));
    }
}

/// No decimals, two, three; thirds, all off and more on top; nearly all of it tax (attack C05).
#[test]
fn attack_c05_every_currency_sums_to_its_last_unit_and_never_falls_below_nothing() {
    for currency in [Currency::JPY, Currency::EUR, Currency::KWD] {
        let units = currency.minor_units();
        let of = |minor: i64| Money::from_minor(minor, currency);
        let rate = TaxRate { name: "VAT".to_owned(), rate: "0.99999".parse().expect("a rate"), category: None };
        let world = Territory { country: None, region: None, postal_codes: Vec::new() };
        let zones = vec![TaxZone { id: TaxZoneId(Uuid::from_u128(1)), territories: vec![world], rates: vec![rate] }];
        for (percent, fixed) in [("33.3333", units), ("66.6667", 1), ("100", 5 * units), ("0", 10 * units / 3)] {
            let percent = Change::Percent(Percent::try_new(percent.parse().expect("a decimal")).expect("a percentage"));
            let promotions = vec![
                promotion(1, Action::Units { of: Selector::everything(), change: percent, spread: Spread::Across }),
                promotion(2, Action::Order(Change::Amount(of(fixed).into()))),
            ];
            for mode in [TaxMode::Net, TaxMode::Gross] {
                let mut basket = basket(&[(3, 0, false), (1, 0, false), (7, 0, true)], None, mode, Rounding::default());
                basket.currency = currency;
                for (line, minor) in basket.lines.iter_mut().zip([units, 10 * units / 3, 1]) {
                    line.unit_price = of(minor);
                }
                let rules = TaxRules { zones: zones.clone(), shipping: ShippingTax::default() };
                let places = Places { shipping: None, billing: None, store: Place::country("DE") };
                let taxation = Taxation::Rules(Box::new(StoreTaxes { rules, places, exempt: false }));
                let offers = Offers { promotions: promotions.clone(), ..Offers::default() };
                let totals = terms(basket, offers, taxation).work_out().expect("totals that add up").totals;
                assert_eq!(totals.check(), Ok(()));
                assert!(!totals.total.is_negative() && totals.total.currency() == currency);
            }
        }
    }
}

#[test]
fn rule_t4_totals_that_do_not_add_up_are_found() {
    let basket = basket(&[(2, 1_000, false)], Some(490), TaxMode::Net, Rounding::default());
    let taxation = taxation(Place::country("DE"), ShippingTax::default(), false);
    let totals = terms(basket, offers(10, 100, 50), taxation).work_out().expect("totals").totals;
    assert_eq!(totals.check(), Ok(()));
    let broken: [fn(&mut Totals); 9] = [
        |totals| totals.total = eur(1),
        |totals| totals.tax = eur(0),
        |totals| totals.tax_added = eur(0),
        |totals| totals.discount = eur(7),
        |totals| totals.shipping_discount = eur(7),
        |totals| totals.lines[0].net = eur(1),
        |totals| totals.lines[0].discounts.clear(),
        |totals| totals.taxes.clear(),
        |totals| totals.lines[0].taxes[0].tax = eur(0),
    ];
    for (index, break_it) in broken.into_iter().enumerate() {
        let mut wrong = totals.clone();
        break_it(&mut wrong);
        assert!(wrong.check().is_err(), "number {index}");
    }
}

#[test]
fn rule_p6_promotions_of_another_basket_are_refused() {
    let one = basket(&[(1, 1_000, false), (1, 2_000, false)], Some(490), TaxMode::Gross, Rounding::default());
    let evaluation = crate::promotion::evaluate(&one, &offers(50, 100, 50), noon()).expect("an evaluation");
    let taxation = taxation(Place::country("DE"), ShippingTax::default(), false);
    assert!(Totals::new(&one, &evaluation, &taxation).is_ok());
    let mut other = one.clone();
    other.lines.pop();
    let refused = Totals::new(&other, &evaluation, &taxation);
    assert_eq!(refused.map_err(|problem| problem.code), Err(ErrorCode::Invalid));
    let unshipped = Basket { shipping: None, ..one };
    assert!(Totals::new(&unshipped, &evaluation, &taxation).is_err());
}

#[test]
fn rule_p6_terms_of_rules_that_are_not_known_are_refused() {
    let basket = basket(&[(1, 1_000, false)], None, TaxMode::Gross, Rounding::default());
    let taxation = taxation(Place::country("DE"), ShippingTax::default(), false);
    let newer = Terms { version: 99, ..terms(basket, Offers::default(), taxation) };
    assert_eq!(newer.work_out().map_err(|problem| problem.field.join(".")), Err("version".to_owned()));
}

/// What an order of version 1 looks like, word by word: it has to read, and to give this total, as
/// long as there are such orders.
#[test]
fn rule_p6_an_order_of_the_first_version_is_worked_out_as_it_was() {
    let text = include_str!("../../tests/cases/terms-1.json");
    let terms: Terms = serde_json::from_str(text).expect("terms");
    let reckoning = terms.work_out().expect("totals");
    assert_eq!(reckoning.totals.total, eur(3_195));
    assert_eq!(serde_json::to_string_pretty(&terms).expect("JSON"), text.trim_end());
}

proptest! {
    #[test]
    fn rule_t4_lines_less_discounts_and_shipping_and_tax_is_the_total(
        lines in prop::collection::vec((1..6_u32, prop_oneof![Just(0), 1..30_i64, 1..100_000_i64], any::<bool>()), 0..6),
        shipping in prop::option::of(0..1_000_i64),
        units in prop::sample::select(vec![0, 1, 33, 100]),
        order in prop_oneof![Just(1), 1..5_000_i64],
        off_shipping in prop::sample::select(vec![0, 50, 100]),
        gross: bool,
        by_lines: bool,
        exempt: bool,
        quebec: bool,
        mode in prop::sample::select(vec![RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::HalfDown]),
        level in prop::sample::select(vec![RoundingLevel::Line, RoundingLevel::Unit]),
    ) {
        let tax_mode = if gross { TaxMode::Gross } else { TaxMode::Net };
        let place = if quebec { Place::region("CA", "QC") } else { Place::country("DE") };
        let shipping_tax = if by_lines { ShippingTax::ByLines } else { ShippingTax::Category(Some(books())) };
        let terms = terms(
            basket(&lines, shipping, tax_mode, Rounding { mode, level }),
            offers(units, order, off_shipping),
            taxation(place, shipping_tax, exempt),
        );
        let reckoning = terms.work_out().expect("totals that add up");
        let totals = &reckoning.totals;
        prop_assert!(totals.total.minor() >= 0);
        let steps = totals.explain().expect("steps");
        prop_assert_eq!(steps.last().map_or(0, |step| step.so_far.minor()), totals.total.minor());
        let sum: i64 = steps.iter().map(|step| step.amount.minor()).sum();
        prop_assert_eq!(sum, totals.total.minor());
        if !quebec {
            // One tax on each: the bases sum to the net, too.
            prop_assert_eq!(totals.taxes.iter().map(|tax| tax.net.minor()).sum::<i64>(), totals.net.minor());
        }
        let frozen = terms.clone().frozen(&reckoning.evaluation);
        let written = serde_json::to_string(&frozen).expect("JSON");
        let read: Terms = serde_json::from_str(&written).expect("terms");
        prop_assert_eq!(
            serde_json::to_string(&read.work_out().expect("totals").totals).expect("JSON"),
            serde_json::to_string(totals).expect("JSON")
        );
    }
}

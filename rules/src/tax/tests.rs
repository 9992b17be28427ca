use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::currency::Currency;
use crate::decimal::Decimal;
use crate::ids::TaxZoneId;
use crate::money::{RoundingLevel, RoundingMode};
use crate::place::{Place, Territory};
use crate::problem::ErrorCode;

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn category(number: u128) -> TaxCategoryId {
    TaxCategoryId(Uuid::from_u128(number))
}

fn rate(name: &str, rate: &str, category: Option<TaxCategoryId>) -> TaxRate {
    TaxRate { name: name.to_owned(), rate: rate.parse().expect("a rate"), category }
}

fn zone(id: u128, country: Option<&str>, region: Option<&str>, rates: Vec<TaxRate>) -> TaxZone {
    let territory =
        Territory { country: country.map(str::to_owned), region: region.map(str::to_owned), postal_codes: Vec::new() };
    TaxZone { id: TaxZoneId(Uuid::from_u128(id)), territories: vec![territory], rates }
}

fn germany() -> TaxRules {
    let rates = vec![rate("VAT", "0.19", None), rate("VAT", "0.07", Some(category(1)))];
    TaxRules { zones: vec![zone(1, Some("DE"), None, rates)], shipping: ShippingTax::default() }
}

fn places(shipping: Option<&str>, billing: Option<&str>) -> Places {
    Places { shipping: shipping.map(Place::country), billing: billing.map(Place::country), store: Place::country("DE") }
}

fn taxation(rules: TaxRules, places: Places) -> Taxation {
    Taxation::Rules(Box::new(StoreTaxes { rules, places, exempt: false }))
}

fn charge(minor: i64, category: Option<TaxCategoryId>) -> Charge {
    Charge { amount: eur(minor), units: 1, category, untaxed: false }
}

#[test]
fn rule_t1_the_shipping_address_goes_before_billing_and_billing_before_the_store() {
    let tax = |places| {
        let on = taxation(germany(), places).on(&[charge(119, None)], None, TaxMode::Gross, Rounding::default());
        on.expect("taxes").0[0].tax.minor()
    };
    assert_eq!(tax(places(None, None)), 19);
    assert_eq!(tax(places(Some("DE"), Some("FR"))), 19);
    assert_eq!(tax(places(Some("FR"), Some("DE"))), 0);
    assert_eq!(tax(places(None, Some("FR"))), 0);
}

#[test]
fn rule_t1_the_closest_zone_holds_whatever_its_place_in_the_list() {
    let zones = vec![
        zone(4, None, None, vec![rate("World", "0.01", None)]),
        zone(3, Some("US"), None, vec![rate("Federal", "0.02", None)]),
        zone(2, Some("US"), Some("CA"), vec![rate("California", "0.0725", None)]),
        zone(1, Some("US"), Some("CA"), vec![rate("Twin", "0.09", None)]),
    ];
    let name = |rules: &TaxRules, place: Place| rules.zone(&place).map(|zone| zone.rates[0].name.clone());
    for zones in [zones.clone(), zones.into_iter().rev().collect()] {
        let rules = TaxRules { zones, shipping: ShippingTax::default() };
        // Of twins the lower id holds.
        assert_eq!(name(&rules, Place::region("US", "CA")).as_deref(), Some("Twin"));
        assert_eq!(name(&rules, Place::region("US", "NY")).as_deref(), Some("Federal"));
        assert_eq!(name(&rules, Place::country("DE")).as_deref(), Some("World"));
    }
    assert_eq!(name(&germany(), Place::country("FR")), None);
}

#[test]
fn rule_t1_a_category_has_its_own_rate_else_the_ordinary_one_else_none() {
    let on = |category| {
        let lines = [charge(10_000, category)];
        let on = taxation(germany(), places(None, None)).on(&lines, None, TaxMode::Net, Rounding::default());
        on.expect("taxes").0[0].tax.minor()
    };
    assert_eq!((on(None), on(Some(category(1))), on(Some(category(2)))), (1_900, 700, 1_900));
    let books_alone = TaxRules {
        zones: vec![zone(1, Some("DE"), None, vec![rate("VAT", "0.07", Some(category(1)))])],
        shipping: ShippingTax::default(),
    };
    let on =
        taxation(books_alone, places(None, None)).on(&[charge(100, None)], None, TaxMode::Net, Rounding::default());
    assert_eq!(on.expect("taxes").0[0].tax, eur(0));
}

#[test]
fn rule_t2_shipping_has_its_category_or_is_weighted_by_the_lines() {
    let lines = [charge(1_000, Some(category(1))), charge(3_000, None)];
    let shipping = |shipping| {
        let rules = TaxRules { shipping, ..germany() };
        let on = taxation(rules, places(None, None)).on(&lines, Some(eur(400)), TaxMode::Net, Rounding::default());
        on.expect("taxes").1.expect("shipping").tax.minor()
    };
    assert_eq!(shipping(ShippingTax::Category(None)), 76);
    assert_eq!(shipping(ShippingTax::Category(Some(category(1)))), 28);
    // A quarter at 7 per cent, the rest at 19.
    assert_eq!(shipping(ShippingTax::ByLines), 7 + 57);
}

#[test]
fn rule_t1_what_is_untaxed_bears_no_tax_anywhere_and_shipping_like_it_neither() {
    let untaxed = Charge { untaxed: true, ..charge(3_000, Some(category(1))) };
    let on = |mode| {
        let rules = TaxRules { shipping: ShippingTax::ByLines, ..germany() };
        let lines = [charge(1_000, None), untaxed];
        let (taxed, shipping) =
            taxation(rules, places(None, None)).on(&lines, Some(eur(400)), mode, Rounding::default()).expect("taxes");
        (taxed[1].tax.minor(), taxed[1].parts[0].name.clone(), shipping.expect("shipping").tax.minor())
    };
    // A quarter of the shipping goes with what is taxed.
    assert_eq!(on(TaxMode::Net), (0, None, 19));
    assert_eq!(on(TaxMode::Gross), (0, None, 16));
}

#[test]
fn a_rate_in_millionths_reads_back() {
    for text in ["0", "0.19", "0.0725", "0.000001", "1.5", "1000"] {
        let rate: Decimal = text.parse().expect("a rate");
        assert_eq!(from_millionths(millionths(rate).expect("millionths")), rate, "{text}");
        assert_eq!(from_millionths(millionths(rate).expect("millionths")).to_string(), text);
    }
}

#[test]
fn rule_t2_what_a_provider_says_is_taken_as_it_is() {
    let tax = |on, amount| ExternalTax { on, name: "Sales tax".to_owned(), rate: Decimal::ZERO, amount: eur(amount) };
    let lines = [charge(1_000, None), charge(500, None)];
    let taxes = vec![tax(TaxedPart::Line(1), 41), tax(TaxedPart::Line(1), 2), tax(TaxedPart::Shipping, 33)];
    let on = |mode| Taxation::External(taxes.clone()).on(&lines, Some(eur(400)), mode, Rounding::default());
    let (taxed, shipping) = on(TaxMode::Net).expect("taxes");
    assert_eq!((taxed[0].gross, taxed[1].gross, taxed[1].tax), (eur(1_000), eur(543), eur(43)));
    assert_eq!(shipping.expect("shipping").gross, eur(433));
    let (taxed, _) = on(TaxMode::Gross).expect("taxes");
    assert_eq!((taxed[1].gross, taxed[1].net, taxed[1].parts.len()), (eur(500), eur(457), 2));

    let refused = |taxes, mode| {
        let on = Taxation::External(taxes).on(&lines, None, mode, Rounding::default());
        on.map(|_| ()).map_err(|problem| problem.code)
    };
    assert_eq!(refused(vec![tax(TaxedPart::Line(2), 1)], TaxMode::Net), Err(ErrorCode::Invalid));
    assert_eq!(refused(vec![tax(TaxedPart::Shipping, 1)], TaxMode::Net), Err(ErrorCode::Invalid));
    assert_eq!(refused(vec![tax(TaxedPart::Line(0), -1)], TaxMode::Net), Err(ErrorCode::Invalid));
    assert_eq!(refused(vec![tax(TaxedPart::Line(0), 1_001)], TaxMode::Gross), Err(ErrorCode::Invalid));
    assert_eq!(refused(vec![tax(TaxedPart::Line(0), 1_001)], TaxMode::Net), Ok(()));
}

#[test]
fn rates_that_are_none_are_refused() {
    let check = |text: &str| {
        TaxRules { zones: vec![zone(1, None, None, vec![rate("VAT", text, None)])], shipping: ShippingTax::default() }
            .check()
    };
    for fine in ["0", "0.19", "0.999999", "1.5"] {
        assert_eq!(check(fine), Ok(()), "{fine}");
    }
    for wrong in ["-0.01", "0.0000001", "1001"] {
        assert!(check(wrong).is_err(), "{wrong}");
    }
    let twice = vec![rate("VAT", "0.19", None), rate("VAT", "0.07", None)];
    let problems = TaxRules { zones: vec![zone(1, None, None, twice)], ..TaxRules::default() }.check();
    assert_eq!(problems.map_err(|problems| problems[0].code), Err(ErrorCode::Duplicate));
}

#[test]
fn attack_c06_taxes_beyond_counting_are_refused() {
    let on = taxation(germany(), places(None, None));
    let charge = |minor| [charge(minor, None)];
    let refused = on.on(&charge(i64::MAX), None, TaxMode::Net, Rounding::default());
    assert_eq!(refused.map_err(|problem| problem.code), Err(ErrorCode::OutOfRange));
    // Inside a gross price there is always room for it.
    let (taxed, _) = on.on(&charge(i64::MAX), None, TaxMode::Gross, Rounding::default()).expect("taxes");
    assert_eq!(taxed[0].net.checked_add(taxed[0].tax), Ok(eur(i64::MAX)));
}

fn any_rounding() -> impl Strategy<Value = Rounding> {
    let mode = prop::sample::select(vec![RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::HalfDown]);
    let level = prop::sample::select(vec![RoundingLevel::Line, RoundingLevel::Unit]);
    (mode, level).prop_map(|(mode, level)| Rounding { mode, level })
}

proptest! {
    #[test]
    fn rule_t4_gross_less_net_is_the_tax_and_the_parts_sum_to_it(
        minor in 0..10_000_000_i64,
        units in 1..50_i64,
        rates in prop::collection::vec(0..300_000_i128, 0..4),
        gross: bool,
        exempt: bool,
        rounding in any_rounding(),
    ) {
        let rates: Vec<TaxRate> = rates
            .into_iter()
            .enumerate()
            .map(|(index, millionths)| TaxRate {
                name: index.to_string(),
                rate: Decimal::from_parts(millionths, 6).expect("a rate"),
                category: None,
            })
            .collect();
        let rates: Vec<&TaxRate> = rates.iter().collect();
        let mode = if gross { TaxMode::Gross } else { TaxMode::Net };
        let taxed = Taxed::by_rates(eur(minor), units, &rates, mode, rounding, exempt).expect("taxes");
        prop_assert_eq!(taxed.net.minor() + taxed.tax.minor(), taxed.gross.minor());
        prop_assert_eq!(taxed.parts.iter().map(|part| part.tax.minor()).sum::<i64>(), taxed.tax.minor());
        prop_assert!(taxed.net.minor() >= 0 && taxed.tax.minor() >= 0);
        prop_assert!(taxed.parts.iter().all(|part| part.net == taxed.net && part.tax.minor() >= 0));
        let to_pay = if gross { taxed.gross.minor() + taxed.exempted.minor() } else { taxed.net.minor() };
        prop_assert_eq!(to_pay, minor);
        prop_assert!(!exempt || taxed.tax.is_zero());
    }

    /// Tax put on a net price and found inside its gross is the same, but for what rounding hides.
    #[test]
    fn rule_t2_tax_on_top_and_tax_inside_agree(minor in 0..10_000_000_i64, millionths in 0..500_000_i128) {
        let rate = Decimal::from_parts(millionths, 6).expect("a rate");
        let tax = eur(minor).times_rate(rate, RoundingMode::HalfUp).expect("a tax");
        let inside = eur(minor + tax.minor()).rate_within(rate, RoundingMode::HalfUp).expect("a tax");
        prop_assert!((inside.minor() - tax.minor()).abs() <= 1);
    }
}

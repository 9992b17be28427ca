//! The baskets that a merchant can read: `cases/baskets/*.json`.
//!
//! Each case is a basket, the promotions of a store and its taxes, with what comes of them. To add one,
//! add it to a file; its name begins with the rule that it shows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it should be"
)]

mod merchant;

use std::collections::BTreeMap;

use merchant::{Case, Store};
use rules::promotion::{CodeStatus, Decision, SkipReason};
use rules::totals::{LineKind, Reckoning, Terms};
use rules::{Decimal, Money};

fn amount(money: Money) -> String {
    money.amount().to_string()
}

/// The word that a case has for a reason, such as `NOTHING_TO_REDUCE` or `CONDITION SUBTOTAL`.
fn word(reason: &SkipReason, store: &Store) -> String {
    let json = serde_json::to_value(reason).expect("JSON");
    let name = json["reason"].as_str().expect("a reason").to_owned();
    match reason {
        SkipReason::Condition { .. } => format!("{name} {}", json["unmet"]["condition"].as_str().expect("a condition")),
        SkipReason::Outdone { by } => format!("{name} by {}", store.promotion_name(*by)),
        _ => name,
    }
}

fn promotions(found: &Reckoning, store: &Store) -> BTreeMap<String, String> {
    let verdicts = found.evaluation.verdicts.iter();
    verdicts
        .map(|verdict| {
            let decision = match &verdict.decision {
                Decision::Applied { amount: off, limited_by: None, .. } => amount(*off),
                Decision::Applied { amount: off, limited_by: Some(limit), .. } => {
                    let limit = serde_json::to_value(limit).expect("JSON");
                    format!("{} limited by {}", amount(*off), limit.as_str().expect("a word"))
                }
                Decision::Skipped { reason } => word(reason, store),
            };
            (verdict.name.clone(), decision)
        })
        .collect()
}

fn codes(found: &Reckoning) -> BTreeMap<String, String> {
    let word = |status: &CodeStatus| match status {
        CodeStatus::Applied { .. } => "APPLIED".to_owned(),
        CodeStatus::Outdone { .. } => "OUTDONE".to_owned(),
        CodeStatus::Refused { refusal } => {
            serde_json::to_value(refusal).expect("JSON").as_str().expect("a word").to_owned()
        }
    };
    found.evaluation.codes.iter().map(|code| (code.typed.clone(), word(&code.status))).collect()
}

/// `2 mug: 20.00`, with the tax in brackets where there is any; a gift says so.
fn lines(found: &Reckoning, store: &Store) -> Vec<String> {
    let line = |line: &rules::totals::LineTotal| {
        let gift = if matches!(line.kind, LineKind::Gift(_)) { " as a gift" } else { "" };
        let tax = if line.tax.is_zero() { String::new() } else { format!(" ({} tax)", amount(line.tax)) };
        format!("{} {}{gift}: {}{tax}", line.quantity, store.variant_name(line.variant), amount(line.gross))
    };
    found.totals.lines.iter().map(line).collect()
}

/// `19 % VAT on 100.00: 19.00`.
fn taxes(found: &Reckoning) -> Vec<String> {
    let percent = |rate: Decimal| (rate.into_inner() * rust_decimal::Decimal::ONE_HUNDRED).normalize();
    let tax = |tax: &rules::tax::TaxPart| match &tax.name {
        Some(name) => format!("{} % {name} on {}: {}", percent(tax.rate), amount(tax.net), amount(tax.tax)),
        None => format!("no tax on {}", amount(tax.net)),
    };
    found.totals.taxes.iter().map(tax).collect()
}

/// What must be so of every basket, whatever it is.
fn check_what_always_holds(name: &str, terms: &Terms, found: &Reckoning) {
    found.totals.check().unwrap_or_else(|imbalance| panic!("{name}: {imbalance}"));
    let steps = found.totals.explain().expect("steps");
    let total = steps.last().map_or(0, |step| step.so_far.minor());
    assert_eq!(total, found.totals.total.minor(), "{name}: the explanation adds up to the total");

    // Written down and read again, and with the offers in another order, it gives the same bytes.
    let bytes = serde_json::to_string(found).expect("JSON");
    let text = serde_json::to_string(terms).expect("JSON");
    let mut read: Terms = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    read.offers.promotions.reverse();
    read.offers.gifts.reverse();
    let again = read.work_out().expect("a reckoning");
    assert_eq!(serde_json::to_string(&again).expect("JSON"), bytes, "{name}: replayed");
    let frozen = terms.clone().frozen(&found.evaluation).work_out().expect("a reckoning");
    assert_eq!(frozen.totals, found.totals, "{name}: from the frozen terms");
}

fn run(text: &str) {
    let cases = merchant::read(text);
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for Case { name, store, expected } in cases {
        for promotion in &store.terms.offers.promotions {
            assert_eq!(promotion.check(), Ok(()), "{name}: {}", promotion.name);
        }
        let found = store.terms.work_out().unwrap_or_else(|problem| panic!("{name}: {problem}"));
        check_what_always_holds(&name, &store.terms, &found);
        let mut compare = |what: &str, found: String, expected: Option<String>| {
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                wrong.push(format!("{name}, {what}:\n    expected {expected}\n    found    {found}"));
            }
        };
        compare("promotions", format!("{:?}", promotions(&found, &store)), Some(format!("{:?}", expected.promotions)));
        compare("lines", format!("{:?}", lines(&found, &store)), Some(format!("{:?}", expected.lines)));
        compare("codes", format!("{:?}", codes(&found)), Some(format!("{:?}", expected.codes)));
        compare("taxes", format!("{:?}", taxes(&found)), expected.taxes.map(|taxes| format!("{taxes:?}")));
        let shipping = found.totals.shipping.as_ref().map(|shipping| amount(shipping.gross));
        compare("shipping", format!("{shipping:?}"), Some(format!("{:?}", expected.shipping)));
        compare("total", amount(found.totals.total), Some(expected.total));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn rule_p1_rule_p2_rule_p3_the_promotion_cases() {
    run(include_str!("cases/baskets/promotions.json"));
}

#[test]
fn rule_p4_the_stacking_cases() {
    run(include_str!("cases/baskets/stacking.json"));
}

#[test]
fn rule_p5_the_code_cases() {
    run(include_str!("cases/baskets/codes.json"));
}

#[test]
fn rule_t1_rule_t2_rule_t3_rule_t4_the_tax_cases() {
    run(include_str!("cases/baskets/taxes.json"));
}

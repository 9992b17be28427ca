//! Rules P1 to P6, one by one and by chance. The cases that a merchant can read stand in
//! `rules/tests/cases/baskets`.

mod by_chance;
mod offers;

use offers::*;

use super::*;
use crate::basket::Basket;
use crate::ids::ProductVariantId;
use crate::problem::ErrorCode;

fn evaluation(basket: &Basket, offers: &Offers) -> Evaluation {
    evaluate(basket, offers, noon()).expect("an evaluation")
}

fn amounts(evaluation: &Evaluation) -> Vec<(u128, Option<i64>)> {
    let amount = |decision: &Decision| match decision {
        Decision::Applied { amount, .. } => Some(amount.minor()),
        Decision::Skipped { .. } => None,
    };
    let verdicts = evaluation.verdicts.iter();
    verdicts.map(|verdict| (verdict.promotion.0.as_u128(), amount(&verdict.decision))).collect()
}

#[test]
fn rule_p1_phases_then_priority_then_age_then_id() {
    let basket = basket(&[(1, 10_000)]);
    let with = |id: u128, action: Action, priority: i32, age: i64| Promotion {
        priority,
        created_at: DateTime::from_timestamp(age, 0).expect("a time"),
        ..promotion(id, action)
    };
    let offers = Offers {
        promotions: vec![
            with(1, off_shipping(1), -9, 0),
            with(2, off_order(1), 0, 5),
            with(3, off_order(1), 0, 4),
            with(5, off_units(1), 7, 0),
            with(4, off_units(1), 7, 0),
            with(6, off_order(1), -1, 9),
        ],
        ..Offers::default()
    };
    let order: Vec<u128> = amounts(&evaluation(&basket, &offers)).into_iter().map(|(id, _)| id).collect();
    assert_eq!(order, [4, 5, 6, 3, 2, 1]);
}

#[test]
fn rule_p1_a_condition_that_begins_to_hold_on_the_reduced_amounts_is_met() {
    let small =
        Condition::Not(Box::new(Condition::Subtotal { at_least: eur(5_000).into(), of: Selector::everything() }));
    let consolation = Promotion { condition: small, ..promotion(2, off_order(100)) };
    let offers = offers(vec![promotion(1, off_units(1_000)), consolation]);
    assert_eq!(amounts(&evaluation(&basket(&[(1, 5_500)]), &offers)), [(1, Some(1_000)), (2, Some(100))]);
    assert_eq!(amounts(&evaluation(&basket(&[(1, 6_500)]), &offers)), [(1, Some(1_000)), (2, None)]);
}

#[test]
fn rule_p2_shares_sum_to_the_discount_and_shipping_is_left_alone() {
    let basket = basket(&[(1, 333), (2, 333), (1, 334)]);
    let evaluation = evaluation(&basket, &offers(vec![promotion(1, off_order(100))]));
    let Decision::Applied { amount, effects, .. } = &evaluation.verdicts[0].decision else { panic!("it is applied") };
    let shares: Vec<i64> = effects
        .iter()
        .map(|effect| match effect {
            Effect::OrderShare { amount, .. } => amount.minor(),
            other => panic!("{other:?} is no share of a line"),
        })
        .collect();
    assert_eq!((amount.minor(), shares), (100, vec![25, 50, 25]));
}

#[test]
fn rule_p3_an_amount_in_another_currency_is_never_converted() {
    let dollars = PerCurrency::from(Money::from_minor(500, Currency::USD));
    let fixed = promotion(1, Action::Order(Change::Amount(dollars.clone())));
    let minimum = Condition::Subtotal { at_least: dollars.clone(), of: Selector::everything() };
    let from = Promotion { condition: minimum, ..promotion(2, off_order(100)) };
    let caps = Caps { maximum_discount: Some(dollars.clone()), ..Caps::default() };
    let capped = Promotion { caps, ..promotion(3, off_order(100)) };
    let budget = Promotion { caps: Caps { budget: Some(dollars), ..Caps::default() }, ..promotion(4, off_order(100)) };
    let evaluation = evaluation(&basket(&[(1, 10_000)]), &offers(vec![fixed, from, capped, budget]));
    let reasons: Vec<String> = evaluation
        .verdicts
        .iter()
        .map(|verdict| match &verdict.decision {
            Decision::Skipped { reason } => reason.to_string(),
            applied => panic!("{applied:?}"),
        })
        .collect();
    let no_amount = "it has no amount in EUR";
    assert_eq!(reasons, [no_amount, "it is for other currencies", no_amount, no_amount]);
}

#[test]
fn rule_p3_free_shipping_can_be_for_some_rates_alone() {
    let rate = |number: u128| crate::ids::ShippingRateId(Uuid::from_u128(number));
    let action = |rates: Vec<u128>| Action::Shipping {
        change: Change::Percent(percent("100")),
        rates: rates.into_iter().map(rate).collect(),
    };
    let mut basket = basket(&[(1, 1_000)]);
    basket.shipping = Some(ShippingCharge { rate: Some(rate(7)), amount: eur(490) });
    let off = |action: Action| amounts(&evaluation(&basket, &offers(vec![promotion(1, action)])))[0].1;
    assert_eq!(off(action(vec![])), Some(490));
    assert_eq!(off(action(vec![6, 7])), Some(490));
    assert_eq!(off(action(vec![6])), None);
}

#[test]
fn rule_p3_an_amount_off_each_group_is_taken_as_often_as_there_are_groups() {
    let change = Change::Amount(eur(100).into());
    let action = Action::Units { of: Selector::everything(), change, spread: Spread::Groups(2) };
    let off = |lines: &[(u32, i64)], most: Option<u32>| {
        let caps = Caps { maximum_applications: most, ..Caps::default() };
        let promotion = Promotion { caps, ..promotion(1, action.clone()) };
        amounts(&evaluation(&basket(lines), &offers(vec![promotion])))[0].1
    };
    assert_eq!(off(&[(5, 1_000)], None), Some(200));
    assert_eq!(off(&[(1, 1_000), (1, 900), (1, 800)], None), Some(100));
    assert_eq!(off(&[(1, 1_000)], None), None);
    assert_eq!(off(&[(9, 1_000)], Some(3)), Some(300));
    // Two that cost less than the amount get off what they cost.
    assert_eq!(off(&[(2, 30)], None), Some(60));
}

#[test]
fn rule_p3_a_promotion_that_makes_no_sense_is_refused_with_every_reason() {
    let senseless = Promotion {
        valid_from: Some(noon()),
        valid_to: Some(noon()),
        condition: Condition::All(vec![
            Condition::Any(Vec::new()),
            Condition::Not(Box::new(Condition::Countries(Vec::new()))),
            Condition::Subtotal { at_least: PerCurrency::default(), of: Selector::everything() },
        ]),
        caps: Caps { maximum_applications: Some(0), ..Caps::default() },
        ..promotion(
            1,
            Action::BuyGet {
                buy: Selector::everything(),
                buy_quantity: 0,
                get: Selector::everything(),
                get_quantity: 0,
                percent: percent("100"),
            },
        )
    };
    let problems = senseless.check().expect_err("problems");
    let paths: Vec<String> = problems.iter().map(|problem| problem.field.join(".")).collect();
    assert_eq!(
        paths,
        [
            "validTo",
            "condition.all.0",
            "condition.all.1.not",
            "condition.all.2.subtotal.atLeast",
            "action.buyGet.buyQuantity",
            "action.buyGet.getQuantity",
            "caps.maximumApplications",
        ]
    );

    let deep = (0..MAX_DEPTH).fold(Condition::FirstOrder, |inner, _| Condition::Not(Box::new(inner)));
    let problems = Promotion { condition: deep, ..promotion(1, off_order(1)) }.check().expect_err("a problem");
    assert_eq!(problems[0].code, ErrorCode::LimitReached);
    let wide = Condition::All(vec![Condition::FirstOrder; MAX_CONDITIONS]);
    assert!(Promotion { condition: wide, ..promotion(1, off_order(1)) }.check().is_err());
    assert_eq!(promotion(1, off_order(1)).check(), Ok(()));
}

#[test]
fn rule_p5_each_refusal_is_a_problem_with_its_own_code_and_says_what_to_do() {
    let all = [
        (CodeRefusal::Unknown, ErrorCode::CodeUnknown),
        (CodeRefusal::NotStarted, ErrorCode::CodeNotStarted),
        (CodeRefusal::Expired, ErrorCode::CodeExpired),
        (CodeRefusal::UsedUp, ErrorCode::CodeUsedUp),
        (CodeRefusal::NotForYou, ErrorCode::CodeNotForYou),
        (CodeRefusal::NotForThisCart, ErrorCode::CodeNotForCart),
    ];
    for (refusal, code) in all {
        let problem = refusal.problem("codes.0");
        assert_eq!((problem.code, problem.field.join(".")), (code, "codes.0".to_owned()));
        assert!(problem.message.len() > 20, "{}", problem.message);
    }
}

/// A code counts by its fold, so twins of a used-up code are used up too (attack C08).
#[test]
fn attack_c08_no_twin_of_a_code_gets_around_its_limit() {
    let mut basket = basket(&[(1, 10_000)]);
    let given = Promotion { condition: Condition::CodeGiven, ..promotion(1, off_order(100)) };
    let mut offers = offers(vec![given]);
    for twin in ["ONCE", "once", " Once\u{a0}", "ＯＮＣＥ", "\tonce "] {
        offers.codes = vec![DiscountCode { limit: Some(1), ..code("Once", 1) }];
        basket.codes = vec![twin.to_owned(), "once".to_owned()];
        let found = evaluation(&basket, &offers);
        assert_eq!(found.codes.len(), 1, "{twin:?} is the same code");
        assert_eq!(amounts(&found), [(1, Some(100))], "{twin:?}");

        offers.codes[0].used = 1;
        let found = evaluation(&basket, &offers);
        assert_eq!(found.codes[0].status, CodeStatus::Refused { refusal: CodeRefusal::UsedUp }, "{twin:?}");
        assert_eq!(amounts(&found), [(1, None)], "{twin:?}");
    }
    // A canceled order gives its use back, and the fact says so.
    offers.codes[0].used = 0;
    assert_eq!(amounts(&evaluation(&basket, &offers)), [(1, Some(100))]);
    // Taken out of the cart it takes nothing off.
    basket.codes.clear();
    assert_eq!(amounts(&evaluation(&basket, &offers)), [(1, None)]);
}

/// A gift is worked out anew each time; it is no line of the basket whose price could go stale.
#[test]
fn attack_c09_a_gift_goes_when_its_promotion_does() {
    let variant = ProductVariantId(Uuid::from_u128(77));
    let gift = Promotion {
        condition: Condition::Subtotal { at_least: eur(5_000).into(), of: Selector::everything() },
        ..promotion(1, Action::Gift { variant, quantity: 1 })
    };
    let mut offers = offers(vec![gift]);
    offers.gifts = vec![GiftStock {
        variant,
        product: ProductId(Uuid::from_u128(77)),
        tax_category: None,
        price: Some(eur(900)),
        available: None,
    }];
    let found = evaluation(&basket(&[(1, 5_000)]), &offers);
    let gifts = |found: &Evaluation| found.applied().map(|(_, effects)| effects.len()).sum::<usize>();
    assert_eq!((gifts(&found), found.amount(Currency::EUR).expect("a sum").minor()), (1, 0));
    assert_eq!(gifts(&evaluation(&basket(&[(1, 4_999)]), &offers)), 0);
}

/// The threshold is looked at again when the cart has changed (attack C28).
#[test]
fn attack_c28_a_line_less_and_shipping_costs_again() {
    let free = Promotion {
        condition: Condition::Subtotal { at_least: eur(5_000).into(), of: Selector::everything() },
        ..promotion(1, Action::Shipping { change: Change::Percent(percent("100")), rates: Vec::new() })
    };
    let offers = offers(vec![free]);
    let mut basket = basket(&[(1, 3_000), (1, 2_000)]);
    assert_eq!(amounts(&evaluation(&basket, &offers)), [(1, Some(490))]);
    basket.lines.pop();
    assert_eq!(amounts(&evaluation(&basket, &offers)), [(1, None)]);
}

#[test]
fn attack_c06_amounts_beyond_counting_are_refused() {
    let off = offers(vec![promotion(1, off_order(100))]);
    for lines in [&[(2, i64::MAX)][..], &[(1, i64::MAX), (1, 1)], &[(u32::MAX, i64::MAX / 2)]] {
        let problem = evaluate(&basket(lines), &off, noon()).expect_err("too much");
        assert_eq!(problem.code, ErrorCode::OutOfRange);
    }
    let mut shipped = basket(&[(1, i64::MAX)]);
    assert!(evaluate(&shipped, &off, noon()).is_err(), "with shipping it is too much");
    shipped.shipping = None;
    assert_eq!(amounts(&evaluation(&shipped, &off)), [(1, Some(100))]);
    // The largest that can be counted is counted exactly, a percentage of it too.
    let tenth = offers(vec![promotion(1, Action::Order(Change::Percent(percent("33.3333"))))]);
    assert_eq!(amounts(&evaluation(&shipped, &tenth)), [(1, Some(3_074_454_271_160_912_984))]);
}

#[test]
fn a_basket_with_another_currency_or_below_nothing_is_refused() {
    let mut wrong = basket(&[(1, 100)]);
    wrong.lines[0].unit_price = Money::from_minor(100, Currency::USD);
    assert_eq!(evaluate(&wrong, &Offers::default(), noon()).map_err(|problem| problem.code), Err(ErrorCode::Invalid));
    for lines in [[(1, -1)], [(0, 100)]] {
        let problem = evaluate(&basket(&lines), &Offers::default(), noon()).expect_err("refused");
        assert_eq!((problem.code, problem.field.join(".")), (ErrorCode::OutOfRange, "lines.0".to_owned()));
    }
}

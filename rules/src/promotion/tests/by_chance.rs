//! What holds of every basket and every set of promotions.

use proptest::prelude::*;

use super::offers::*;
use super::*;
use crate::money::{RoundingLevel, RoundingMode};

/// Few products, small prices and many zeros, so that ties and ends of all kinds come up.
fn any_basket() -> impl Strategy<Value = Basket> {
    let any_line = (0..5_u128, 1..6_u32, prop_oneof![Just(0), 1..12_i64, 1..3_000_i64]);
    let mode = prop::sample::select(vec![RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::HalfDown]);
    let level = prop::sample::select(vec![RoundingLevel::Line, RoundingLevel::Unit]);
    (prop::collection::vec(any_line, 0..7), mode, level, prop::option::of(0..700_i64)).prop_map(
        |(lines, mode, level, shipping)| {
            let lines = lines.into_iter().map(|(number, quantity, minor)| line(number, quantity, minor)).collect();
            let shipping = shipping.map(|minor| ShippingCharge { rate: None, amount: eur(minor) });
            Basket { rounding: Rounding { mode, level }, lines, shipping, ..basket(&[]) }
        },
    )
}

fn any_selector() -> impl Strategy<Value = Selector> {
    prop::collection::vec(0..5_u128, 0..3)
        .prop_map(|tags| Selector::any_of(tags.into_iter().map(|number| Target::Tag(tag(number)))))
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        prop::sample::select(vec!["0", "5", "10", "33.3333", "50", "99.99", "100"])
            .prop_map(|text| Change::Percent(percent(text))),
        (1..2_000_i64).prop_map(|minor| Change::Amount(eur(minor).into())),
        (0..2_000_i64).prop_map(|minor| Change::Price(eur(minor).into())),
    ]
}

fn any_spread() -> impl Strategy<Value = Spread> {
    prop_oneof![Just(Spread::Each), Just(Spread::Across), (1..5_u32).prop_map(Spread::Groups)]
}

fn any_action() -> impl Strategy<Value = Action> {
    prop_oneof![
        any_change().prop_map(Action::Order),
        (any_selector(), any_change(), any_spread()).prop_map(|(of, change, spread)| Action::Units {
            of,
            change,
            spread
        }),
        (any_selector(), any_selector(), 1..4_u32, 1..3_u32).prop_map(|(buy, get, buy_quantity, get_quantity)| {
            Action::BuyGet { buy, buy_quantity, get, get_quantity, percent: percent("100") }
        }),
        (any_selector(), 1..5_u32).prop_map(|(of, out_of)| Action::CheapestFree { of, out_of }),
        any_change().prop_map(|change| Action::Shipping { change, rates: Vec::new() }),
        (1..4_i64, 5..8_i64).prop_map(|(low, high)| {
            let tier = |at_least: i64, text| OrderTier {
                at_least: eur(at_least * 500).into(),
                change: Change::Percent(percent(text)),
            };
            Action::OrderTiers(vec![tier(low, "5"), tier(high, "10")])
        }),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        Just(Condition::always()),
        (0..4_000_i64, any_selector()).prop_map(|(minor, of)| Condition::Subtotal { at_least: eur(minor).into(), of }),
        (0..8_u32, any_selector()).prop_map(|(at_least, of)| Condition::Quantity { at_least, of }),
        any_selector().prop_map(Condition::Contains),
        Just(Condition::FirstOrder),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 1..3).prop_map(Condition::Any),
            inner.prop_map(|condition| Condition::Not(Box::new(condition))),
        ]
    })
}

fn any_stacking() -> impl Strategy<Value = Stacking> {
    let phases = prop::collection::vec(prop::sample::select(vec![Phase::Line, Phase::Order, Phase::Shipping]), 0..6);
    let all = Just(vec![Phase::Line, Phase::Order, Phase::Shipping]);
    let group = prop::option::weighted(0.3, prop::sample::select(vec!["a".to_owned(), "b".to_owned()]));
    (prop_oneof![phases, all], group)
        .prop_map(|(combines_with, exclusive_group)| Stacking { combines_with, exclusive_group })
}

fn any_caps() -> impl Strategy<Value = Caps> {
    (
        prop::option::weighted(0.2, (0..500_i64).prop_map(|minor| eur(minor).into())),
        prop::option::weighted(0.2, 1..4_u32),
        prop::option::weighted(0.2, (0..500_i64).prop_map(|minor| eur(minor).into())),
    )
        .prop_map(|(maximum_discount, maximum_applications, budget)| Caps {
            maximum_discount,
            maximum_applications,
            budget,
            maximum_uses: None,
        })
}

prop_compose! {
    fn any_promotion()(
        action in any_action(),
        condition in any_condition(),
        stacking in any_stacking(),
        caps in any_caps(),
        priority in -1..2_i32,
    ) -> Promotion {
        Promotion { condition, stacking, caps, priority, ..promotion(0, action) }
    }
}

fn any_promotions() -> impl Strategy<Value = Vec<Promotion>> {
    prop::collection::vec(any_promotion(), 0..7).prop_map(|mut promotions| {
        for (number, promotion) in promotions.iter_mut().enumerate() {
            promotion.id = PromotionId(Uuid::from_u128(number as u128));
        }
        promotions
    })
}

fn worth(basket: &Basket, promotions: Vec<Promotion>) -> i64 {
    evaluation(basket, &offers(promotions)).amount(Currency::EUR).expect("a sum").minor()
}

proptest! {
    #[test]
    fn rule_p2_parts_sum_to_the_whole_and_nothing_falls_below_nothing(basket in any_basket(), promotions in any_promotions()) {
        let found = evaluation(&basket, &offers(promotions));
        let mut lines: Vec<i64> = basket.lines.iter().map(|line| line.amount().expect("an amount").minor()).collect();
        let mut shipping = basket.shipping.as_ref().map_or(0, |shipping| shipping.amount.minor());
        for verdict in &found.verdicts {
            let Decision::Applied { amount, effects, .. } = &verdict.decision else { continue };
            let mut sum = 0;
            for effect in effects {
                match effect {
                    Effect::Units { line, amount, units } => {
                        prop_assert!(*units > 0 && *units <= i64::from(basket.lines[*line].quantity));
                        prop_assert!(amount.minor() > 0);
                        prop_assert_eq!(verdict.phase, Phase::Line);
                        lines[*line] -= amount.minor();
                        sum += amount.minor();
                    }
                    Effect::OrderShare { line, amount } => {
                        prop_assert!(amount.minor() > 0);
                        prop_assert_eq!(verdict.phase, Phase::Order);
                        lines[*line] -= amount.minor();
                        sum += amount.minor();
                    }
                    Effect::Shipping { amount } => {
                        prop_assert_eq!(verdict.phase, Phase::Shipping);
                        shipping -= amount.minor();
                        sum += amount.minor();
                    }
                    Effect::Gift { .. } => {}
                }
            }
            prop_assert_eq!(sum, amount.minor(), "the effects of {} sum to what it took off", &verdict.name);
        }
        prop_assert!(shipping >= 0 && lines.iter().all(|line| *line >= 0), "{lines:?} {shipping}");
    }

    #[test]
    fn rule_p3_caps_hold(basket in any_basket(), promotions in any_promotions()) {
        let found = evaluation(&basket, &offers(promotions.clone()));
        for verdict in &found.verdicts {
            let promotion = promotions.iter().find(|promotion| promotion.id == verdict.promotion).expect("it");
            let Decision::Applied { amount, .. } = &verdict.decision else { continue };
            for cap in [&promotion.caps.maximum_discount, &promotion.caps.budget].into_iter().flatten() {
                prop_assert!(amount.minor() <= cap.in_currency(Currency::EUR).expect("euros").minor());
            }
        }
    }

    #[test]
    fn rule_p4_those_that_exclude_each_other_never_stand_together(basket in any_basket(), promotions in any_promotions()) {
        let found = evaluation(&basket, &offers(promotions.clone()));
        let of = |id: PromotionId| promotions.iter().find(|promotion| promotion.id == id).expect("it");
        let applied: Vec<&Promotion> = found.applied().map(|(verdict, _)| of(verdict.promotion)).collect();
        for (index, one) in applied.iter().enumerate() {
            prop_assert!(applied[..index].iter().all(|other| !one.excludes(other)));
        }
        // And whoever was outdone is told by whom, and that is true.
        for verdict in &found.verdicts {
            if let Decision::Skipped { reason: SkipReason::Outdone { by } } = verdict.decision {
                prop_assert!(applied.iter().any(|applied| applied.id == by));
                prop_assert!(of(by).excludes(of(verdict.promotion)));
            }
        }
    }

    #[test]
    fn rule_p4_of_two_that_exclude_each_other_the_better_for_the_buyer_wins(
        basket in any_basket(),
        one in any_promotion(),
        other in any_promotion(),
    ) {
        let alone = Stacking::default();
        let one = Promotion { stacking: alone.clone(), ..one };
        let other = Promotion { id: PromotionId(Uuid::from_u128(1)), stacking: alone, ..other };
        let both = worth(&basket, vec![one.clone(), other.clone()]);
        prop_assert_eq!(both, worth(&basket, vec![one]).max(worth(&basket, vec![other])));
    }

    #[test]
    fn rule_p4_one_more_that_stands_alone_never_makes_a_basket_dearer(
        basket in any_basket(),
        promotions in any_promotions(),
        one_more in any_promotion(),
    ) {
        let without = worth(&basket, promotions.clone());
        let id = PromotionId(Uuid::from_u128(99));
        let one_more = Promotion { id, stacking: Stacking::default(), ..one_more };
        let with = worth(&basket, promotions.into_iter().chain([one_more]).collect());
        prop_assert!(with >= without, "{with} {without}");
    }

    #[test]
    fn rule_p4_what_the_buyer_gets_is_no_less_than_any_one_alone(basket in any_basket(), promotions in any_promotions()) {
        let stands_alone = |promotion: Promotion| Promotion { stacking: Stacking::default(), ..promotion };
        let promotions: Vec<Promotion> = promotions.into_iter().map(stands_alone).collect();
        let best = promotions.iter().map(|promotion| worth(&basket, vec![promotion.clone()])).max().unwrap_or(0);
        prop_assert_eq!(worth(&basket, promotions), best);
    }

    #[test]
    fn rule_p6_the_order_of_the_offers_plays_no_part(
        basket in any_basket(),
        (promotions, shuffled) in any_promotions().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let one = serde_json::to_string(&evaluation(&basket, &offers(promotions))).expect("JSON");
        let other = serde_json::to_string(&evaluation(&basket, &offers(shuffled))).expect("JSON");
        prop_assert_eq!(one, other);
    }

    #[test]
    fn rule_p6_what_was_written_down_gives_the_same_bytes(basket in any_basket(), promotions in any_promotions()) {
        let offers = offers(promotions);
        let found = evaluation(&basket, &offers);
        let written = serde_json::to_string(&(&basket, &offers, noon())).expect("JSON");
        let (basket, offers, at): (Basket, Offers, DateTime<Utc>) = serde_json::from_str(&written).expect("what was written");
        let again = evaluate(&basket, &offers, at).expect("an evaluation");
        prop_assert_eq!(serde_json::to_string(&again).expect("JSON"), serde_json::to_string(&found).expect("JSON"));
        let read: Evaluation = serde_json::from_str(&serde_json::to_string(&found).expect("JSON")).expect("itself");
        prop_assert_eq!(read, found);
    }

    #[test]
    fn rule_p6_every_promotion_has_its_verdict_and_skipped_ones_change_nothing(
        basket in any_basket(),
        promotions in any_promotions(),
    ) {
        let found = evaluation(&basket, &offers(promotions.clone()));
        prop_assert_eq!(found.verdicts.len(), promotions.len());
        let applied: Vec<Verdict> = found.applied().map(|(verdict, _)| verdict.clone()).collect();
        let only_these = promotions.into_iter().filter(|promotion| applied.iter().any(|one| one.promotion == promotion.id));
        prop_assert_eq!(evaluation(&basket, &offers(only_these.collect())).verdicts, applied);
    }

    /// Where cents go depends on the order of the lines; how many there are does not.
    #[test]
    fn rule_p3_what_one_promotion_takes_off_does_not_depend_on_the_order_of_the_lines(
        (basket, shuffled) in any_basket().prop_flat_map(|basket| {
            let lines = Just(basket.lines.clone()).prop_shuffle();
            (Just(basket), lines)
        }),
        promotion in any_promotion(),
    ) {
        let other = Basket { lines: shuffled, ..basket.clone() };
        prop_assert_eq!(worth(&basket, vec![promotion.clone()]), worth(&other, vec![promotion]));
    }

    #[test]
    fn rule_p3_units_that_qualify_are_never_those_made_cheap(
        basket in any_basket(),
        buy in any_selector(),
        get in any_selector(),
        buy_quantity in 1..4_u32,
        get_quantity in 1..3_u32,
    ) {
        let action = Action::BuyGet { buy: buy.clone(), buy_quantity, get: get.clone(), get_quantity, percent: percent("100") };
        let found = evaluation(&basket, &offers(vec![promotion(0, action)]));
        let mut cheap = vec![0_i64; basket.lines.len()];
        for (_, effects) in found.applied() {
            for effect in effects {
                if let Effect::Units { line, units, .. } = effect {
                    cheap[*line] += units;
                }
            }
        }
        let made_cheap: i64 = cheap.iter().sum();
        let times = made_cheap / i64::from(get_quantity);
        prop_assert_eq!(times * i64::from(get_quantity), made_cheap, "only whole times count");
        let costs = |line: &&(usize, &Line)| !line.1.unit_price.is_zero();
        let lines: Vec<(usize, &Line)> = basket.lines.iter().enumerate().collect();
        let others: i64 = lines.iter().filter(costs).filter(|(_, line)| buy.matches(line))
            .map(|(index, line)| i64::from(line.quantity) - cheap[*index]).sum();
        prop_assert!(others >= times * i64::from(buy_quantity), "{others} others qualify {times} times");

        // It works as often as it goes: one more time would need units that are not there.
        let of_either: i64 = lines.iter().filter(costs).filter(|(_, line)| buy.matches(line) || get.matches(line))
            .map(|(_, line)| i64::from(line.quantity)).sum();
        let of_buy: i64 = lines.iter().filter(costs).filter(|(_, line)| buy.matches(line)).map(|(_, line)| i64::from(line.quantity)).sum();
        let of_get: i64 = lines.iter().filter(costs).filter(|(_, line)| get.matches(line)).map(|(_, line)| i64::from(line.quantity)).sum();
        let (x, y, more) = (i64::from(buy_quantity), i64::from(get_quantity), times + 1);
        prop_assert!(more * x > of_buy || more * y > of_get || more * (x + y) > of_either);
    }
}

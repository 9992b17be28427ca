use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::ids::{LocationId, ProductVariantId};
use crate::states::{AvailabilityStatus, InventoryPolicy, StockStrategy};

const OPEN: Candor = Candor { low: 5, counts: true };

const DENY: Rule = Rule { tracked: true, policy: InventoryPolicy::Deny, backorder_limit: None };

fn location(number: u128) -> LocationId {
    LocationId(Uuid::from_u128(number))
}

fn variant(number: u128) -> ProductVariantId {
    ProductVariantId(Uuid::from_u128(number))
}

fn level(number: u128, on_hand: i64) -> Level {
    Level { location: location(number), on_hand, reserved: 0, held: 0, safety: 0 }
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

fn site(number: u128, priority: i32, kilometers: Option<u32>) -> Site {
    Site { location: location(number), priority, kilometers, is_domestic: false }
}

fn stock(levels: &[(u128, &[(u128, i64)])]) -> BTreeMap<ProductVariantId, StockOf> {
    let of = |levels: &[(u128, i64)]| StockOf {
        rule: DENY,
        levels: levels.iter().map(|(number, on_hand)| level(*number, *on_hand)).collect(),
    };
    levels.iter().map(|(number, levels)| (variant(*number), of(levels))).collect()
}

fn picked(
    demand: &[(u128, i64)],
    stock: &BTreeMap<ProductVariantId, StockOf>,
    sites: &[Site],
    strategy: StockStrategy,
) -> Vec<(u128, u128, i64)> {
    let demand = demand.iter().map(|(number, units)| (variant(*number), *units)).collect();
    let picks = pick(&demand, stock, sites, strategy).expect("enough");
    picks.into_iter().map(|pick| (pick.variant.0.as_u128(), pick.location.0.as_u128(), pick.units)).collect()
}

#[test]
fn rule_i1_sellable_is_on_hand_less_reserved_held_and_safety() {
    let level = Level { reserved: 2, held: 3, safety: 1, ..level(1, 10) };
    assert_eq!(sellable(DENY, &[level]), Sellable::Units(4));
    assert_eq!(sellable(DENY, &[Level { on_hand: 5, ..level }]), Sellable::Units(0));
    assert_eq!(sellable(DENY, &[]), Sellable::Units(0));
    let backorder = |limit| Rule { policy: InventoryPolicy::Continue, backorder_limit: limit, ..DENY };
    assert_eq!(sellable(backorder(None), &[]), Sellable::Unlimited);
    assert_eq!(sellable(backorder(Some(5)), &[level]), Sellable::Units(9));
    assert_eq!(sellable(Rule { tracked: false, ..DENY }, &[]), Sellable::Unlimited);
    assert_eq!((Sellable::Units(4).fits(9), Sellable::Units(4).fits(3), Sellable::Unlimited.fits(9)), (4, 3, 9));
}

#[test]
fn rule_i1_a_debt_is_paid_by_the_others_and_safety_is_none() {
    let owes = Level { reserved: 3, ..level(1, 0) };
    let keeps = Level { safety: 5, ..level(2, 2) };
    assert_eq!(sellable(DENY, &[owes, level(3, 10)]), Sellable::Units(7));
    assert_eq!(sellable(DENY, &[keeps, level(3, 10)]), Sellable::Units(10));
    // Backorders count from what is owed already.
    let backorder = Rule { policy: InventoryPolicy::Continue, backorder_limit: Some(5), ..DENY };
    assert_eq!(sellable(backorder, &[owes]), Sellable::Units(2));
}

#[test]
fn rule_i1_a_hold_ends_by_the_clock_and_ones_own_is_none() {
    let holds =
        [Hold { cart: "ann", units: 2, expires_at: at(15) }, Hold { cart: "ben", units: 3, expires_at: at(10) }];
    assert_eq!(held(&holds, at(9), None), 5);
    assert_eq!(held(&holds, at(10), None), 2);
    assert_eq!(held(&holds, at(15), None), 0);
    assert_eq!(held(&holds, at(9), Some(&"ann")), 3);
}

#[test]
fn rule_i3_stock_is_reserved_once_consumed_once_and_released_once() {
    let start = level(1, 5);
    let reserved = start.reserve(3).expect("stock");
    assert_eq!((reserved.on_hand, reserved.reserved), (5, 3));
    let sent = reserved.consume(2).expect("stock");
    assert_eq!((sent.on_hand, sent.reserved), (3, 1));
    assert!(sent.consume(2).is_err(), "only what is promised goes out");
    let released = sent.release(1).expect("a promise");
    assert_eq!((released.on_hand, released.reserved), (3, 0));
    assert!(released.release(1).is_err(), "nothing is released twice");
    assert_eq!(released.put_back(2).expect("goods").on_hand, 5);
    let sold_ahead = level(1, 0).reserve(2).expect("a backorder");
    assert!(sold_ahead.consume(1).is_err(), "only what is there goes out");
    for nothing in [0, -1] {
        assert!(start.reserve(nothing).is_err() && start.put_back(nothing).is_err() && start.release(nothing).is_err());
    }
    assert!(level(1, i64::MAX).put_back(1).is_err());
}

#[test]
fn rule_i4_the_strategy_says_which_location_goes_first() {
    let stock = stock(&[(1, &[(1, 5), (2, 9), (3, 7)])]);
    let sites = [site(1, 2, Some(500)), site(2, 3, None), site(3, 1, Some(20))];
    let from = |strategy| picked(&[(1, 4)], &stock, &sites, strategy)[0].1;
    assert_eq!(from(StockStrategy::Priority), 3);
    assert_eq!(from(StockStrategy::MostStock), 2);
    assert_eq!(from(StockStrategy::Nearest), 3);
    // One that has it all goes before a nearer one that does not.
    assert_eq!(picked(&[(1, 9)], &stock, &sites, StockStrategy::Nearest), [(1, 2, 9)]);
}

#[test]
fn rule_i4_where_no_distance_is_known_home_is_nearer_than_abroad() {
    let stock = stock(&[(1, &[(1, 5), (2, 5), (3, 5)])]);
    let home = Site { is_domestic: true, ..site(3, 9, None) };
    let sites = [site(1, 1, None), home];
    assert_eq!(picked(&[(1, 4)], &stock, &sites, StockStrategy::Nearest), [(1, 3, 4)]);
    // A place that is known to be far is nearer than one that is not known at all.
    let sites = [site(1, 1, Some(9_000)), home];
    assert_eq!(picked(&[(1, 4)], &stock, &sites, StockStrategy::Nearest), [(1, 1, 4)]);
}

#[test]
fn rule_i3_picks_are_kept_where_they_still_do() {
    let mut stock = stock(&[(1, &[(1, 5), (2, 5)])]);
    let demand: Demand = [(variant(1), 4)].into_iter().collect();
    let of = |place, units| Pick { variant: variant(1), location: location(place), units };
    assert!(holds_good(&[of(1, 4)], &demand, &stock) && holds_good(&[of(1, 1), of(2, 3)], &demand, &stock));
    for wrong in [vec![of(1, 3)], vec![of(1, 5)], vec![of(3, 4)], vec![]] {
        assert!(!holds_good(&wrong, &demand, &stock), "{wrong:?}");
    }
    stock.get_mut(&variant(1)).expect("it").levels[0].on_hand = 3;
    assert!(!holds_good(&[of(1, 4)], &demand, &stock), "somebody counted, and found fewer");
    stock.get_mut(&variant(1)).expect("it").rule.policy = InventoryPolicy::Continue;
    assert!(holds_good(&[of(1, 4)], &demand, &stock), "it may be sold ahead");
}

#[test]
fn rule_i1_a_visitor_is_told_whether_it_can_be_bought_and_few_are_left() {
    let status = |rule: Rule, on_hand: i64| availability(rule, &[level(1, on_hand)], OPEN).status;
    assert_eq!(status(DENY, 6), AvailabilityStatus::InStock);
    assert_eq!((status(DENY, 5), status(DENY, 1)), (AvailabilityStatus::Low, AvailabilityStatus::Low));
    assert_eq!((status(DENY, 0), status(DENY, -3)), (AvailabilityStatus::Out, AvailabilityStatus::Out));
    let ahead = |limit| Rule { policy: InventoryPolicy::Continue, backorder_limit: limit, ..DENY };
    assert_eq!(
        (status(ahead(None), 1), status(ahead(None), -9)),
        (AvailabilityStatus::Low, AvailabilityStatus::Backorder)
    );
    assert_eq!(
        (status(ahead(Some(2)), -1), status(ahead(Some(2)), -2)),
        (AvailabilityStatus::Backorder, AvailabilityStatus::Out)
    );
    let uncounted = availability(Rule { tracked: false, ..DENY }, &[], OPEN);
    assert_eq!(uncounted, Availability { status: AvailabilityStatus::InStock, units: None });
    assert_eq!(availability(DENY, &[level(1, 3), level(2, -1)], OPEN).units, Some(2), "a debt is paid by the others");
    let discreet = availability(DENY, &[level(1, 3)], Candor { low: 0, counts: false });
    assert_eq!(discreet, Availability { status: AvailabilityStatus::InStock, units: None });
}

#[test]
fn rule_i1_an_outlook_says_what_is_told_until_the_last_hold_has_ended() {
    let hold = |units, minute| (location(1), Hold { cart: "ann", units, expires_at: at(minute) });
    let told = |holds: &[(LocationId, Hold<&str>)], on_hand, now| -> Vec<(i64, AvailabilityStatus, i64)> {
        let outlook = outlook(DENY, &[level(1, on_hand)], holds, OPEN, at(now));
        let minute = |moment: DateTime<Utc>| (moment - DateTime::UNIX_EPOCH).num_minutes();
        outlook.into_iter().map(|(from, told)| (minute(from), told.status, told.units.expect("units"))).collect()
    };
    let holds = [hold(2, 20), hold(3, 10), hold(1, 20)];
    use AvailabilityStatus::{InStock, Low, Out};
    assert_eq!(told(&holds, 6, 0), [(0, Out, 0), (10, Low, 3), (20, InStock, 6)]);
    assert_eq!(told(&holds, 6, 10), [(10, Low, 3), (20, InStock, 6)], "what has ended counts no more");
    assert_eq!(told(&[], 6, 0), [(0, InStock, 6)]);
    // A hold of what is not there changes nothing when it ends.
    assert_eq!(told(&[hold(2, 20)], 0, 0), [(0, Out, 0)]);
}

#[test]
fn rule_i4_a_line_is_split_where_no_location_has_it_all() {
    let stock = stock(&[(1, &[(1, 5), (2, 9), (3, 7)])]);
    let sites = [site(1, 1, Some(20)), site(2, 2, Some(30)), site(3, 3, Some(10))];
    assert_eq!(picked(&[(1, 12)], &stock, &sites, StockStrategy::Nearest), [(1, 1, 5), (1, 3, 7)]);
    assert_eq!(picked(&[(1, 12)], &stock, &sites, StockStrategy::Priority), [(1, 1, 5), (1, 2, 7)]);
    assert_eq!(picked(&[(1, 21)], &stock, &sites, StockStrategy::MostStock), [(1, 1, 5), (1, 2, 9), (1, 3, 7)]);
}

#[test]
fn rule_i4_one_parcel_goes_before_the_first_location() {
    let stock = stock(&[(1, &[(1, 5), (2, 5)]), (2, &[(2, 5)])]);
    let sites = [site(1, 1, None), site(2, 2, None)];
    assert_eq!(picked(&[(1, 2), (2, 2)], &stock, &sites, StockStrategy::Priority), [(1, 2, 2), (2, 2, 2)]);
    assert_eq!(picked(&[(1, 2)], &stock, &sites, StockStrategy::Priority), [(1, 1, 2)]);
}

#[test]
fn attack_c11_lines_and_components_that_fit_alone_and_not_together_are_refused() {
    let stock = stock(&[(1, &[(1, 3)]), (2, &[(1, 1)])]);
    let mut demand: Demand = [(variant(1), 2)].into_iter().collect();
    // A bundle of two of the first and one of the second.
    demand.add(variant(1), 2);
    demand.add(variant(2), 1);
    let short = pick(&demand, &stock, &[site(1, 1, None)], StockStrategy::Priority).expect_err("too much");
    assert_eq!(short, [Short { variant: variant(1), wanted: 4, available: 3 }]);
    let unknown: Demand = [(variant(9), 1)].into_iter().collect();
    assert!(pick(&unknown, &stock, &[site(1, 1, None)], StockStrategy::Priority).is_err());
}

#[test]
fn what_is_sold_beyond_the_stock_is_owed_by_the_first_location() {
    let mut stock = stock(&[(1, &[(1, 2), (2, 3)])]);
    stock.get_mut(&variant(1)).expect("it").rule.policy = InventoryPolicy::Continue;
    let sites = [site(1, 2, None), site(2, 1, None)];
    assert_eq!(picked(&[(1, 9)], &stock, &sites, StockStrategy::Priority), [(1, 1, 2), (1, 2, 7)]);
}

proptest! {
    /// What an outlook says of a moment is what is told at that moment.
    #[test]
    fn rule_i1_an_outlook_comes_true(
        on_hand in 0..12_i64,
        holds in prop::collection::vec((0..3_u128, 1..4_i64, 0..10_i64), 0..6),
        now in 0..12_i64,
        later in 0..12_i64,
    ) {
        let holds: Vec<_> = holds.into_iter()
            .map(|(place, units, minute)| (location(place), Hold { cart: (), units, expires_at: at(minute) }))
            .collect();
        let levels = [level(0, on_hand), level(1, 2)];
        let later = now + later;
        let seen = outlook(DENY, &levels, &holds, OPEN, at(now));
        let then = seen.iter().rev().find(|(from, _)| *from <= at(later)).expect("a first one");
        prop_assert_eq!(then.1, outlook(DENY, &levels, &holds, OPEN, at(later))[0].1);
        prop_assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1));
    }

    #[test]
    fn rule_i4_picks_sum_to_the_demand_and_take_no_more_than_there_is(
        levels in prop::collection::vec((0..4_u128, 0..4_u128, -3..10_i64, 0..4_i64, 0..3_i64), 0..12),
        demand in prop::collection::vec((0..4_u128, 0..6_i64), 0..6),
        strategy in prop::sample::select(StockStrategy::ALL.to_vec()),
    ) {
        let mut stock: BTreeMap<ProductVariantId, StockOf> = BTreeMap::new();
        for (of, place, on_hand, reserved, safety) in levels {
            let of = stock.entry(variant(of)).or_insert(StockOf { rule: DENY, levels: Vec::new() });
            if of.levels.iter().all(|level| level.location != location(place)) {
                of.levels.push(Level { reserved, safety, ..level(place, on_hand) });
            }
        }
        let sites: Vec<Site> = (0..4).map(|number| site(number, number as i32 % 2, Some(number as u32 % 3))).collect();
        let demand: Demand = demand.into_iter().map(|(number, units)| (variant(number), units)).collect();
        let sellable_of = |variant| stock.get(&variant).map_or(Sellable::Units(0), |stock| sellable(stock.rule, &stock.levels));
        match pick(&demand, &stock, &sites, strategy) {
            Ok(picks) => {
                for (variant, wanted) in demand.iter() {
                    let taken: i64 = picks.iter().filter(|pick| pick.variant == variant).map(|pick| pick.units).sum();
                    prop_assert_eq!(taken, wanted);
                }
                for pick in &picks {
                    let level = stock[&pick.variant].levels.iter().find(|level| level.location == pick.location);
                    prop_assert!(pick.units > 0 && pick.units <= level.expect("a level").sellable());
                }
                prop_assert!(picks.windows(2).all(|pair| (pair[0].variant, pair[0].location) < (pair[1].variant, pair[1].location)));
            }
            Err(short) => {
                prop_assert!(!short.is_empty());
                for short in short {
                    prop_assert_eq!(sellable_of(short.variant), Sellable::Units(short.available));
                    prop_assert!(short.wanted > short.available);
                }
            }
        }
    }
}

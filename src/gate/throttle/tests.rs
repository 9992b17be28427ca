use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, TimeDelta};
use rules::Currency;
use rules::ids::{ApiTokenId, OrganizationId, StoreId};
use rules::permission::PermissionSet;
use rules::states::{DocumentPolicy, StorePlan, TokenKind};
use uuid::Uuid;

use super::news::News;
use super::*;
use crate::kernel::Actor;
use crate::kernel::clock::FrozenClock;
use crate::kernel::ctx::StoreContext;

/// A hundred at once, ten a second.
const SMALL: Allowance = Allowance { maximum: 100, restore: 10 };

fn throttle() -> (Throttle, Arc<FrozenClock>) {
    let clock = Arc::new(FrozenClock::at(DateTime::UNIX_EPOCH));
    let settings = ThrottleSettings { enabled: true, anonymous: SMALL, user: SMALL, token: SMALL, refusals: SMALL };
    (Throttle::new(settings, Arc::<FrozenClock>::clone(&clock)), clock)
}

fn address(last: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + last))
}

fn visitor(address: IpAddr) -> Caller {
    Caller { address: Some(address), ..Caller::anonymous("") }
}

fn in_store(caller: Caller, store: u128, plan: StorePlan) -> Caller {
    let store = StoreContext {
        id: StoreId(Uuid::from_u128(store)),
        organization: OrganizationId(Uuid::nil()),
        handle: "shop".to_owned(),
        currency: Currency::EUR,
        currencies: Vec::new(),
        locale: "en".to_owned(),
        plan,
        document_policy: DocumentPolicy::Any,
    };
    Caller { store: Some(store), ..caller }
}

fn with_token(caller: Caller, token: u128, kind: TokenKind) -> Caller {
    let token = ApiTokenId(Uuid::from_u128(token));
    Caller { actor: Actor::Token { token, kind, permissions: PermissionSet::EMPTY }, ..caller }
}

fn available(throttle: &Throttle, caller: &Caller) -> u64 {
    throttle.report(caller, 0).throttle.unwrap().available
}

/// Spends, and is settled at that.
fn spend(throttle: &Throttle, caller: &Caller, cost: u64) -> Option<Report> {
    throttle.take(caller, cost).ok().map(|hold| hold.settle(cost))
}

#[test]
fn what_is_not_used_is_given_back() {
    let (throttle, _) = throttle();
    let caller = visitor(address(1));
    let hold = throttle.take(&caller, 80).unwrap();
    assert_eq!(available(&throttle, &caller), 20);
    let report = hold.settle(30);
    let standing = Standing { maximum: 100, available: 70, restore_rate: 10 };
    assert_eq!(report, Report { requested: 80, actual: 30, throttle: Some(standing) });
    assert_eq!(available(&throttle, &caller), 70);
}

#[test]
fn lists_that_were_longer_than_assumed_are_paid_for() {
    let (throttle, clock) = throttle();
    let caller = visitor(address(1));
    let report = throttle.take(&caller, 10).unwrap().settle(250);
    assert_eq!((report.actual, report.throttle.unwrap().available), (250, 0));
    clock.advance(TimeDelta::seconds(15));
    assert_eq!(throttle.take(&caller, 1).unwrap_err().retry_after, 1);
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(available(&throttle, &caller), 10);
}

#[test]
fn attack_h06_who_goes_away_has_spent_it_all_and_not_more() {
    let (throttle, clock) = throttle();
    let caller = visitor(address(1));
    drop(throttle.take(&caller, 60).unwrap());
    assert_eq!(available(&throttle, &caller), 40);
    clock.advance(TimeDelta::seconds(3_600));
    assert_eq!(available(&throttle, &caller), 100);
}

#[test]
fn no_order_of_giving_back_makes_more_than_a_full_bucket() {
    let (throttle, clock) = throttle();
    let caller = visitor(address(1));
    let holds: Vec<Hold> = (0..4).map(|_| throttle.take(&caller, 25).unwrap()).collect();
    clock.advance(TimeDelta::seconds(8));
    for hold in holds {
        let standing = hold.settle(1).throttle.unwrap();
        assert!(standing.available <= 100);
    }
    assert_eq!(available(&throttle, &caller), 100);
    assert!(throttle.take(&caller, 100).is_ok());
    assert!(throttle.take(&caller, 1).is_err());
}

#[test]
fn what_is_answered_already_costs_the_least_and_needs_no_more() {
    let (throttle, _) = throttle();
    let caller = visitor(address(1));
    spend(&throttle, &caller, 98).unwrap();
    assert!(throttle.take(&caller, 50).is_err());
    for available in [1, 0] {
        let report = throttle.take_least(&caller, 50).unwrap();
        assert_eq!((report.requested, report.actual, report.throttle.unwrap().available), (50, 1, available));
    }
    let refused = throttle.take_least(&caller, 50).unwrap_err();
    assert_eq!((refused.retry_after, refused.report.actual), (1, 0));
    let operator = Caller { actor: Actor::Operator, ..caller };
    assert_eq!(throttle.take_least(&operator, 50).unwrap(), Report { requested: 50, actual: 1, throttle: None });
}

#[test]
fn an_empty_bucket_says_when_it_holds_enough() {
    let (throttle, clock) = throttle();
    let caller = visitor(address(1));
    spend(&throttle, &caller, 95).unwrap();
    let refused = throttle.take(&caller, 40).unwrap_err();
    assert_eq!((refused.retry_after, refused.whose), (4, "address"));
    assert_eq!((refused.report.requested, refused.report.actual), (40, 0));
    assert_eq!(refused.report.throttle.unwrap().available, 5);
    clock.advance(TimeDelta::milliseconds(3_499));
    assert!(throttle.take(&caller, 40).is_err());
    clock.advance(TimeDelta::milliseconds(1));
    assert!(throttle.take(&caller, 40).is_ok());
}

#[test]
fn what_costs_more_than_a_bucket_needs_a_full_one() {
    let (throttle, clock) = throttle();
    let caller = visitor(address(1));
    spend(&throttle, &caller, 1).unwrap();
    assert_eq!(throttle.take(&caller, 1_000).unwrap_err().retry_after, 1);
    clock.advance(TimeDelta::seconds(1));
    drop(throttle.take(&caller, 1_000).unwrap());
    assert_eq!(
        throttle.take(&caller, 1).unwrap_err().retry_after,
        91,
        "a thousand, less a full bucket, at ten a second"
    );
}

#[test]
fn a_clock_that_is_set_back_stops_nobody() {
    let (throttle, clock) = throttle();
    let caller = visitor(address(1));
    spend(&throttle, &caller, 100).unwrap();
    clock.advance(TimeDelta::hours(-1));
    assert_eq!(available(&throttle, &caller), 0);
    clock.advance(TimeDelta::seconds(2));
    assert_eq!(available(&throttle, &caller), 20);
}

#[test]
fn each_spends_of_a_bucket_of_ones_own() {
    let (throttle, _) = throttle();
    let here = |caller| in_store(caller, 1, StorePlan::Standard);
    let everybody = [
        visitor(address(1)),
        visitor(address(2)),
        here(visitor(address(1))),
        in_store(visitor(address(1)), 2, StorePlan::Standard),
        here(with_token(visitor(address(1)), 1, TokenKind::Api)),
        here(with_token(visitor(address(1)), 2, TokenKind::Api)),
    ];
    for caller in &everybody {
        assert_eq!(spend(&throttle, caller, 100).unwrap().throttle.unwrap().available, 0);
    }
    assert!(everybody.iter().all(|caller| throttle.take(caller, 1).is_err()));
    // The token of a storefront stands in a page: it is no way to a second bucket, nor to spend another's.
    let storefront = here(with_token(visitor(address(1)), 3, TokenKind::Storefront));
    assert!(throttle.take(&storefront, 1).is_err());
    assert!(throttle.take(&here(with_token(visitor(address(9)), 3, TokenKind::Storefront)), 1).is_ok());
    let operator = Caller { actor: Actor::Operator, ..visitor(address(1)) };
    assert_eq!(throttle.take(&operator, 1_000_000).unwrap().settle(5).throttle, None);
}

#[test]
fn one_network_of_version_6_is_one_address() {
    let (throttle, _) = throttle();
    let at = |high: u16, low: u16| visitor(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, high, 0, 0, 0, low)));
    spend(&throttle, &at(1, 1), 100).unwrap();
    assert!(throttle.take(&at(1, 2), 1).is_err());
    assert!(throttle.take(&at(2, 1), 1).is_ok());
    // One of version 4 that is written as one of version 6 is what it is.
    spend(&throttle, &visitor(address(1)), 100).unwrap();
    let mapped = Ipv4Addr::from_bits(0x0a00_0001).to_ipv6_mapped();
    assert!(throttle.take(&visitor(IpAddr::V6(mapped)), 1).is_err());
}

#[test]
fn a_larger_plan_has_larger_buckets() {
    let (throttle, clock) = throttle();
    let caller = in_store(visitor(address(1)), 1, StorePlan::Plus);
    let standing = spend(&throttle, &caller, 400).unwrap().throttle.unwrap();
    assert_eq!((standing.maximum, standing.available, standing.restore_rate), (400, 0, 40));
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(available(&throttle, &caller), 40);
}

#[test]
fn what_comes_to_nothing_is_counted_by_address() {
    let (throttle, clock) = throttle();
    for _ in 0..100 {
        throttle.admit(address(1)).unwrap();
        throttle.count_refusal(address(1));
    }
    let refused = throttle.admit(address(1)).unwrap_err();
    assert_eq!((refused.retry_after, refused.whose), (1, "refusals"));
    assert!(throttle.admit(address(2)).is_ok());
    // It has nothing to do with what the address may spend.
    assert_eq!(available(&throttle, &visitor(address(1))), 100);
    clock.advance(TimeDelta::seconds(1));
    assert!(throttle.admit(address(1)).is_ok());
}

#[test]
fn ten_thousand_addresses_and_a_million_more_take_bounded_room() {
    let (throttle, clock) = throttle();
    for last in 0..10_000 {
        assert!(spend(&throttle, &visitor(address(last)), 100).is_some(), "none of them has spent anything");
    }
    assert_eq!(throttle.0.buckets.len(), 10_000);
    assert!((0..10_000).all(|last| throttle.take(&visitor(address(last)), 1).is_err()), "and each is remembered");
    for last in 10_000..200_000 {
        spend(&throttle, &visitor(address(last)), 50).unwrap();
    }
    assert!(throttle.0.buckets.len() <= 64 * 1_024);
    // Those that spent most are the last to be forgotten.
    let remembered = (0..10_000).filter(|last| throttle.take(&visitor(address(*last)), 1).is_err()).count();
    assert_eq!(remembered, 10_000);
    clock.advance(TimeDelta::seconds(10));
    for last in 200_000..400_000 {
        spend(&throttle, &visitor(address(last)), 1).unwrap();
    }
    assert!(throttle.0.buckets.len() <= 64 * 1_024);
}

#[test]
fn at_the_edge_exactly_what_is_left_passes() {
    let (throttle, _) = throttle();
    let passed: usize = std::thread::scope(|scope| {
        let spending = || (0..50).filter(|_| spend(&throttle, &visitor(address(1)), 3).is_some()).count();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(spending)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(passed, 33);
    assert_eq!(available(&throttle, &visitor(address(1))), 1);
}

#[test]
fn nobody_is_held_to_anything_where_it_is_switched_off() {
    let clock = Arc::new(FrozenClock::at(DateTime::UNIX_EPOCH));
    let throttle = Throttle::new(ThrottleSettings { enabled: false, ..ThrottleSettings::default() }, clock);
    let report = throttle.take(&visitor(address(1)), u64::MAX).unwrap().settle(7);
    assert_eq!(report, Report { requested: u64::MAX, actual: 7, throttle: None });
    (0..10_000).for_each(|_| throttle.count_refusal(address(1)));
    assert!(throttle.admit(address(1)).is_ok());
    assert_eq!(throttle.0.buckets.len(), 0);
}

#[test]
fn nodes_tell_each_other_of_those_who_spend_much() {
    let (here, _) = throttle();
    let (there, _) = throttle();
    here.0.tells.store(true, Ordering::Relaxed);
    let (much, little) = (visitor(address(1)), visitor(address(2)));
    spend(&here, &little, 1).unwrap();
    let hold = here.take(&much, 90).unwrap();
    let news = here.news();
    assert_eq!(news.len(), 1, "one that spent little is not worth a word");
    assert!(here.news().is_empty(), "and nothing is told twice");
    let sent = serde_json::to_string(&news).unwrap();
    let heard: Vec<News> = serde_json::from_str(&sent).unwrap();
    there.hear(&heard);
    assert_eq!((available(&there, &much), available(&there, &little)), (10, 100));
    // What is given back is told, too; and what was heard is told to nobody.
    let _ = hold.settle(10);
    there.hear(&here.news());
    assert_eq!(available(&there, &much), 90);
    assert!(there.news().is_empty());
}

#[test]
fn a_bundle_fits_into_a_notification() {
    let (throttle, _) = throttle();
    throttle.0.tells.store(true, Ordering::Relaxed);
    for last in 0..200_u16 {
        let address = IpAddr::V6(Ipv6Addr::new(0xffff, 0xffff, 0xffff, 0xff00 + last, 1, 1, 1, 1));
        let caller = in_store(
            with_token(visitor(address), u128::MAX - u128::from(last), TokenKind::Api),
            u128::MAX,
            StorePlan::Enterprise,
        );
        drop(throttle.take(&caller, 1_600).unwrap());
    }
    let mut told = 0;
    loop {
        let news = throttle.news();
        if news.is_empty() {
            break;
        }
        told += news.len();
        assert!(serde_json::to_string(&news).unwrap().len() < 7_000);
    }
    assert_eq!(told, 200);
}

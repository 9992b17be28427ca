use uuid::Uuid;

use super::*;
use crate::currency::Currency;
use crate::ids::ProductVariantId;
use crate::stock::Short;

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).expect("a time")
}

fn pay(total: i64) -> CheckoutEvent {
    CheckoutEvent::Pay { total: eur(total), refusals: Vec::new(), ask_from: at(60) }
}

fn accepted(attempt: u32, amount: i64) -> CheckoutEvent {
    CheckoutEvent::Accepted { attempt, amount: eur(amount), refusals: Vec::new() }
}

fn after(events: impl IntoIterator<Item = CheckoutEvent>) -> (Checkout, Vec<CheckoutEffect>) {
    let mut last = (Checkout::default(), Vec::new());
    for event in events {
        last = last.0.step(event).expect("a step");
    }
    last
}

fn ready() -> Readiness {
    Readiness {
        lines: 1,
        has_email: true,
        has_address: true,
        ships: true,
        has_shipping_method: true,
        unavailable: Vec::new(),
        agreed: Some(eur(100)),
        total: eur(100),
        paid: eur(100),
        may_be_partly_paid: false,
        short: Vec::new(),
    }
}

#[test]
fn rule_c5_a_payment_makes_one_order_however_often_it_is_told() {
    let (paying, effects) = after([pay(100)]);
    assert_eq!(effects, [CheckoutEffect::Charge { attempt: 1, amount: eur(100) }]);
    assert!(paying.may_edit().is_err() && paying.status() == CheckoutStatus::Paying);
    let (done, effects) = paying.step(accepted(1, 100)).expect("an order");
    assert_eq!((effects, done.status()), (vec![CheckoutEffect::CreateOrder], CheckoutStatus::Completed));
    let (again, effects) = done.clone().step(accepted(1, 100)).expect("nothing");
    assert_eq!((&again, effects), (&done, Vec::new()));
    let late = done.clone().step(CheckoutEvent::Declined { attempt: 1 }).expect("nothing");
    assert_eq!(late, (done.clone(), Vec::new()));
    assert!(done.clone().step(pay(100)).is_err() && done.step(CheckoutEvent::GoBack).is_err());
}

#[test]
fn rule_c5_what_no_longer_holds_when_the_money_is_there_is_undone() {
    let short = Short { variant: ProductVariantId(Uuid::from_u128(1)), wanted: 1, available: 0 };
    for event in [
        CheckoutEvent::Accepted { attempt: 1, amount: eur(100), refusals: vec![Refusal::StockShort(short)] },
        accepted(1, 99),
    ] {
        let (undoing, effects) = after([pay(100), event]);
        assert_eq!(effects, [CheckoutEffect::ReleaseHolds, CheckoutEffect::Undo { attempt: 1 }]);
        assert_eq!((undoing.status(), undoing.order), (CheckoutStatus::Open, None));
        // It stays due until the provider has done it.
        assert_eq!(undoing.due(at(0)), [CheckoutEffect::Undo { attempt: 1 }]);
        let (undone, _) = undoing.step(CheckoutEvent::Undone { attempt: 1, was_made: true }).expect("a step");
        assert_eq!(undone.due(at(1_000)), []);
        let (again, effects) = undone.clone().step(accepted(1, 100)).expect("nothing");
        assert_eq!((again, effects), (undone, Vec::new()), "it was undone already");
    }
}

#[test]
fn rule_c5_a_worker_finds_what_was_lost() {
    let (paying, _) = after([pay(100)]);
    assert_eq!(paying.due(at(59)), []);
    assert_eq!(paying.due(at(60)), [CheckoutEffect::Ask { attempt: 1 }]);
    let (open, effects) = paying.step(CheckoutEvent::Declined { attempt: 1 }).expect("a step");
    assert_eq!((open.status(), effects), (CheckoutStatus::Open, vec![CheckoutEffect::ReleaseHolds]));
    assert_eq!(open.due(at(1_000)), []);
}

#[test]
fn rule_c4_going_back_is_possible_and_a_payment_that_comes_late_is_undone() {
    let (back, effects) = after([pay(100), CheckoutEvent::GoBack]);
    assert_eq!(effects, [CheckoutEffect::ReleaseHolds, CheckoutEffect::Undo { attempt: 1 }]);
    assert_eq!(back.may_edit(), Ok(()));
    let (gone, _) = back.step(CheckoutEvent::Undone { attempt: 1, was_made: false }).expect("a step");
    // A second payment makes the order; the first comes after all.
    let (paying, _) = gone.step(pay(80)).expect("a second payment");
    let (done, _) = paying.step(accepted(2, 80)).expect("an order");
    let (late, effects) = done.step(accepted(1, 100)).expect("a step");
    assert_eq!(effects, [CheckoutEffect::Undo { attempt: 1 }]);
    assert_eq!((late.status(), late.due(at(0)).len()), (CheckoutStatus::Completed, 1));
}

/// Found by the simulator: the answer to an undo that came before the payment was made arrives
/// after the payment.
#[test]
fn rule_c5_what_the_provider_said_before_the_payment_was_made_counts_no_longer() {
    let (back, _) = after([pay(100), CheckoutEvent::GoBack, accepted(1, 100)]);
    for stale in [CheckoutEvent::Undone { attempt: 1, was_made: false }, CheckoutEvent::Declined { attempt: 1 }] {
        let (undoing, _) = back.clone().step(stale).expect("a step");
        assert_eq!(undoing.due(at(0)), [CheckoutEffect::Undo { attempt: 1 }]);
    }
}

#[test]
fn rule_c6_a_total_of_nothing_needs_no_payment() {
    let (done, effects) = after([pay(0)]);
    assert_eq!((done.order, effects), (Some(Completed { attempt: None }), vec![CheckoutEffect::CreateOrder]));
}

#[test]
fn rule_c6_every_refusal_is_told_at_once_each_with_its_code() {
    assert_eq!(ready().refusals(), []);
    let short = Short { variant: ProductVariantId(Uuid::from_u128(1)), wanted: 3, available: 2 };
    let nothing = Readiness {
        lines: 0,
        has_email: false,
        has_address: false,
        has_shipping_method: false,
        unavailable: vec![0, 2],
        agreed: Some(eur(90)),
        paid: eur(40),
        short: vec![short],
        ..ready()
    };
    let refused =
        Checkout::default().step(CheckoutEvent::Pay { total: eur(100), refusals: nothing.refusals(), ask_from: at(0) });
    let codes: Vec<ErrorCode> = refused.expect_err("refused").into_iter().map(|problem| problem.code).collect();
    assert_eq!(
        codes,
        [
            ErrorCode::CartEmpty,
            ErrorCode::Required,
            ErrorCode::Required,
            ErrorCode::Required,
            ErrorCode::LineUnavailable,
            ErrorCode::PriceChanged,
            ErrorCode::OutOfStock,
            ErrorCode::NotAllowed,
        ]
    );
    let digital = Readiness { ships: false, has_address: false, has_shipping_method: false, ..ready() };
    assert_eq!(digital.refusals(), []);
    assert_eq!(Readiness { paid: eur(40), may_be_partly_paid: true, ..ready() }.refusals(), []);
}

#[test]
fn a_payment_that_was_never_begun_is_not_taken() {
    for event in [accepted(1, 1), CheckoutEvent::Declined { attempt: 1 }] {
        let problems = Checkout::default().step(event).expect_err("unknown");
        assert_eq!(problems[0].code, ErrorCode::NotFound);
    }
    let (paying, _) = after([pay(100)]);
    assert!(paying.step(pay(100)).is_err(), "one payment at a time");
}

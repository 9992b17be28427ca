use proptest::prelude::*;

use super::PaymentEventKind::*;
use super::*;

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn event(kind: PaymentEventKind, reference: &str, minor: i64) -> PaymentEvent {
    PaymentEvent { kind, reference: reference.to_owned(), amount: eur(minor), at: DateTime::UNIX_EPOCH }
}

fn fold(events: &[PaymentEvent]) -> Payment {
    Payment::fold(Currency::EUR, events).expect("a payment")
}

#[test]
fn rule_y1_the_same_event_twice_changes_nothing() {
    let events = [event(Authorized, "a", 100), event(Captured, "c", 60), event(Refunded, "r", 10)];
    let twice: Vec<PaymentEvent> = events.iter().chain(&events).chain(&events[1..]).cloned().collect();
    assert_eq!(fold(&twice), fold(&events));
    assert_eq!((fold(&events).capturable(), fold(&events).refundable()), (eur(40), eur(50)));
}

#[test]
fn rule_y1_the_same_reference_with_another_amount_is_an_error() {
    for kind in [Authorized, Captured, Voided, Refunded, RefundRequested] {
        let refused = Payment::fold(Currency::EUR, &[event(kind, "x", 100), event(kind, "x", 101)]);
        assert!(matches!(refused, Err(PaymentError::AmountDiffers { .. })), "{kind:?}");
    }
    // A refund that was asked for and made has one amount.
    let refused = Payment::fold(Currency::EUR, &[event(RefundRequested, "r", 10), event(Refunded, "r", 11)]);
    assert!(matches!(refused, Err(PaymentError::AmountDiffers { .. })));
    // One reference for the promise and for taking it is how some providers do it.
    assert_eq!(fold(&[event(Authorized, "x", 100), event(Captured, "x", 60)]).captured, eur(60));
}

#[test]
fn attack_c19_another_currency_and_amounts_below_nothing_are_parked() {
    let dollars = PaymentEvent { amount: Money::from_minor(100, Currency::USD), ..event(Captured, "c", 0) };
    assert!(matches!(Payment::fold(Currency::EUR, &[dollars]), Err(PaymentError::OtherCurrency { .. })));
    let below = Payment::fold(Currency::EUR, &[event(Refunded, "r", -5)]);
    assert!(matches!(below, Err(PaymentError::Negative { .. })));
}

#[test]
fn rule_y1_a_refund_that_overtakes_its_capture_comes_out_right() {
    let refund = event(Refunded, "r", 30);
    let early = fold(std::slice::from_ref(&refund));
    assert_eq!(early.refundable(), eur(0), "nothing more is given back meanwhile");
    let events = [refund, event(Captured, "c", 100)];
    assert_eq!((fold(&events).refundable(), fold(&events).status()), (eur(70), PaymentStatus::PartiallyRefunded));
    assert_eq!(fold(&events).authorized, eur(100));
}

#[test]
fn rule_y3_refunds_never_sum_to_more_than_was_taken() {
    let mut events = vec![event(Authorized, "a", 100), event(Captured, "c", 100)];
    let mut made = 0;
    for attempt in 0..50 {
        if fold(&events).may_refund(eur(30)).is_ok() {
            events.push(event(RefundRequested, &format!("r{attempt}"), 30));
            made += 1;
        }
    }
    assert_eq!(made, 3);
    let problem = fold(&events).may_refund(eur(11)).expect_err("too much");
    assert_eq!(
        (problem.code, problem.message.as_str()),
        (ErrorCode::OutOfRange, "0.10 EUR can be given back at the most")
    );
    assert_eq!(fold(&events).may_refund(eur(10)), Ok(()));
    assert!(fold(&events).may_refund(eur(0)).is_err() && fold(&events).may_refund(eur(-1)).is_err());
}

#[test]
fn rule_y3_a_failed_refund_can_be_tried_again_and_a_late_success_counts() {
    let mut events = vec![event(Captured, "c", 100), event(RefundRequested, "r1", 100)];
    assert!(fold(&events).may_refund(eur(1)).is_err());
    events.push(event(RefundFailed, "r1", 100));
    assert_eq!(fold(&events).may_refund(eur(100)), Ok(()));
    // It was made after all, says a webhook that comes late.
    events.push(event(Refunded, "r1", 100));
    assert_eq!((fold(&events).refunded, fold(&events).status()), (eur(100), PaymentStatus::Refunded));
    assert!(fold(&events).may_refund(eur(1)).is_err());
}

#[test]
fn captures_never_exceed_what_was_promised() {
    let events = [event(Authorized, "a", 100), event(Captured, "c", 30), event(Voided, "v", 50)];
    assert_eq!(fold(&events).may_capture(eur(20)), Ok(()));
    assert!(fold(&events).may_capture(eur(21)).is_err());
    let other = Money::from_minor(1, Currency::USD);
    assert_eq!(fold(&events).may_capture(other).map_err(|problem| problem.code), Err(ErrorCode::Invalid));
}

#[test]
fn a_payment_is_one_word_to_people() {
    for (events, status) in [
        (vec![], PaymentStatus::Pending),
        (vec![event(Declined, "d", 100)], PaymentStatus::Failed),
        (vec![event(Declined, "d", 100), event(Authorized, "a", 100)], PaymentStatus::Authorized),
        (vec![event(Authorized, "a", 100), event(Voided, "v", 100)], PaymentStatus::Voided),
        (vec![event(Authorized, "a", 100), event(Captured, "c", 40)], PaymentStatus::PartiallyPaid),
        (vec![event(Authorized, "a", 100), event(Captured, "c", 40), event(Voided, "v", 60)], PaymentStatus::Paid),
        (vec![event(Captured, "c", 40), event(RefundRequested, "r", 40)], PaymentStatus::Paid),
        (vec![event(Captured, "c", 40), event(Refunded, "r", 40)], PaymentStatus::Refunded),
    ] {
        assert_eq!(fold(&events).status(), status, "{events:?}");
    }
}

proptest! {
    #[test]
    fn rule_y1_late_repeated_and_reordered_events_fold_alike(
        (events, shuffled) in prop::collection::vec((0..7_usize, 0..4_u32), 0..12).prop_flat_map(|picks| {
            // The amount belongs to the reference, as it does with a provider.
            let kinds = [Authorized, Declined, Captured, Voided, RefundRequested, Refunded, RefundFailed];
            let event = |(kind, reference): (usize, u32)| {
                event(kinds[kind], &reference.to_string(), 10 + i64::from(reference))
            };
            let events: Vec<PaymentEvent> = picks.into_iter().map(event).collect();
            let twice: Vec<PaymentEvent> = events.iter().chain(&events).cloned().collect();
            (Just(events), Just(twice).prop_shuffle())
        }),
    ) {
        let (one, other) = (fold(&events), fold(&shuffled));
        prop_assert_eq!(&one, &other);
        prop_assert!(one.captured.minor() <= one.authorized.minor());
        prop_assert!(one.refundable().minor() <= one.captured.minor());
        if one.may_refund(one.refundable()).is_ok() {
            let sum = one.refunded.minor() + one.refunding.minor() + one.refundable().minor();
            prop_assert!(sum <= one.captured.minor());
        }
    }
}

//! Returns: what comes back, and what it is worth (rules R1 and Y3).

use crate::money::{Money, MoneyError};
use crate::problem::{ErrorCode, Problem, Problems};
use crate::states::{ReturnCondition, ReturnStatus};

/// Something that happens to a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnEvent {
    /// The store says yes.
    Approve,
    /// The store says no.
    Reject,
    /// The goods arrive.
    Receive,
    /// Everything is settled. Goods may stay unrefunded, and a refund may come without goods.
    Close,
    /// Whoever asked thinks better of it.
    Cancel,
}

/// The status after an event. An event that has happened already changes nothing.
///
/// # Errors
/// `NOT_ALLOWED` where the event can't follow.
pub fn step(status: ReturnStatus, event: ReturnEvent) -> Result<ReturnStatus, Problem> {
    use ReturnEvent as Event;
    use ReturnStatus as Status;

    let refuse = |message| Err(Problem::new(ErrorCode::NotAllowed, "", message));
    match (status, event) {
        (Status::Requested | Status::Approved, Event::Approve) => Ok(Status::Approved),
        (Status::Requested | Status::Rejected, Event::Reject) => Ok(Status::Rejected),
        (Status::Approved | Status::Received, Event::Receive) => Ok(Status::Received),
        (Status::Approved | Status::Received | Status::Closed, Event::Close) => Ok(Status::Closed),
        (Status::Requested | Status::Approved | Status::Canceled, Event::Cancel) => Ok(Status::Canceled),
        (Status::Requested, Event::Receive | Event::Close) => refuse("it is not approved yet"),
        (Status::Received | Status::Closed, Event::Cancel | Event::Reject | Event::Approve) => {
            refuse("the goods are there already")
        }
        (Status::Approved, Event::Reject) => refuse("it is approved already: cancel it"),
        (Status::Closed, Event::Receive) => refuse("it is closed: begin another return"),
        (Status::Rejected | Status::Canceled, _) => refuse("it is over: begin another return"),
    }
}

/// One line of an order, as far as returns ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Returnable {
    /// How many were sent.
    pub fulfilled: i64,
    /// How many came back, or are in a return that is not over.
    pub returned: i64,
    /// Whether the product may come back at all, and the time for it is not over.
    pub eligible: bool,
}

/// Whether so many units of a line may come back.
///
/// # Errors
/// `NOT_ALLOWED` where the product does not come back, `OUT_OF_RANGE` for more than were sent and not
/// returned. The path is empty.
pub fn check(line: Returnable, units: i64) -> Result<(), Problem> {
    if !line.eligible {
        return Err(Problem::new(ErrorCode::NotAllowed, "", "this can't be returned, or not any more"));
    }
    let most = line.fulfilled.saturating_sub(line.returned).max(0);
    if units < 1 || units > most {
        let message = format!("from 1 to {most} units can be returned");
        return Err(Problem::new(ErrorCode::OutOfRange, "", message));
    }
    Ok(())
}

/// How many units came back in which condition.
///
/// # Errors
/// `OUT_OF_RANGE` where they are not as many as were awaited, or fewer than none are in a condition.
pub fn check_received(awaited: i64, received: &[(ReturnCondition, i64)]) -> Result<(), Vec<Problem>> {
    let mut problems = Problems::new();
    let mut sum = 0_i64;
    for (index, (_, units)) in received.iter().enumerate() {
        if *units < 0 {
            problems.add(ErrorCode::OutOfRange, &format!("{index}.quantity"), "fewer than none can't come back");
        }
        sum = sum.saturating_add(*units);
    }
    if sum > awaited {
        problems.add(ErrorCode::OutOfRange, "", format!("{sum} units came back, and {awaited} were awaited"));
    }
    problems.finish()
}

/// What units of a line are worth to whoever gives them back: their share of what was paid for the
/// line, its share of order discounts included.
///
/// `paid` is what was paid for all `quantity` units, `before` how many of them were refunded already.
/// However the units are parted into refunds, these sum to exactly what was paid: the last unit takes
/// what rounding left.
///
/// # Errors
/// `NoParts` for a line without units, `Overflow` for more units than the line has.
pub fn value(paid: Money, quantity: i64, before: i64, units: i64) -> Result<Money, MoneyError> {
    let up_to = before.checked_add(units).filter(|up_to| before >= 0 && units >= 0 && *up_to <= quantity);
    let up_to = up_to.ok_or(MoneyError::Overflow)?;
    share(paid, quantity, up_to)?.checked_sub(share(paid, quantity, before)?)
}

/// What the first so many units are worth, rounded down.
fn share(paid: Money, quantity: i64, units: i64) -> Result<Money, MoneyError> {
    let (each, odd) = paid.evenly(quantity)?;
    let odd = i128::from(odd) * i128::from(units) / i128::from(quantity);
    let odd = i64::try_from(odd).map_err(|_| MoneyError::Overflow)?;
    each.times(units)?.checked_add(Money::from_minor(odd * paid.minor().signum(), paid.currency()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::currency::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    #[test]
    fn rule_r1_a_return_goes_its_way_and_no_other() {
        use ReturnEvent::*;
        use ReturnStatus as Status;
        let walk = |events: &[ReturnEvent]| {
            events
                .iter()
                .try_fold(Status::Requested, |status, event| step(status, *event))
                .map_err(|problem| problem.code)
        };
        assert_eq!(walk(&[Approve, Receive, Close]), Ok(Status::Closed));
        assert_eq!(walk(&[Approve, Close]), Ok(Status::Closed), "a refund without goods");
        assert_eq!(walk(&[Approve, Approve, Receive, Receive]), Ok(Status::Received));
        assert_eq!(walk(&[Reject, Reject]), Ok(Status::Rejected));
        assert_eq!(walk(&[Approve, Cancel, Cancel]), Ok(Status::Canceled));
        for wrong in [
            &[Receive][..],
            &[Close],
            &[Reject, Approve],
            &[Cancel, Receive],
            &[Approve, Receive, Cancel],
            &[Approve, Reject],
        ] {
            assert_eq!(walk(wrong), Err(ErrorCode::NotAllowed), "{wrong:?}");
        }
    }

    #[test]
    fn attack_c22_no_more_comes_back_than_was_sent() {
        let line = Returnable { fulfilled: 3, returned: 1, eligible: true };
        assert_eq!(check(line, 2), Ok(()));
        for units in [0, -1, 3, i64::MAX] {
            assert_eq!(check(line, units).map_err(|problem| problem.code), Err(ErrorCode::OutOfRange));
        }
        let refused = check(Returnable { eligible: false, ..line }, 1);
        assert_eq!(refused.map_err(|problem| problem.code), Err(ErrorCode::NotAllowed));
        assert_eq!(check_received(2, &[(ReturnCondition::Restock, 1), (ReturnCondition::Damaged, 1)]), Ok(()));
        assert!(check_received(2, &[(ReturnCondition::Restock, 2), (ReturnCondition::WrittenOff, 1)]).is_err());
        assert!(check_received(2, &[(ReturnCondition::Restock, 3), (ReturnCondition::Damaged, -1)]).is_err());
    }

    #[test]
    fn rule_y3_refunds_of_a_line_sum_to_what_was_paid_and_the_last_unit_takes_the_rest() {
        let worth: Vec<i64> = (0..3).map(|before| value(eur(1_000), 3, before, 1).expect("a value").minor()).collect();
        assert_eq!(worth, [333, 333, 334]);
        assert_eq!(value(eur(1_000), 3, 1, 2), Ok(eur(667)));
        assert!(value(eur(1_000), 3, 2, 2).is_err() && value(eur(1_000), 0, 0, 0).is_err());
    }

    proptest! {
        #[test]
        fn rule_y3_however_a_line_is_parted_its_refunds_sum_to_what_was_paid(
            minor in 0..=i64::MAX,
            parts in prop::collection::vec(1..50_i64, 1..10),
        ) {
            let quantity: i64 = parts.iter().sum();
            let (mut before, mut sum) = (0, 0);
            for units in parts {
                let refund = value(eur(minor), quantity, before, units).expect("a value").minor();
                prop_assert!(refund >= 0);
                before += units;
                sum += refund;
            }
            prop_assert_eq!(sum, minor);
        }
    }
}

//! Payments: a fold over what happened (rules Y1 and Y3).
//!
//! Events are appended and never changed; each is known by what it is and the provider's reference.
//! The fold does not depend on their order, so that late events and webhooks that overtake each other
//! come out right. The same event twice is one; the same reference with another amount is an error,
//! for somebody to look at.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::money::{Money, MoneyError};
use crate::problem::{ErrorCode, Problem};
pub use crate::states::PaymentEventKind;
use crate::states::PaymentStatus;

/// Something that happened to a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentEvent {
    /// What happened.
    pub kind: PaymentEventKind,
    /// The provider's reference, or ours where we asked and it has not answered.
    pub reference: String,
    /// How much it is about.
    pub amount: Money,
    /// When it happened, as the provider says. Plays no part in the fold.
    pub at: DateTime<Utc>,
}

/// Why events can't be folded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// The same reference came with another amount.
    #[error("{reference} was {known} and is {new}: somebody has to look at this payment")]
    AmountDiffers {
        /// The reference.
        reference: String,
        /// The amount that came first.
        known: Money,
        /// The amount that came later.
        new: Money,
    },
    /// An event is in another currency than the payment.
    #[error("{reference} is in {given}, and the payment in {expected}: somebody has to look at this payment")]
    OtherCurrency {
        /// The reference.
        reference: String,
        /// The payment's currency.
        expected: Currency,
        /// The event's.
        given: Currency,
    },
    /// An amount is below nothing.
    #[error("{reference} is below nothing: somebody has to look at this payment")]
    Negative {
        /// The reference.
        reference: String,
    },
    /// A sum is beyond counting.
    #[error(transparent)]
    Uncountable(#[from] MoneyError),
}

/// What a payment has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// What was promised. Never less than what was taken: a promise that was not heard of was made.
    pub authorized: Money,
    /// What was taken.
    pub captured: Money,
    /// What was let go.
    pub voided: Money,
    /// What was given back.
    pub refunded: Money,
    /// What we asked to be given back, without an answer so far.
    pub refunding: Money,
    /// Whether the bank refused.
    pub declined: bool,
}

impl Payment {
    /// A payment that nothing happened to.
    pub fn new(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { authorized: zero, captured: zero, voided: zero, refunded: zero, refunding: zero, declined: false }
    }

    /// What the events come to, in whichever order and however often they came.
    ///
    /// # Errors
    /// As [`PaymentError`] says. The events before stay as they are; the payment waits for a person.
    pub fn fold<'a>(
        currency: Currency,
        events: impl IntoIterator<Item = &'a PaymentEvent>,
    ) -> Result<Self, PaymentError> {
        // A refund has one amount, whatever became of it.
        let mut amounts: BTreeMap<(PaymentEventKind, &str), Money> = BTreeMap::new();
        let mut payment = Self::new(currency);
        for event in events {
            payment.check(event)?;
            let known = *amounts.entry((event.kind, &event.reference)).or_insert(event.amount);
            let of_refund = match event.kind {
                PaymentEventKind::RefundRequested | PaymentEventKind::Refunded | PaymentEventKind::RefundFailed => {
                    *amounts.entry((PaymentEventKind::RefundRequested, &event.reference)).or_insert(event.amount)
                }
                _ => known,
            };
            for known in [known, of_refund] {
                if known != event.amount {
                    let reference = event.reference.clone();
                    return Err(PaymentError::AmountDiffers { reference, known, new: event.amount });
                }
            }
        }
        for ((kind, reference), amount) in &amounts {
            let happened = |kind: PaymentEventKind| amounts.contains_key(&(kind, *reference));
            let sum = match kind {
                PaymentEventKind::Authorized => &mut payment.authorized,
                PaymentEventKind::Captured => &mut payment.captured,
                PaymentEventKind::Voided => &mut payment.voided,
                PaymentEventKind::Refunded => &mut payment.refunded,
                PaymentEventKind::RefundRequested
                    if !happened(PaymentEventKind::Refunded) && !happened(PaymentEventKind::RefundFailed) =>
                {
                    &mut payment.refunding
                }
                PaymentEventKind::Declined => {
                    payment.declined = true;
                    continue;
                }
                PaymentEventKind::RefundRequested | PaymentEventKind::RefundFailed => continue,
            };
            *sum = sum.checked_add(*amount)?;
        }
        if payment.authorized.checked_cmp(payment.captured)?.is_lt() {
            payment.authorized = payment.captured;
        }
        Ok(payment)
    }

    fn check(&self, event: &PaymentEvent) -> Result<(), PaymentError> {
        let (expected, given) = (self.authorized.currency(), event.amount.currency());
        if expected != given {
            return Err(PaymentError::OtherCurrency { reference: event.reference.clone(), expected, given });
        }
        if event.amount.is_negative() {
            return Err(PaymentError::Negative { reference: event.reference.clone() });
        }
        Ok(())
    }

    /// What can still be taken of what was promised.
    pub fn capturable(&self) -> Money {
        let zero = Money::zero(self.authorized.currency());
        let left = self.authorized.checked_sub(self.captured).and_then(|left| left.checked_sub(self.voided));
        left.ok().filter(|left| !left.is_negative()).unwrap_or(zero)
    }

    /// What can still be given back: what was taken, less what was given back or is being so (rule Y3).
    pub fn refundable(&self) -> Money {
        let zero = Money::zero(self.authorized.currency());
        let left = self.captured.checked_sub(self.refunded).and_then(|left| left.checked_sub(self.refunding));
        left.ok().filter(|left| !left.is_negative()).unwrap_or(zero)
    }

    /// Whether an amount may be taken.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` for nothing, and for more than is left of what was promised; `INVALID` for another
    /// currency.
    pub fn may_capture(&self, amount: Money) -> Result<(), Problem> {
        within(amount, self.capturable(), "taken")
    }

    /// Whether an amount may be given back.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` for nothing, and for more than was taken and not given back; `INVALID` for another
    /// currency.
    pub fn may_refund(&self, amount: Money) -> Result<(), Problem> {
        within(amount, self.refundable(), "given back")
    }

    /// The payment in one word.
    pub fn status(&self) -> PaymentStatus {
        let nothing_left = self.capturable().is_zero();
        if !self.refunded.is_zero() {
            let all = self.refunded.minor() >= self.captured.minor();
            return if all { PaymentStatus::Refunded } else { PaymentStatus::PartiallyRefunded };
        }
        match (self.captured.is_zero(), self.authorized.is_zero()) {
            (false, _) if self.captured.minor() >= self.authorized.minor() || nothing_left => PaymentStatus::Paid,
            (false, _) => PaymentStatus::PartiallyPaid,
            (true, false) if nothing_left => PaymentStatus::Voided,
            (true, false) => PaymentStatus::Authorized,
            (true, true) if !self.voided.is_zero() => PaymentStatus::Voided,
            (true, true) if self.declined => PaymentStatus::Failed,
            (true, true) => PaymentStatus::Pending,
        }
    }
}

fn within(amount: Money, most: Money, what: &str) -> Result<(), Problem> {
    if amount.minor() <= 0 {
        return Err(Problem::new(ErrorCode::OutOfRange, "amount", format!("an amount to be {what} is above nothing")));
    }
    if amount.checked_cmp(most).map_err(|error| Problem::from(error).under("amount"))?.is_gt() {
        return Err(Problem::new(ErrorCode::OutOfRange, "amount", format!("{most} can be {what} at the most")));
    }
    Ok(())
}

#[cfg(test)]
mod tests;

//! Orders: what they have come to, and whether they can be called off (rule F2).
//!
//! The status of an order is never set: it follows from what was paid, sent and taken back.

use crate::money::{Money, MoneyError};
use crate::problem::{ErrorCode, Problem};
use crate::state::payment::Payment;
use crate::states::{FulfillmentProgress, OrderStatus, PaymentStatus, ReturnProgress};

/// One line of an order, in units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderLine {
    /// How many were ordered, less those that an edit took out.
    pub ordered: i64,
    /// How many of these were sent.
    pub fulfilled: i64,
    /// How many of these came back.
    pub returned: i64,
    /// How many are on their way back, or asked to be.
    pub returning: i64,
}

/// All that is known of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Whether it was called off.
    pub canceled: bool,
    /// What it costs.
    pub total: Money,
    /// Its payments.
    pub payments: Vec<Payment>,
    /// Its lines.
    pub lines: Vec<OrderLine>,
}

/// What is to be done when an order is called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelEffect {
    /// What is reserved is promised no longer.
    ReleaseStock,
    /// Its codes and budgets are free again.
    GiveBackCodes,
    /// What was promised by a payment is let go.
    Void {
        /// The payment's place.
        payment: usize,
        /// How much.
        amount: Money,
    },
    /// What was taken by a payment is given back.
    Refund {
        /// The payment's place.
        payment: usize,
        /// How much.
        amount: Money,
    },
}

impl Order {
    /// Where the order stands.
    ///
    /// # Errors
    /// `Overflow`, `CurrencyMismatch`.
    pub fn status(&self) -> Result<OrderStatus, MoneyError> {
        let paid = matches!(
            self.payment_status()?,
            PaymentStatus::Paid | PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded
        );
        let settled = self.return_progress() != ReturnProgress::InProgress;
        let sent = self.fulfillment_progress() == FulfillmentProgress::Fulfilled;
        Ok(match self.canceled {
            true => OrderStatus::Canceled,
            false if paid && sent && settled => OrderStatus::Completed,
            false => OrderStatus::Open,
        })
    }

    /// What was paid, over all payments. A total of nothing is paid from the start.
    ///
    /// # Errors
    /// `Overflow`, `CurrencyMismatch`.
    pub fn payment_status(&self) -> Result<PaymentStatus, MoneyError> {
        let sum = |of: fn(&Payment) -> Money| Money::sum(self.total.currency(), self.payments.iter().map(of));
        let (captured, refunded) = (sum(|payment| payment.captured)?, sum(|payment| payment.refunded)?);
        let promised = sum(Payment::capturable)?.checked_add(captured)?;
        let any = |status: PaymentStatus| self.payments.iter().any(|payment| payment.status() == status);
        Ok(if !refunded.is_zero() {
            if refunded.minor() >= captured.minor() {
                PaymentStatus::Refunded
            } else {
                PaymentStatus::PartiallyRefunded
            }
        } else if captured.minor() >= self.total.minor() {
            PaymentStatus::Paid
        } else if !captured.is_zero() {
            PaymentStatus::PartiallyPaid
        } else if promised.minor() >= self.total.minor() {
            PaymentStatus::Authorized
        } else if any(PaymentStatus::Voided) {
            PaymentStatus::Voided
        } else if any(PaymentStatus::Failed) {
            PaymentStatus::Failed
        } else {
            PaymentStatus::Pending
        })
    }

    /// What was sent.
    pub fn fulfillment_progress(&self) -> FulfillmentProgress {
        let sent = self.lines.iter().any(|line| line.fulfilled > 0);
        let all = self.lines.iter().all(|line| line.fulfilled >= line.ordered);
        match (sent, all) {
            (_, true) => FulfillmentProgress::Fulfilled,
            (true, false) => FulfillmentProgress::PartiallyFulfilled,
            (false, false) => FulfillmentProgress::Unfulfilled,
        }
    }

    /// What came back.
    pub fn return_progress(&self) -> ReturnProgress {
        let returned = self.lines.iter().any(|line| line.returned > 0);
        let all = self.lines.iter().all(|line| line.returned >= line.ordered);
        match (self.lines.iter().any(|line| line.returning > 0), returned) {
            (true, _) => ReturnProgress::InProgress,
            (false, false) => ReturnProgress::None,
            (false, true) if all => ReturnProgress::Returned,
            (false, true) => ReturnProgress::PartiallyReturned,
        }
    }

    /// Calls the order off, and says what is to be done. Who calls it off again does nothing again.
    ///
    /// # Errors
    /// `NOT_ALLOWED` where something was sent.
    pub fn cancel(&mut self) -> Result<Vec<CancelEffect>, Problem> {
        if self.canceled {
            return Ok(Vec::new());
        }
        if self.lines.iter().any(|line| line.fulfilled > 0) {
            let message = "a part was sent already: cancel the fulfillment before it leaves, or take a return";
            return Err(Problem::new(ErrorCode::NotAllowed, "", message));
        }
        self.canceled = true;
        let mut effects = vec![CancelEffect::ReleaseStock, CancelEffect::GiveBackCodes];
        for (index, payment) in self.payments.iter().enumerate() {
            let (promised, taken) = (payment.capturable(), payment.refundable());
            if !promised.is_zero() {
                effects.push(CancelEffect::Void { payment: index, amount: promised });
            }
            if !taken.is_zero() {
                effects.push(CancelEffect::Refund { payment: index, amount: taken });
            }
        }
        Ok(effects)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn payment(authorized: i64, captured: i64, refunded: i64) -> Payment {
        Payment {
            authorized: eur(authorized),
            captured: eur(captured),
            refunded: eur(refunded),
            ..Payment::new(Currency::EUR)
        }
    }

    fn order(payments: Vec<Payment>, lines: &[(i64, i64, i64, i64)]) -> Order {
        let line = |(ordered, fulfilled, returned, returning): &(i64, i64, i64, i64)| OrderLine {
            ordered: *ordered,
            fulfilled: *fulfilled,
            returned: *returned,
            returning: *returning,
        };
        Order { canceled: false, total: eur(100), payments, lines: lines.iter().map(line).collect() }
    }

    #[test]
    fn rule_f2_the_status_follows_from_the_facts() {
        use OrderStatus::{Completed, Open};
        let paid = || vec![payment(100, 100, 0)];
        for (order, status) in [
            (order(vec![], &[(2, 0, 0, 0)]), Open),
            (order(paid(), &[(2, 1, 0, 0)]), Open),
            (order(vec![payment(100, 0, 0)], &[(2, 2, 0, 0)]), Open),
            (order(paid(), &[(2, 2, 0, 0)]), Completed),
            (order(paid(), &[(2, 2, 0, 1)]), Open),
            (order(vec![payment(100, 100, 100)], &[(2, 2, 2, 0)]), Completed),
        ] {
            assert_eq!(order.status(), Ok(status), "{order:?}");
        }
    }

    #[test]
    fn rule_f2_payment_fulfillment_and_return_have_statuses_of_their_own() {
        for (payments, status) in [
            (vec![], PaymentStatus::Pending),
            (vec![payment(60, 0, 0), payment(40, 0, 0)], PaymentStatus::Authorized),
            (vec![payment(60, 60, 0), payment(40, 0, 0)], PaymentStatus::PartiallyPaid),
            (vec![payment(60, 60, 0), payment(40, 40, 0)], PaymentStatus::Paid),
            (vec![payment(60, 60, 60), payment(40, 40, 0)], PaymentStatus::PartiallyRefunded),
            (vec![payment(60, 60, 60), payment(40, 40, 40)], PaymentStatus::Refunded),
            (vec![Payment { declined: true, ..payment(0, 0, 0) }], PaymentStatus::Failed),
        ] {
            assert_eq!(order(payments, &[]).payment_status(), Ok(status));
        }
        let progress = |lines: &[(i64, i64, i64, i64)]| {
            let order = order(vec![], lines);
            (order.fulfillment_progress(), order.return_progress())
        };
        assert_eq!(progress(&[(2, 0, 0, 0)]), (FulfillmentProgress::Unfulfilled, ReturnProgress::None));
        assert_eq!(progress(&[(2, 1, 0, 0)]), (FulfillmentProgress::PartiallyFulfilled, ReturnProgress::None));
        assert_eq!(
            progress(&[(2, 2, 1, 0), (1, 1, 0, 0)]),
            (FulfillmentProgress::Fulfilled, ReturnProgress::PartiallyReturned)
        );
        assert_eq!(progress(&[(2, 2, 1, 1)]), (FulfillmentProgress::Fulfilled, ReturnProgress::InProgress));
        assert_eq!(progress(&[(2, 2, 2, 0)]), (FulfillmentProgress::Fulfilled, ReturnProgress::Returned));
    }

    #[test]
    fn attack_c24_an_order_is_called_off_once_even_if_asked_ten_times() {
        let mut order = order(vec![payment(60, 60, 10), payment(40, 0, 0)], &[(2, 0, 0, 0)]);
        let effects = order.cancel().expect("canceled");
        assert_eq!(
            effects,
            [
                CancelEffect::ReleaseStock,
                CancelEffect::GiveBackCodes,
                CancelEffect::Refund { payment: 0, amount: eur(50) },
                CancelEffect::Void { payment: 1, amount: eur(40) },
            ]
        );
        for _ in 0..10 {
            assert_eq!(order.cancel(), Ok(Vec::new()));
        }
        assert_eq!(order.status(), Ok(OrderStatus::Canceled));
    }

    #[test]
    fn what_was_sent_is_not_called_off() {
        let mut order = order(vec![payment(100, 100, 0)], &[(2, 1, 0, 0)]);
        assert_eq!(order.cancel().map_err(|problem| problem.code), Err(ErrorCode::NotAllowed));
        assert!(!order.canceled);
    }
}

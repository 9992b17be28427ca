//! Checkout: from a cart to an order and its money, or to neither (rules C5 and C6).
//!
//! Three steps, each one transaction of the caller's. To pay, the cart is looked at and its stock and
//! codes are held; the provider is called outside; what it says either makes the order or undoes all.
//! The machine says what is to be done; whoever crashes before doing it finds it again in
//! [`Checkout::due`], for a state that says "paying" is all that a worker needs.
//!
//! No payment is ever forgotten: one that nobody waits for any more is undone, whenever it is heard of.

mod refusal;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::problem::{ErrorCode, Problem};
pub use crate::states::CheckoutFate as Fate;
use crate::states::CheckoutStatus;

pub use refusal::{Readiness, Refusal};

/// A cart on its way to an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkout {
    /// Every payment that was begun, by its number. The number is part of the key under which the
    /// provider knows it, so that asking twice is one payment.
    pub attempts: BTreeMap<u32, Attempt>,
    /// Whether there is an order, and which payment it was made with; a total of nothing needs none.
    pub order: Option<Completed>,
}

/// One payment that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// What it is about.
    pub amount: Money,
    /// From when on the provider is asked what became of it.
    pub ask_from: DateTime<Utc>,
    /// What became of it.
    pub fate: Fate,
    /// Whether the provider ever said that it was made. What it said before it was made, such as that
    /// there is nothing to undo, counts no longer, however late it comes.
    #[serde(default)]
    pub was_made: bool,
}

/// How a checkout ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Completed {
    /// The payment; `None` for a total of nothing.
    pub attempt: Option<u32>,
}

/// Something that happens to a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckoutEvent {
    /// The buyer pays. The caller has looked at the cart, and holds its stock and codes where nothing is
    /// refused.
    Pay {
        /// What there is to pay.
        total: Money,
        /// What stands in the way.
        refusals: Vec<Refusal>,
        /// From when on the provider is asked, should it not answer.
        ask_from: DateTime<Utc>,
    },
    /// The provider says that a payment was made. The caller has looked at the cart again, and holds
    /// what it needs where nothing is refused.
    Accepted {
        /// Which payment.
        attempt: u32,
        /// How much was paid.
        amount: Money,
        /// What stands in the way of the order by now.
        refusals: Vec<Refusal>,
    },
    /// The provider says that a payment was not made, and never will be.
    Declined {
        /// Which payment.
        attempt: u32,
    },
    /// The buyer goes back to the cart, or nobody waits any longer.
    GoBack,
    /// The provider has undone a payment.
    Undone {
        /// Which payment.
        attempt: u32,
        /// Whether it had been made; where it was not, it may still come.
        was_made: bool,
    },
}

/// What is to be done after an event, in the same transaction or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckoutEffect {
    /// Outside: have the provider make the payment. Its key makes a second call harmless.
    Charge {
        /// Which payment.
        attempt: u32,
        /// How much.
        amount: Money,
    },
    /// Outside: ask the provider what became of the payment.
    Ask {
        /// Which payment.
        attempt: u32,
    },
    /// Outside: void or refund the payment, and see that it can't come any more.
    Undo {
        /// Which payment.
        attempt: u32,
    },
    /// Inside: make the order, turning what is held into what is reserved and used.
    CreateOrder,
    /// Inside: let go of what is held.
    ReleaseHolds,
}

impl Checkout {
    /// Where the checkout stands.
    pub fn status(&self) -> CheckoutStatus {
        match (&self.order, self.waiting()) {
            (Some(_), _) => CheckoutStatus::Completed,
            (None, Some(_)) => CheckoutStatus::Paying,
            (None, None) => CheckoutStatus::Open,
        }
    }

    /// The payment that is waited for.
    pub fn waiting(&self) -> Option<u32> {
        self.attempts.iter().find(|(_, attempt)| attempt.fate == Fate::Waiting).map(|(number, _)| *number)
    }

    /// Whether the cart may be changed (rule C4).
    ///
    /// # Errors
    /// `NOT_ALLOWED` while it is being paid, and when there is an order.
    pub fn may_edit(&self) -> Result<(), Problem> {
        let refuse = |message| Err(Problem::new(ErrorCode::NotAllowed, "", message));
        match self.status() {
            CheckoutStatus::Open => Ok(()),
            CheckoutStatus::Paying => refuse("the cart is being paid: go back to change it"),
            CheckoutStatus::Completed => refuse("the cart is an order by now: begin another"),
        }
    }

    /// What a worker has to do at a moment, whatever was lost before: ask after payments that nobody
    /// heard of for long, and undo those that are to be undone.
    pub fn due(&self, at: DateTime<Utc>) -> Vec<CheckoutEffect> {
        let due = |(number, attempt): (&u32, &Attempt)| match attempt.fate {
            Fate::Waiting if attempt.ask_from <= at => Some(CheckoutEffect::Ask { attempt: *number }),
            Fate::Undoing => Some(CheckoutEffect::Undo { attempt: *number }),
            _ => None,
        };
        self.attempts.iter().filter_map(due).collect()
    }

    /// The state after an event, and what is to be done then. The same event twice does nothing twice.
    ///
    /// # Errors
    /// The refusals of whoever pays; `NOT_ALLOWED` for paying or going back where there is an order, and
    /// for paying while a payment is under way; `NOT_FOUND` for a payment that was never begun.
    pub fn step(mut self, event: CheckoutEvent) -> Result<(Self, Vec<CheckoutEffect>), Vec<Problem>> {
        let effects = match event {
            CheckoutEvent::Pay { total, refusals, ask_from } => self.pay(total, &refusals, ask_from)?,
            CheckoutEvent::Accepted { attempt, amount, refusals } => self.accepted(attempt, amount, &refusals)?,
            CheckoutEvent::Declined { attempt } => {
                let released = self.waiting() == Some(attempt);
                let known = self.attempt(attempt)?;
                if matches!(known.fate, Fate::Waiting | Fate::Undoing) && !known.was_made {
                    known.fate = Fate::NotMade;
                }
                if released { vec![CheckoutEffect::ReleaseHolds] } else { Vec::new() }
            }
            CheckoutEvent::GoBack => match (self.order, self.waiting()) {
                (Some(_), _) => return Err(vec![not_allowed("there is an order by now: cancel it instead")]),
                (None, None) => Vec::new(),
                (None, Some(attempt)) => {
                    self.attempt(attempt)?.fate = Fate::Undoing;
                    vec![CheckoutEffect::ReleaseHolds, CheckoutEffect::Undo { attempt }]
                }
            },
            CheckoutEvent::Undone { attempt, was_made } => {
                let known = self.attempt(attempt)?;
                if was_made && known.fate != Fate::Kept {
                    (known.fate, known.was_made) = (Fate::Undone, true);
                } else if known.fate == Fate::Undoing && !known.was_made {
                    known.fate = Fate::NotMade;
                }
                Vec::new()
            }
        };
        Ok((self, effects))
    }

    fn pay(
        &mut self,
        total: Money,
        refusals: &[Refusal],
        ask_from: DateTime<Utc>,
    ) -> Result<Vec<CheckoutEffect>, Vec<Problem>> {
        match self.status() {
            CheckoutStatus::Completed => return Err(vec![not_allowed("there is an order by now")]),
            CheckoutStatus::Paying => return Err(vec![not_allowed("a payment is under way: wait for it, or go back")]),
            CheckoutStatus::Open if !refusals.is_empty() => {
                return Err(refusals.iter().map(Refusal::problem).collect());
            }
            CheckoutStatus::Open => {}
        }
        if total.is_zero() {
            self.order = Some(Completed { attempt: None });
            return Ok(vec![CheckoutEffect::CreateOrder]);
        }
        let attempt = self.attempts.last_key_value().map_or(1, |(number, _)| number + 1);
        self.attempts.insert(attempt, Attempt { amount: total, ask_from, fate: Fate::Waiting, was_made: false });
        Ok(vec![CheckoutEffect::Charge { attempt, amount: total }])
    }

    fn accepted(
        &mut self,
        attempt: u32,
        amount: Money,
        refusals: &[Refusal],
    ) -> Result<Vec<CheckoutEffect>, Vec<Problem>> {
        let open = self.order.is_none();
        let known = self.attempt(attempt)?;
        known.was_made = true;
        match known.fate {
            Fate::Waiting if open && known.amount == amount && refusals.is_empty() => {
                known.fate = Fate::Kept;
                self.order = Some(Completed { attempt: Some(attempt) });
                Ok(vec![CheckoutEffect::CreateOrder])
            }
            Fate::Waiting => {
                known.fate = Fate::Undoing;
                Ok(vec![CheckoutEffect::ReleaseHolds, CheckoutEffect::Undo { attempt }])
            }
            // It came after all, and nobody waits for it.
            Fate::NotMade => {
                known.fate = Fate::Undoing;
                Ok(vec![CheckoutEffect::Undo { attempt }])
            }
            Fate::Kept | Fate::Undoing | Fate::Undone => Ok(Vec::new()),
        }
    }

    fn attempt(&mut self, attempt: u32) -> Result<&mut Attempt, Vec<Problem>> {
        let unknown = || vec![Problem::new(ErrorCode::NotFound, "", "no such payment was begun")];
        self.attempts.get_mut(&attempt).ok_or_else(unknown)
    }
}

fn not_allowed(message: &str) -> Problem {
    Problem::new(ErrorCode::NotAllowed, "", message)
}

#[cfg(test)]
mod tests;

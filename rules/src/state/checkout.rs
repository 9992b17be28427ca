//! Checkout: from a cart to an order and its money, or to neither (rules C5 and C6).
//!
//! Three steps, each one transaction of the caller's. To pay, the cart is looked at and its stock and
//! codes are held; the provider is called outside; what it says either makes the order or undoes all.
//! The machine says what is to be done; whoever crashes before doing it finds it again in
//! [`Checkout::due`], for a state that says "paying" is all that a worker needs.
//!
//! No payment is ever forgotten: one that nobody waits for any more is undone, whenever it is heard of.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::problem::{ErrorCode, Problem};
use crate::states::CheckoutStatus;
use crate::stock::Short;

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

/// What became of a payment that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Fate {
    /// It is waited for.
    Waiting,
    /// An order was made with it.
    Kept,
    /// It is to be undone, be it made or not.
    Undoing,
    /// It was never made.
    NotMade,
    /// It was made and undone.
    Undone,
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

/// Why a cart can't become an order (rule C6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing in it.
    Empty,
    /// Nobody is named to write to.
    NoEmail,
    /// Something ships, and there is no address.
    NoAddress,
    /// Something ships, and no way is chosen.
    NoShippingMethod,
    /// Lines that can't be bought any more.
    Unavailable {
        /// Their places.
        lines: Vec<usize>,
    },
    /// The total is another one than the buyer agreed to.
    PriceChanged {
        /// What the buyer agreed to.
        agreed: Money,
        /// What it is.
        total: Money,
    },
    /// There is not enough in stock.
    StockShort(Short),
    /// Less is paid than it costs, and the store does not allow it.
    PartlyPaid {
        /// What is missing.
        missing: Money,
    },
}

/// What a cart is looked at for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// How many lines there are.
    pub lines: usize,
    /// Whether there is an e-mail address.
    pub has_email: bool,
    /// Whether there is an address to ship to.
    pub has_address: bool,
    /// Whether something has to be shipped.
    pub ships: bool,
    /// Whether a way to ship is chosen.
    pub has_shipping_method: bool,
    /// The places of lines that can't be bought any more.
    pub unavailable: Vec<usize>,
    /// What the buyer agreed to; `None` where it was not asked.
    pub agreed: Option<Money>,
    /// What it costs.
    pub total: Money,
    /// What is paid of it by this payment and by what was paid before, such as gift cards.
    pub paid: Money,
    /// Whether the store takes less than it costs.
    pub may_be_partly_paid: bool,
    /// What there is not enough of.
    pub short: Vec<Short>,
}

impl Readiness {
    /// Everything that stands in the way, not just the first.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        if self.lines == 0 {
            refusals.push(Refusal::Empty);
        }
        if !self.has_email {
            refusals.push(Refusal::NoEmail);
        }
        if self.ships && !self.has_address {
            refusals.push(Refusal::NoAddress);
        }
        if self.ships && !self.has_shipping_method {
            refusals.push(Refusal::NoShippingMethod);
        }
        if !self.unavailable.is_empty() {
            refusals.push(Refusal::Unavailable { lines: self.unavailable.clone() });
        }
        if let Some(agreed) = self.agreed.filter(|agreed| *agreed != self.total) {
            refusals.push(Refusal::PriceChanged { agreed, total: self.total });
        }
        refusals.extend(self.short.iter().copied().map(Refusal::StockShort));
        match self.total.checked_sub(self.paid) {
            Ok(missing) if missing.minor() <= 0 || self.may_be_partly_paid => {}
            Ok(missing) => refusals.push(Refusal::PartlyPaid { missing }),
            Err(_) => refusals.push(Refusal::PartlyPaid { missing: self.total }),
        }
        refusals
    }
}

impl Refusal {
    /// What the buyer is told.
    pub fn problem(&self) -> Problem {
        let problem = |code, path: &str, message: String| Problem::new(code, path, message);
        match self {
            Self::Empty => problem(ErrorCode::CartEmpty, "", "the cart is empty: add something".to_owned()),
            Self::NoEmail => problem(ErrorCode::Required, "email", "an e-mail address is needed".to_owned()),
            Self::NoAddress => {
                problem(ErrorCode::Required, "shippingAddress", "an address to ship to is needed".to_owned())
            }
            Self::NoShippingMethod => {
                problem(ErrorCode::Required, "shippingMethod", "choose a shipping method".to_owned())
            }
            Self::Unavailable { lines } => {
                let places: Vec<String> = lines.iter().map(|line| (line + 1).to_string()).collect();
                let message = format!("these lines can't be bought any more, remove them: {}", places.join(", "));
                problem(ErrorCode::LineUnavailable, "lines", message)
            }
            Self::PriceChanged { agreed, total } => {
                let message = format!("the total was {agreed} and is {total} now: look at the cart again");
                problem(ErrorCode::PriceChanged, "", message)
            }
            Self::StockShort(short) => {
                let message = format!("{} are wanted and {} are left: take fewer", short.wanted, short.available);
                problem(ErrorCode::OutOfStock, "lines", message)
            }
            Self::PartlyPaid { missing } => {
                problem(ErrorCode::NotAllowed, "", format!("{missing} are missing to the total: pay the whole of it"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::currency::Currency;
    use crate::ids::ProductVariantId;

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
        let refused = Checkout::default().step(CheckoutEvent::Pay {
            total: eur(100),
            refusals: nothing.refusals(),
            ask_from: at(0),
        });
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
}

//! A checkout that is held, and what follows from an event.

use chrono::{DateTime, Utc};
use entity::checkout::{checkout_attempts, checkouts};
use rules::Money;
use rules::ids::{CartId, OrderId, PaymentId};
use rules::state::checkout::{Attempt, Checkout, CheckoutEffect, CheckoutEvent, Completed};
use rules::states::{CheckoutFate, CheckoutStatus};

use super::store;
use crate::kernel::{Error, Result, StoreScope, Tx};
use crate::payments;

/// A checkout with its payments, as rows and as the rules see them.
pub struct Held {
    /// Its row.
    pub row: checkouts::Model,
    /// Its payments.
    pub attempts: Vec<checkout_attempts::Model>,
    machine: Checkout,
}

impl Held {
    /// Holds the checkout of a cart, and makes it where there is none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lock(tx: &Tx<StoreScope>, cart: CartId) -> Result<Self> {
        Self::of(tx, store::lock(tx, cart).await?).await
    }

    /// Holds the checkout of a cart, where there is one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lock_existing(tx: &Tx<StoreScope>, cart: CartId) -> Result<Option<Self>> {
        match store::lock_existing(tx, cart).await? {
            Some(row) => Self::of(tx, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// A checkout with its payments.
    ///
    /// # Errors
    /// What the database says.
    pub async fn of(scope: &StoreScope, row: checkouts::Model) -> Result<Self> {
        let attempts = store::list_attempts(scope, row.id).await?;
        let ids: Vec<PaymentId> = attempts.iter().map(|attempt| attempt.payment_id).collect();
        let payments = payments::list_by_ids(scope, &ids).await?;
        let mut machine = Checkout::default();
        for attempt in &attempts {
            let payment = payments.iter().find(|payment| payment.id == attempt.payment_id);
            let payment = payment.ok_or_else(|| Error::internal("a checkout without its payment"))?;
            let known = Attempt {
                amount: Money::from_minor(payment.amount, payment.currency),
                ask_from: attempt.ask_from,
                fate: attempt.fate,
                was_made: attempt.was_made,
            };
            machine.attempts.insert(attempt.number.unsigned_abs(), known);
        }
        if row.status == CheckoutStatus::Completed {
            let kept = attempts.iter().find(|attempt| attempt.fate == CheckoutFate::Kept);
            machine.order = Some(Completed { attempt: kept.map(|attempt| attempt.number.unsigned_abs()) });
        }
        Ok(Self { row, attempts, machine })
    }

    /// Where it stands.
    pub fn status(&self) -> CheckoutStatus {
        self.machine.status()
    }

    /// The payment that is waited for.
    pub fn waiting(&self) -> Option<&checkout_attempts::Model> {
        self.attempts.iter().find(|attempt| attempt.fate == CheckoutFate::Waiting)
    }

    /// What a worker has to do at a moment.
    pub fn due(&self, at: DateTime<Utc>) -> Vec<CheckoutEffect> {
        self.machine.due(at)
    }

    /// Takes the step that follows from an event, in memory; what is to be done in this transaction and after it comes
    /// back. [`Held::save`] writes it down.
    ///
    /// # Errors
    /// `Invalid` where the event can't follow, or for what stands in the way.
    pub fn step(&mut self, event: CheckoutEvent) -> Result<Vec<CheckoutEffect>> {
        let (machine, effects) = self.machine.clone().step(event).map_err(Error::Invalid)?;
        self.machine = machine;
        Ok(effects)
    }

    /// The number of the payment that was begun by the last step, with the row that goes with it.
    pub fn add(&mut self, row: checkout_attempts::Model) {
        self.attempts.push(row);
    }

    /// The provider is asked about what is waited for from another moment on.
    pub fn ask_from(&mut self, at: DateTime<Utc>) {
        for attempt in self.machine.attempts.values_mut().filter(|attempt| attempt.fate == CheckoutFate::Waiting) {
            attempt.ask_from = at;
        }
    }

    /// Writes down where the checkout stands. `order` is the one that there is, from the step on that makes it.
    /// What is to be undone is due at `undo_at`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn save(mut self, tx: &Tx<StoreScope>, order: Option<OrderId>, undo_at: DateTime<Utc>) -> Result<Self> {
        let now = tx.ctx().now();
        let mut due: Option<DateTime<Utc>> = None;
        for row in &mut self.attempts {
            let Some(attempt) = self.machine.attempts.get(&row.number.unsigned_abs()) else { continue };
            let at = match attempt.fate {
                CheckoutFate::Waiting => Some(attempt.ask_from),
                CheckoutFate::Undoing => Some(undo_at),
                CheckoutFate::Kept | CheckoutFate::NotMade | CheckoutFate::Undone => None,
            };
            due = [due, at].into_iter().flatten().min();
            let is = (attempt.fate, attempt.was_made, attempt.ask_from);
            if (row.fate, row.was_made, row.ask_from) != is || row.updated_at == now {
                (row.fate, row.was_made, row.ask_from) = is;
                row.updated_at = now;
                store::save_attempt(tx, row.clone()).await?;
            }
        }
        self.row.status = self.machine.status();
        self.row.order_id = self.row.order_id.or(order);
        self.row.due_at = due;
        self.row.version += 1;
        self.row.updated_at = now;
        store::update(tx, &self.row).await?;
        Ok(self)
    }
}

//! What becomes of an order: refunds, cancellation, sending, taking back.

use rules::Money;
use rules::state::fulfillment::{self, Sendable, Wanted};
use rules::state::order::{CancelEffect, Order, OrderLine};
use rules::state::payment::PaymentEventKind;
use rules::state::return_;
use rules::stock::Pick;

use super::{Reserved, Shop, index_of, location, variant};
use crate::provider::Call;
use crate::world::Sabotage;

impl Shop {
    /// Asks for a refund, where it may be made.
    pub fn refund(&mut self, cart: usize, attempt: u32, amount: Money) -> Option<Call> {
        let may = self.payment((cart, attempt)).may_refund(amount).is_ok();
        let blindly = self.is(Sabotage::RefundBlindly) && amount.minor() > 0;
        if !may && !blindly {
            return None;
        }
        self.carts[cart].refunds_asked += 1;
        let reference = format!("refund {cart}-{attempt}-{}", self.carts[cart].refunds_asked);
        self.append(cart, attempt, PaymentEventKind::RefundRequested, reference.clone(), amount);
        Some(Call::Refund { key: (cart, attempt), reference, amount })
    }

    /// The order as the rules see it.
    pub fn order(&self, cart: usize) -> Option<Order> {
        let row = self.carts[cart].order.as_ref()?;
        let fulfilled = |state: Reserved| if state == Reserved::Consumed { 1 } else { 0 };
        let line = |(pick, state): &(Pick, Reserved)| OrderLine {
            ordered: pick.units,
            fulfilled: pick.units * fulfilled(*state),
            returned: 0,
            returning: 0,
        };
        Some(Order {
            canceled: row.canceled,
            total: row.reckoning.totals.total,
            payments: row.attempt.map(|attempt| self.payment((cart, attempt))).into_iter().collect(),
            lines: row.reservations.iter().map(line).collect(),
        })
    }

    /// Calls an order off; asked ten times it is done once.
    pub fn cancel(&mut self, cart: usize) -> Vec<Call> {
        let Some(mut order) = self.order(cart) else { return Vec::new() };
        if self.is(Sabotage::ReleaseAgain) {
            order.canceled = false;
        }
        let Ok(effects) = order.cancel() else {
            self.refusals += 1;
            return Vec::new();
        };
        let mut calls = Vec::new();
        for effect in effects {
            match effect {
                CancelEffect::ReleaseStock => {
                    let picks: Vec<Pick> = self.reservations(cart, Reserved::Active);
                    for pick in picks {
                        self.change(&pick, |level| level.release(pick.units));
                    }
                    if !self.is(Sabotage::ReleaseAgain) {
                        self.mark(cart, Reserved::Active, Reserved::Released);
                    }
                }
                CancelEffect::GiveBackCodes => {
                    self.carts[cart].order.as_mut().expect("the order").canceled = true;
                }
                CancelEffect::Void { .. } => {}
                CancelEffect::Refund { amount, .. } => {
                    let attempt = self.carts[cart].order.as_ref().and_then(|order| order.attempt);
                    calls.extend(attempt.and_then(|attempt| self.refund(cart, attempt, amount)));
                }
            }
        }
        calls
    }

    fn reservations(&self, cart: usize, state: Reserved) -> Vec<Pick> {
        let order = self.carts[cart].order.as_ref();
        let all = order.map(|order| order.reservations.as_slice()).unwrap_or_default();
        all.iter().filter(|(_, known)| *known == state).map(|(pick, _)| *pick).collect()
    }

    fn mark(&mut self, cart: usize, from: Reserved, to: Reserved) {
        let order = self.carts[cart].order.as_mut().expect("the order");
        for (_, state) in order.reservations.iter_mut().filter(|(_, state)| *state == from) {
            *state = to;
        }
    }

    /// Sends all that is reserved for an order.
    pub fn fulfill(&mut self, cart: usize) {
        let picks = self.reservations(cart, Reserved::Active);
        let on_hand = |pick: &Pick| self.stock[&index_of(pick)].on_hand;
        let lines: Vec<Sendable> = picks
            .iter()
            .map(|pick| Sendable { unfulfilled: pick.units, on_hand: Some(on_hand(pick)), ships: true })
            .collect();
        let wanted: Vec<Wanted> =
            picks.iter().enumerate().map(|(line, pick)| Wanted { line, units: pick.units }).collect();
        if fulfillment::check(&lines, &wanted).is_err() {
            self.refusals += 1;
            return;
        }
        for pick in &picks {
            self.change(pick, |level| level.consume(pick.units));
        }
        self.mark(cart, Reserved::Active, Reserved::Consumed);
    }

    /// One unit comes back to where it came from.
    pub fn take_back(&mut self, cart: usize) {
        let picks = self.reservations(cart, Reserved::Consumed);
        let fulfilled: i64 = picks.iter().map(|pick| pick.units).sum();
        let Some(order) = self.carts[cart].order.as_mut() else { return };
        let line = return_::Returnable { fulfilled, returned: order.returned, eligible: true };
        if return_::check(line, 1).is_err() {
            self.refusals += 1;
            return;
        }
        // The units come back in the order in which they were sent.
        let mut place = order.returned;
        order.returned += 1;
        for pick in picks {
            if place < pick.units {
                return self.change(&pick, |level| level.put_back(1));
            }
            place -= pick.units;
        }
    }

    /// Goods come in.
    pub fn restock(&mut self, variant_index: usize, place: usize) {
        let pick = Pick { variant: variant(variant_index), location: location(place), units: 1 };
        self.change(&pick, |level| level.put_back(1));
    }
}

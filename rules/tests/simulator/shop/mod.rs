//! The shop: rows as a database would have them, and one function for each transaction.
//!
//! Every decision is the rules'; what is here writes down what they decide.

mod orders;
mod prices;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rules::ids::{LocationId, ProductVariantId};
use rules::state::checkout::{Checkout, CheckoutEffect, CheckoutEvent, Refusal};
use rules::state::payment::{Payment, PaymentEvent, PaymentEventKind};
use rules::states::{InventoryPolicy, StockStrategy};
use rules::stock::{Hold, Level, Pick, Rule, Site, StockOf, held, pick};
use rules::totals::Reckoning;
use rules::{Currency, Money};
use uuid::Uuid;

use crate::provider::{Call, Key, Told};
use crate::world::Sabotage;
use prices::uses_code;

pub const VARIANTS: usize = 3;
pub const LOCATIONS: usize = 2;
pub const CODE_LIMIT: u64 = 2;
const HOLD_FOR: TimeDelta = TimeDelta::minutes(15);
const ASK_AFTER: TimeDelta = TimeDelta::minutes(1);

/// A row of stock.
pub struct StockRow {
    pub initial: i64,
    pub on_hand: i64,
    pub reserved: i64,
    /// What every change added.
    pub movements: Vec<i64>,
}

/// Units that a cart holds.
pub struct HoldRow {
    pub cart: usize,
    pub pick: Pick,
    pub expires_at: DateTime<Utc>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reserved {
    Active,
    Consumed,
    Released,
}

/// An order with its reservations.
pub struct OrderRow {
    pub reckoning: Reckoning,
    pub attempt: Option<u32>,
    pub canceled: bool,
    pub uses_code: bool,
    pub reservations: Vec<(Pick, Reserved)>,
    /// Units that came back, of those that were sent.
    pub returned: i64,
}

#[derive(Default)]
pub struct Cart {
    pub lines: BTreeMap<usize, u32>,
    pub has_code: bool,
    pub checkout: Checkout,
    pub order: Option<OrderRow>,
    /// Of each attempt, appended and never changed.
    pub events: BTreeMap<u32, Vec<PaymentEvent>>,
    pub refunds_asked: u32,
}

pub struct Shop {
    pub at: DateTime<Utc>,
    pub stock: BTreeMap<(usize, usize), StockRow>,
    pub holds: Vec<HoldRow>,
    /// Carts that hold a use of the code.
    pub code_holds: Vec<(usize, DateTime<Utc>)>,
    pub carts: Vec<Cart>,
    /// Whether nothing is left to pay with the code.
    pub generous: bool,
    pub sabotage: Option<Sabotage>,
    pub refusals: u64,
    pub expired: u64,
}

pub fn variant(index: usize) -> ProductVariantId {
    ProductVariantId(Uuid::from_u128(index as u128 + 1))
}

pub fn location(index: usize) -> LocationId {
    LocationId(Uuid::from_u128(index as u128 + 1))
}

pub fn index_of(pick: &Pick) -> (usize, usize) {
    ((pick.variant.0.as_u128() - 1) as usize, (pick.location.0.as_u128() - 1) as usize)
}

impl Shop {
    fn is(&self, sabotage: Sabotage) -> bool {
        self.sabotage == Some(sabotage)
    }

    /// How often orders that are not canceled used the code.
    pub fn code_uses(&self) -> u64 {
        let orders = self.carts.iter().filter_map(|cart| cart.order.as_ref());
        orders.filter(|order| order.uses_code && !order.canceled).count() as u64
    }

    /// Where the units of a cart come from now, or what stands in the way.
    fn pick_for(&self, cart: usize) -> Result<Vec<Pick>, Vec<Refusal>> {
        let rule = Rule { tracked: true, policy: InventoryPolicy::Deny, backorder_limit: None };
        let mut stock = BTreeMap::new();
        for index in 0..VARIANTS {
            let level = |place: usize| {
                let row = &self.stock[&(index, place)];
                let holds: Vec<Hold<usize>> = self
                    .holds
                    .iter()
                    .filter(|hold| index_of(&hold.pick) == (index, place))
                    .map(|hold| Hold { cart: hold.cart, units: hold.pick.units, expires_at: hold.expires_at })
                    .collect();
                let held = if self.is(Sabotage::ForgetHolds) { 0 } else { held(&holds, self.at, Some(&cart)) };
                Level { location: location(place), on_hand: row.on_hand, reserved: row.reserved, held, safety: 0 }
            };
            stock.insert(variant(index), StockOf { rule, levels: (0..LOCATIONS).map(level).collect() });
        }
        let sites: Vec<Site> = (0..LOCATIONS)
            .map(|place| Site {
                location: location(place),
                priority: place as i32,
                kilometers: None,
                is_domestic: true,
            })
            .collect();
        let demand = self.carts[cart].lines.iter().map(|(index, units)| (variant(*index), i64::from(*units))).collect();
        let picks = pick(&demand, &stock, &sites, StockStrategy::MostStock);
        picks.map_err(|short| short.into_iter().map(Refusal::StockShort).collect())
    }

    /// The first transaction: looks at the cart, and holds its stock and its code.
    pub fn pay(&mut self, cart: usize) -> Vec<Call> {
        let reckoning = self.reckon(cart);
        let picks = self.pick_for(cart);
        let mut refusals = picks.as_ref().err().cloned().unwrap_or_default();
        if self.carts[cart].lines.is_empty() {
            refusals.push(Refusal::Empty);
        }
        let event = CheckoutEvent::Pay { total: reckoning.totals.total, refusals, ask_from: self.at + ASK_AFTER };
        let Ok((checkout, effects)) = self.carts[cart].checkout.clone().step(event) else {
            self.refusals += 1;
            return Vec::new();
        };
        self.carts[cart].checkout = checkout;
        let expires_at = self.at + HOLD_FOR;
        self.release_holds(cart);
        let picks = picks.unwrap_or_default();
        self.holds.extend(picks.iter().map(|pick| HoldRow { cart, pick: *pick, expires_at }));
        if uses_code(&reckoning) {
            self.code_holds.push((cart, expires_at));
        }
        self.carry_out(cart, effects, Some((None, reckoning, picks)))
    }

    /// The third transaction: what the provider says makes the order, or undoes everything.
    fn accepted(&mut self, (cart, attempt): Key, amount: Money) -> Vec<Call> {
        self.append(cart, attempt, PaymentEventKind::Captured, format!("{cart}-{attempt}"), amount);
        // What is held is kept where it still is; else it is taken anew, or is gone.
        let own: Vec<Pick> = self
            .holds
            .iter()
            .filter(|hold| hold.cart == cart && (self.at < hold.expires_at || self.is(Sabotage::TrustOldHolds)))
            .map(|hold| hold.pick)
            .collect();
        let picks = if own.is_empty() { self.pick_for(cart) } else { Ok(own) };
        let reckoning = self.reckon(cart);
        let agreed = self.carts[cart].checkout.attempts.get(&attempt).map(|attempt| attempt.amount);
        let mut refusals = picks.as_ref().err().cloned().unwrap_or_default();
        if let Some(agreed) = agreed.filter(|agreed| *agreed != reckoning.totals.total) {
            refusals.push(Refusal::PriceChanged { agreed, total: reckoning.totals.total });
        }
        let event = CheckoutEvent::Accepted { attempt, amount, refusals };
        let (checkout, effects) = self.carts[cart].checkout.clone().step(event).expect("a payment that was begun");
        self.carts[cart].checkout = checkout;
        self.carry_out(cart, effects, Some((Some(attempt), reckoning, picks.unwrap_or_default())))
    }

    fn carry_out(
        &mut self,
        cart: usize,
        effects: Vec<CheckoutEffect>,
        order: Option<(Option<u32>, Reckoning, Vec<Pick>)>,
    ) -> Vec<Call> {
        let mut calls = Vec::new();
        let mut order = order;
        for effect in effects {
            match effect {
                CheckoutEffect::Charge { attempt, amount } => calls.push(Call::Charge { key: (cart, attempt), amount }),
                CheckoutEffect::Ask { attempt } => calls.push(Call::Ask { key: (cart, attempt) }),
                CheckoutEffect::Undo { .. } if self.is(Sabotage::KeepMoney) => {}
                CheckoutEffect::Undo { attempt } => calls.push(Call::Undo { key: (cart, attempt) }),
                CheckoutEffect::ReleaseHolds => self.release_holds(cart),
                CheckoutEffect::CreateOrder => {
                    let (attempt, reckoning, picks) = order.take().expect("an order's facts");
                    self.create_order(cart, attempt, reckoning, picks);
                }
            }
        }
        calls
    }

    fn create_order(&mut self, cart: usize, attempt: Option<u32>, reckoning: Reckoning, picks: Vec<Pick>) {
        self.release_holds(cart);
        for pick in &picks {
            self.change(pick, |level| level.reserve(pick.units));
        }
        let uses_code = uses_code(&reckoning);
        let reservations = picks.into_iter().map(|pick| (pick, Reserved::Active)).collect();
        let order = OrderRow { reckoning, attempt, canceled: false, uses_code, reservations, returned: 0 };
        assert!(self.carts[cart].order.is_none(), "a second order of one cart");
        self.carts[cart].order = Some(order);
    }

    fn release_holds(&mut self, cart: usize) {
        self.holds.retain(|hold| hold.cart != cart);
        self.code_holds.retain(|(holder, _)| *holder != cart);
    }

    /// One conditional update of a level, with its movement.
    fn change(&mut self, pick: &Pick, step: impl FnOnce(Level) -> Result<Level, rules::Problem>) {
        let index = index_of(pick);
        let row = self.stock.get_mut(&index).expect("a level");
        let level = Level { location: pick.location, on_hand: row.on_hand, reserved: row.reserved, held: 0, safety: 0 };
        let changed = step(level).expect("a change that the level allows");
        if changed.on_hand != row.on_hand {
            row.movements.push(changed.on_hand - row.on_hand);
        }
        (row.on_hand, row.reserved) = (changed.on_hand, changed.reserved);
    }

    fn append(&mut self, cart: usize, attempt: u32, kind: PaymentEventKind, reference: String, amount: Money) {
        let event = PaymentEvent { kind, reference, amount, at: self.at };
        self.carts[cart].events.entry(attempt).or_default().push(event);
    }

    /// What the ledger of one attempt comes to.
    pub fn payment(&self, (cart, attempt): Key) -> Payment {
        let events = self.carts[cart].events.get(&attempt).map(Vec::as_slice).unwrap_or_default();
        Payment::fold(Currency::EUR, events).expect("a ledger that folds")
    }

    /// Something comes from the provider, for the first time or again.
    pub fn hear(&mut self, told: &Told) -> Vec<Call> {
        match told {
            Told::Accepted { key, amount } => self.accepted(*key, *amount),
            Told::Declined { key: (cart, attempt) } => {
                self.checkout_step(*cart, CheckoutEvent::Declined { attempt: *attempt })
            }
            Told::Undone { key: (cart, attempt), made } => {
                if let Some(amount) = made {
                    // It was made, whether we had heard of it or not.
                    self.append(*cart, *attempt, PaymentEventKind::Captured, format!("{cart}-{attempt}"), *amount);
                    self.append(*cart, *attempt, PaymentEventKind::Refunded, format!("undo {cart}-{attempt}"), *amount);
                }
                let event = CheckoutEvent::Undone { attempt: *attempt, was_made: made.is_some() };
                self.checkout_step(*cart, event)
            }
            Told::Refunded { key: (cart, attempt), reference, amount } => {
                self.append(*cart, *attempt, PaymentEventKind::Refunded, reference.clone(), *amount);
                Vec::new()
            }
            Told::RefundFailed { key: (cart, attempt), reference, amount } => {
                self.append(*cart, *attempt, PaymentEventKind::RefundFailed, reference.clone(), *amount);
                Vec::new()
            }
        }
    }

    pub fn checkout_step(&mut self, cart: usize, event: CheckoutEvent) -> Vec<Call> {
        match self.carts[cart].checkout.clone().step(event) {
            Ok((checkout, effects)) => {
                self.carts[cart].checkout = checkout;
                self.carry_out(cart, effects, None)
            }
            Err(_) => {
                self.refusals += 1;
                Vec::new()
            }
        }
    }

    /// What a worker finds to do for a cart.
    pub fn work(&mut self, cart: usize) -> Vec<Call> {
        let due = self.carts[cart].checkout.due(self.at);
        let mut calls = self.carry_out(cart, due, None);
        // Refunds without an answer are asked for again, under the same reference.
        for (attempt, events) in &self.carts[cart].events {
            let answered = |asked: &PaymentEvent| {
                events
                    .iter()
                    .any(|event| event.reference == asked.reference && event.kind != PaymentEventKind::RefundRequested)
            };
            for asked in events.iter().filter(|event| event.kind == PaymentEventKind::RefundRequested) {
                if !answered(asked) {
                    let (reference, amount) = (asked.reference.clone(), asked.amount);
                    calls.push(Call::Refund { key: (cart, *attempt), reference, amount });
                }
            }
        }
        // What a canceled order still keeps is given back, as often as it takes.
        let canceled = self.carts[cart].order.as_ref().filter(|order| order.canceled).and_then(|order| order.attempt);
        if let Some(attempt) = canceled {
            let left = self.payment((cart, attempt)).refundable();
            calls.extend(self.refund(cart, attempt, left));
        }
        calls
    }

    /// Tidies away holds that are over. Nothing depends on it.
    pub fn tidy(&mut self) {
        let before = self.holds.len();
        self.holds.retain(|hold| self.at < hold.expires_at);
        self.code_holds.retain(|(_, until)| self.at < *until);
        self.expired += (before - self.holds.len()) as u64;
    }
}

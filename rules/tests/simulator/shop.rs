//! The shop: rows as a database would have them, and one function for each transaction.
//!
//! Every decision is the rules'; what is here writes down what they decide.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rules::basket::{Basket, Buyer, Line, ShippingCharge};
use rules::ids::{LocationId, ProductId, ProductVariantId, PromotionId};
use rules::place::Place;
use rules::promotion::{Action, Caps, Change, Condition, DiscountCode, Offers, Phase, Promotion, Spent, Stacking};
use rules::state::checkout::{Checkout, CheckoutEffect, CheckoutEvent, Refusal};
use rules::state::fulfillment::{self, Sendable, Wanted};
use rules::state::order::{CancelEffect, Order, OrderLine};
use rules::state::payment::{Payment, PaymentEvent, PaymentEventKind};
use rules::state::return_;
use rules::states::{InventoryPolicy, StockStrategy};
use rules::stock::{Hold, Level, Pick, Rule, Site, StockOf, held, pick};
use rules::tax::{Places, ShippingTax, TaxRate, TaxRules, TaxZone, Taxation};
use rules::totals::{Reckoning, Terms};
use rules::{Currency, Money, Percent, Rounding, TaxMode};
use uuid::Uuid;

use crate::provider::{Call, Key, Told};
use crate::world::Sabotage;

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

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
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

    /// What a cart costs now. The code counts its uses and what others hold of them.
    fn reckon(&self, cart: usize) -> Reckoning {
        let row = &self.carts[cart];
        let others = self.code_holds.iter().filter(|(holder, until)| *holder != cart && self.at < *until).count();
        let used = if self.is(Sabotage::ForgetCodeHolds) { 0 } else { self.code_uses() + others as u64 };
        let line = |(index, quantity): (&usize, &u32)| Line {
            variant: variant(*index),
            product: ProductId(Uuid::from_u128(*index as u128)),
            brand: None,
            categories: Vec::new(),
            collections: Vec::new(),
            tags: Vec::new(),
            tax_category: None,
            quantity: *quantity,
            unit_price: eur(999 + 500 * *index as i64),
        };
        let basket = Basket {
            currency: Currency::EUR,
            tax_mode: TaxMode::Net,
            rounding: Rounding::default(),
            lines: row.lines.iter().map(line).collect(),
            shipping: Some(ShippingCharge { rate: None, amount: eur(490) }),
            codes: if row.has_code { vec!["lucky".to_owned()] } else { Vec::new() },
            buyer: Buyer::default(),
            country: None,
            channel: None,
        };
        let id = PromotionId(Uuid::from_u128(1));
        let off = Percent::try_new(15_i64.into()).expect("a percentage");
        let promotion = Promotion {
            id,
            name: "Lucky".to_owned(),
            created_at: DateTime::UNIX_EPOCH,
            priority: 0,
            valid_from: None,
            valid_to: None,
            condition: Condition::CodeGiven,
            action: Action::Order(Change::Percent(off)),
            caps: Caps::default(),
            stacking: Stacking { combines_with: vec![Phase::Order], exclusive_group: None },
            spent: Spent::default(),
        };
        let code = DiscountCode {
            code: "LUCKY".to_owned(),
            promotion: id,
            customer: None,
            valid_from: None,
            valid_to: None,
            limit: Some(CODE_LIMIT),
            limit_per_buyer: None,
            used,
            used_by_buyer: 0,
        };
        let offers = Offers { promotions: vec![promotion], codes: vec![code], gifts: Vec::new() };
        let rate = TaxRate { name: "VAT".to_owned(), rate: "0.19".parse().expect("a rate"), category: None };
        let world = rules::place::Territory { country: None, region: None, postal_codes: Vec::new() };
        let zone = TaxZone { id: Uuid::from_u128(1).into(), territories: vec![world], rates: vec![rate] };
        let taxation = Taxation::Rules {
            rules: TaxRules { zones: vec![zone], shipping: ShippingTax::ByLines },
            places: Places { shipping: None, billing: None, store: Place::country("DE") },
            exempt: false,
        };
        Terms::new(self.at, basket, offers, taxation).work_out().expect("a reckoning")
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
            .map(|place| Site { location: location(place), priority: place as i32, kilometers: None })
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
        self.holds.extend(picks.unwrap_or_default().into_iter().map(|pick| HoldRow { cart, pick, expires_at }));
        if uses_code(&reckoning) {
            self.code_holds.push((cart, expires_at));
        }
        self.carry_out(cart, effects, None)
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
        self.carry_out(cart, effects, Some((attempt, reckoning, picks.unwrap_or_default())))
    }

    fn carry_out(
        &mut self,
        cart: usize,
        effects: Vec<CheckoutEffect>,
        order: Option<(u32, Reckoning, Vec<Pick>)>,
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

    fn create_order(&mut self, cart: usize, attempt: u32, reckoning: Reckoning, picks: Vec<Pick>) {
        self.release_holds(cart);
        for pick in &picks {
            self.change(pick, |level| level.reserve(pick.units));
        }
        let uses_code = uses_code(&reckoning);
        let reservations = picks.into_iter().map(|pick| (pick, Reserved::Active)).collect();
        let attempt = Some(attempt);
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

    /// Asks for a refund, where it may be made.
    pub fn refund(&mut self, cart: usize, attempt: u32, amount: Money) -> Option<Call> {
        let may = self.payment((cart, attempt)).may_refund(amount).is_ok();
        if !may && !(self.is(Sabotage::RefundBlindly) && amount.minor() > 0) {
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

    /// Tidies away holds that are over. Nothing depends on it.
    pub fn tidy(&mut self) {
        let before = self.holds.len();
        self.holds.retain(|hold| self.at < hold.expires_at);
        self.code_holds.retain(|(_, until)| self.at < *until);
        self.expired += (before - self.holds.len()) as u64;
    }
}

fn uses_code(reckoning: &Reckoning) -> bool {
    reckoning.evaluation.applied().any(|(verdict, _)| verdict.code.is_some())
}

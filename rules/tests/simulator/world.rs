//! The world around the shop: buyers, staff, the clock, and messages on their way.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};
use rules::Money;
use rules::state::checkout::{CheckoutEvent, Fate};
use rules::states::CheckoutStatus;

use crate::chance::Chance;
use crate::provider::{Call, Provider, Told};
use crate::shop::{Cart, LOCATIONS, Shop, StockRow, VARIANTS};

/// How many buyers there are at the same time.
const BUYERS: usize = 5;

/// A fault that is put into the shop, to see that it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// What others hold counts for nothing.
    ForgetHolds,
    /// Holds that are over are trusted.
    TrustOldHolds,
    /// Uses of the code that others hold count for nothing.
    ForgetCodeHolds,
    /// Payments that are to be undone are kept.
    KeepMoney,
    /// Refunds are made without looking at what was refunded.
    RefundBlindly,
    /// An order that is called off twice is released twice.
    ReleaseAgain,
}

impl Sabotage {
    pub const ALL: &'static [Self] = &[
        Self::ForgetHolds,
        Self::TrustOldHolds,
        Self::ForgetCodeHolds,
        Self::KeepMoney,
        Self::RefundBlindly,
        Self::ReleaseAgain,
    ];
}

/// A message on its way.
#[derive(Debug, Clone)]
enum Message {
    ToProvider(Call),
    /// The answer to a call; it may be lost.
    Answer(Told),
    /// A webhook: late, or told twice, but the provider tells it until it is heard.
    Webhook(Told),
}

pub struct World {
    chance: Chance,
    pub shop: Shop,
    pub provider: Provider,
    messages: Vec<Message>,
    pub diary: Vec<String>,
}

impl World {
    pub fn new(seed: u64, sabotage: Option<Sabotage>) -> Self {
        let mut chance = Chance::new(seed);
        let mut stock = BTreeMap::new();
        for index in 0..VARIANTS {
            for place in 0..LOCATIONS {
                let initial = chance.below(4) as i64;
                stock
                    .insert((index, place), StockRow { initial, on_hand: initial, reserved: 0, movements: Vec::new() });
            }
        }
        let shop = Shop {
            at: DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
            stock,
            holds: Vec::new(),
            code_holds: Vec::new(),
            carts: (0..BUYERS).map(|_| Cart::default()).collect(),
            generous: seed.is_multiple_of(4),
            sabotage,
            refusals: 0,
            expired: 0,
        };
        Self { chance, shop, provider: Provider::default(), messages: Vec::new(), diary: Vec::new() }
    }

    /// Orders, canceled orders, payments undone, refusals, holds that expired, refunds.
    pub fn counts(&self) -> [u64; 6] {
        let orders = || self.shop.carts.iter().filter_map(|cart| cart.order.as_ref());
        let attempts = self.shop.carts.iter().flat_map(|cart| cart.checkout.attempts.values());
        let refunds = self.provider.accounts.values().flat_map(|account| account.refunds.values());
        [
            orders().count() as u64,
            orders().filter(|order| order.canceled).count() as u64,
            attempts.filter(|attempt| attempt.fate == Fate::Undone).count() as u64,
            self.shop.refusals,
            self.shop.expired,
            refunds.filter(|(_, made)| *made).count() as u64,
        ]
    }

    fn note(&mut self, what: String) {
        self.diary.push(format!("{} {what}", self.shop.at.format("%H:%M:%S")));
    }

    /// Calls leave for the provider, unless the process dies right after its transaction.
    fn send(&mut self, calls: impl IntoIterator<Item = Call>) {
        for call in calls {
            if self.chance.percent(12) {
                self.note(format!("crash: {call:?} is never sent"));
            } else {
                self.messages.push(Message::ToProvider(call));
            }
        }
    }

    /// One thing happens.
    pub fn step(&mut self) {
        // The buyers who are still there are the last carts.
        let cart = self.shop.carts.len() - 1 - self.chance.below(BUYERS);
        match self.chance.below(100) {
            0..30 => self.deliver(),
            30..34 => self.lose(),
            34..38 => self.repeat(),
            38..52 => self.edit(cart),
            52..66 => {
                self.note(format!("cart {cart} pays"));
                let calls = self.shop.pay(cart);
                self.send(calls);
            }
            66..69 => {
                self.note(format!("cart {cart} goes back"));
                let calls = self.shop.checkout_step(cart, CheckoutEvent::GoBack);
                self.send(calls);
            }
            69..77 => {
                let any = self.chance.below(self.shop.carts.len());
                self.note(format!("a worker looks at cart {any}"));
                let calls = self.shop.work(any);
                self.send(calls);
            }
            77..85 => {
                let seconds = [1, 10, 61, 400, 901][self.chance.below(5)];
                self.note(format!("{seconds} seconds go by"));
                self.shop.at += TimeDelta::seconds(seconds);
            }
            85..87 => {
                self.note("holds are tidied away".to_owned());
                self.shop.tidy();
            }
            87..89 => {
                let (index, place) = (self.chance.below(VARIANTS), self.chance.below(LOCATIONS));
                self.note(format!("a unit of {index} comes in at {place}"));
                self.shop.restock(index, place);
            }
            _ => self.staff(),
        }
    }

    /// A message arrives, whichever; its answer goes on its way.
    fn deliver(&mut self) {
        if self.messages.is_empty() {
            return;
        }
        let message = self.messages.swap_remove(self.chance.below(self.messages.len()));
        self.note(format!("arrives: {message:?}"));
        match message {
            Message::ToProvider(call) => {
                if let Some(told) = self.provider.call(&call, &mut self.chance) {
                    self.messages.push(Message::Answer(told.clone()));
                    if matches!(call, Call::Charge { .. } | Call::Refund { .. }) {
                        self.messages.push(Message::Webhook(told));
                    }
                }
            }
            Message::Answer(told) | Message::Webhook(told) => {
                let calls = self.shop.hear(&told);
                self.send(calls);
            }
        }
    }

    /// A message is lost: a time-out, a crash of whoever waits for it.
    fn lose(&mut self) {
        if self.messages.is_empty() {
            return;
        }
        let place = self.chance.below(self.messages.len());
        if !matches!(self.messages[place], Message::Webhook(_)) {
            let message = self.messages.swap_remove(place);
            self.note(format!("lost: {message:?}"));
        }
    }

    /// A message is told again.
    fn repeat(&mut self) {
        if !self.messages.is_empty() {
            let message = self.messages[self.chance.below(self.messages.len())].clone();
            self.note(format!("told twice: {message:?}"));
            self.messages.push(message);
        }
    }

    /// A buyer changes the cart, or begins another where there is an order.
    fn edit(&mut self, cart: usize) {
        if self.shop.carts[cart].checkout.status() == CheckoutStatus::Completed {
            self.note("a new buyer comes".to_owned());
            // The buyer's place is taken; the old cart stays for messages that come late.
            self.shop.carts.push(Cart::default());
            return;
        }
        if self.shop.carts[cart].checkout.may_edit().is_err() {
            self.shop.refusals += 1;
            return;
        }
        let (index, units) = (self.chance.below(VARIANTS), self.chance.below(4) as u32);
        let code = self.chance.percent(40);
        self.note(format!("cart {cart} takes {units} of {index}{}", if code { " with the code" } else { "" }));
        let row = &mut self.shop.carts[cart];
        row.has_code = code;
        match units {
            0 => row.lines.remove(&index),
            units => row.lines.insert(index, units),
        };
    }

    fn staff(&mut self) {
        let cart = self.chance.below(self.shop.carts.len());
        let Some(attempt) = self.shop.carts[cart].order.as_ref().map(|order| order.attempt) else { return };
        match self.chance.below(5) {
            0 => {
                self.note(format!("order {cart} is canceled"));
                let calls = self.shop.cancel(cart);
                self.send(calls);
            }
            1 => {
                self.note(format!("order {cart} is sent"));
                if self.shop.carts[cart].order.as_ref().is_some_and(|order| !order.canceled) {
                    self.shop.fulfill(cart);
                }
            }
            2 => {
                self.note(format!("a unit of order {cart} comes back"));
                self.shop.take_back(cart);
            }
            _ => {
                let Some(attempt) = attempt else { return };
                let amount = Money::from_minor(1 + self.chance.below(3_000) as i64, rules::Currency::EUR);
                self.note(format!("{amount} of order {cart} are given back"));
                let call = self.shop.refund(cart, attempt, amount);
                self.send(call);
            }
        }
    }

    /// Buyers go home, nothing is lost any more, and workers look after all that is left.
    pub fn come_to_rest(&mut self) {
        for _ in 0..200 {
            while !self.messages.is_empty() {
                self.deliver();
            }
            self.shop.at += TimeDelta::minutes(5);
            for cart in 0..self.shop.carts.len() {
                let calls = self.shop.work(cart);
                self.messages.extend(calls.into_iter().map(Message::ToProvider));
            }
            if self.messages.is_empty() {
                return;
            }
        }
    }
}

//! A payment provider: slow, forgetful about what it was not asked, and never wrong about money.

use std::collections::BTreeMap;

use rules::Money;

use crate::chance::Chance;

/// Under what the provider knows a payment: the cart and the number of the attempt.
pub type Key = (usize, u32);

/// What the shop asks of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    Charge { key: Key, amount: Money },
    Ask { key: Key },
    Undo { key: Key },
    Refund { key: Key, reference: String, amount: Money },
}

/// What the provider tells the shop, in an answer or in a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Accepted { key: Key, amount: Money },
    Declined { key: Key },
    Undone { key: Key, made: Option<Money> },
    Refunded { key: Key, reference: String, amount: Money },
    RefundFailed { key: Key, reference: String, amount: Money },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charge {
    Made,
    Refused,
    Undone,
    /// Undone before it was asked for, so that it is never made.
    Blocked,
}

#[derive(Debug, Clone)]
pub struct Account {
    pub charge: Charge,
    pub amount: Money,
    /// By reference: how much, and whether it was made.
    pub refunds: BTreeMap<String, (Money, bool)>,
}

impl Account {
    /// What the buyer is out of pocket.
    pub fn balance(&self) -> i64 {
        let refunds: i64 = self.refunds.values().filter(|(_, made)| *made).map(|(amount, _)| amount.minor()).sum();
        if self.charge == Charge::Made { self.amount.minor() - refunds } else { 0 }
    }
}

#[derive(Debug, Default)]
pub struct Provider {
    pub accounts: BTreeMap<Key, Account>,
}

impl Provider {
    /// Does what is asked, once for each key and reference, and says what came of it.
    pub fn call(&mut self, call: &Call, chance: &mut Chance) -> Option<Told> {
        match call {
            Call::Charge { key, amount } => {
                let account = self.accounts.entry(*key).or_insert_with(|| {
                    let charge = if chance.percent(80) { Charge::Made } else { Charge::Refused };
                    // Once in a while another amount is charged than was asked for.
                    let off = i64::from(chance.percent(2));
                    let amount = Money::from_minor(amount.minor() + off, amount.currency());
                    Account { charge, amount, refunds: BTreeMap::new() }
                });
                Some(account.told(*key))
            }
            Call::Ask { key } => {
                Some(self.accounts.get(key).map_or(Told::Declined { key: *key }, |account| account.told(*key)))
            }
            Call::Undo { key } => match self.accounts.get_mut(key) {
                Some(account) if matches!(account.charge, Charge::Made | Charge::Undone) => {
                    account.charge = Charge::Undone;
                    Some(Told::Undone { key: *key, made: Some(account.amount) })
                }
                Some(_) => Some(Told::Undone { key: *key, made: None }),
                None => {
                    // It may know how to refuse what comes later, or not.
                    if chance.percent(50) {
                        let amount = Money::from_minor(0, rules::Currency::EUR);
                        let blocked = Account { charge: Charge::Blocked, amount, refunds: BTreeMap::new() };
                        self.accounts.insert(*key, blocked);
                    }
                    Some(Told::Undone { key: *key, made: None })
                }
            },
            Call::Refund { key, reference, amount } => {
                let account = self.accounts.get_mut(key)?;
                let made = chance.percent(85);
                let (amount, made) = *account.refunds.entry(reference.clone()).or_insert((*amount, made));
                let reference = reference.clone();
                Some(match made {
                    true => Told::Refunded { key: *key, reference, amount },
                    false => Told::RefundFailed { key: *key, reference, amount },
                })
            }
        }
    }
}

impl Account {
    fn told(&self, key: Key) -> Told {
        match self.charge {
            Charge::Made | Charge::Undone => Told::Accepted { key, amount: self.amount },
            Charge::Refused | Charge::Blocked => Told::Declined { key },
        }
    }
}

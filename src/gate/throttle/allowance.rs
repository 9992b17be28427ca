//! How much callers of each kind may spend.

use super::spender::{Spender, Who};
use crate::kernel::ctx::Caller;

/// How large a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// What a full one holds, in objects.
    pub maximum: u32,
    /// What comes back each second.
    pub restore: u32,
}

impl Allowance {
    fn times(self, factor: u32) -> Self {
        Self { maximum: self.maximum.saturating_mul(factor), restore: self.restore.saturating_mul(factor) }
    }
}

/// What the operator set. Buckets in a store are as many times as large as its plan says.
#[derive(Debug, Clone)]
pub struct ThrottleSettings {
    /// Whether anybody is held to anything.
    pub enabled: bool,
    /// An address without a token of its own: visitors of a storefront, also with its token, which stands in
    /// a page that everybody has.
    pub anonymous: Allowance,
    /// A person who is signed in.
    pub user: Allowance,
    /// An API token.
    pub token: Allowance,
    /// An address's requests that come to nothing, counted one by one.
    pub refusals: Allowance,
}

/// Room for people who share an address: a rich listing of a storefront (24 products with variants, prices and
/// pictures) is held to cost about 1,150, so that fifty a second go on for ever, and 170 come at once. What its
/// lists really hold is about a third of that.
impl Default for ThrottleSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            anonymous: Allowance { maximum: 200_000, restore: 60_000 },
            user: Allowance { maximum: 200_000, restore: 60_000 },
            token: Allowance { maximum: 400_000, restore: 120_000 },
            refusals: Allowance { maximum: 500, restore: 100 },
        }
    }
}

impl ThrottleSettings {
    pub(super) fn allowance(&self, spender: &Spender, caller: &Caller) -> Allowance {
        let usual = match spender.who {
            // A shopper is a visitor with a bucket of one's own.
            Who::Address(_) | Who::Customer(_) => self.anonymous,
            Who::User(_) => self.user,
            Who::Token(_) => self.token,
            Who::Refusals(_) => self.refusals,
        };
        usual.times(caller.store.as_ref().map_or(1, |store| store.plan.factor()))
    }
}

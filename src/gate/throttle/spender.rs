//! Who has a bucket.

use std::net::IpAddr;

use rules::ids::{ApiTokenId, CustomerId, StoreId, UserId};
use rules::states::TokenKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::Actor;
use crate::kernel::ctx::Caller;

/// Whoever has a bucket: somebody, in one store or in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Spender {
    #[serde(rename = "s", skip_serializing_if = "Option::is_none", default)]
    store: Option<Uuid>,
    #[serde(rename = "w")]
    pub(super) who: Who,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Who {
    #[serde(rename = "a")]
    Address(Network),
    #[serde(rename = "u")]
    User(Uuid),
    #[serde(rename = "c")]
    Customer(Uuid),
    #[serde(rename = "t")]
    Token(Uuid),
    /// An address, for its requests that came to nothing.
    #[serde(rename = "r")]
    Refusals(Network),
}

/// What counts as one address. A network of version 6 is given to one customer as a whole, so it counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Network {
    #[serde(rename = "4")]
    V4(u32),
    #[serde(rename = "6")]
    V6(u64),
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.to_bits()),
            // The upper half: a /64.
            IpAddr::V6(address) => Self::V6((address.to_bits() >> 64) as u64),
        }
    }
}

impl Spender {
    /// Whose bucket an operation spends from; `None` for the operator, who is held to nothing.
    pub(super) fn of(caller: &Caller) -> Option<Self> {
        let address = caller.address.unwrap_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED));
        let who = match &caller.actor {
            Actor::User { user: UserId(user), .. } => Who::User(*user),
            Actor::Customer { customer: CustomerId(customer), .. } => Who::Customer(*customer),
            Actor::Token { token: ApiTokenId(token), kind: TokenKind::Api, .. } => Who::Token(*token),
            // A storefront's token stands in a page: one visitor must not spend what all others need.
            Actor::Token { kind: TokenKind::Storefront, .. } | Actor::Anonymous => Who::Address(address.into()),
            Actor::Operator => return None,
        };
        Some(Self {
            store: caller.store.as_ref().map(|store| {
                let StoreId(id) = store.id;
                id
            }),
            who,
        })
    }

    /// The bucket of what comes to nothing, in no store: such a request may not have named one.
    pub(super) fn refusals(address: IpAddr) -> Self {
        Self { store: None, who: Who::Refusals(address.into()) }
    }

    /// Its kind, for the metrics.
    pub(super) fn label(&self) -> &'static str {
        match self.who {
            Who::Address(_) => "address",
            Who::User(_) => "user",
            Who::Customer(_) => "customer",
            Who::Token(_) => "token",
            Who::Refusals(_) => "refusals",
        }
    }
}

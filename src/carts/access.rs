//! Who may touch a cart.
//!
//! A guest's cart is whoever's who has one of its secrets; nothing else proves it. A customer's cart is the
//! customer's alone: the right secret opens it no more, since links travel further than passwords. Whoever
//! proves nothing is told what is told of a cart that does not exist.

use rules::ids::{CartId, CustomerId};

use crate::identity::secret::{self, Hash, Kind};
use crate::kernel::{Ctx, Error, input};

/// Which cart is meant, and the secret that it was given out with.
#[derive(Debug, Clone)]
pub struct CartRef {
    /// The cart.
    pub id: CartId,
    /// Its secret; needed for a guest's cart.
    pub token: Option<String>,
}

/// What a caller can prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The hash of a cart's secret.
    pub token: Option<Hash>,
    /// The customer who is signed in.
    pub customer: Option<CustomerId>,
}

impl Proof {
    /// What comes with a request.
    pub fn of(ctx: &Ctx, token: Option<&str>) -> Self {
        let token = token.and_then(|token| secret::parse_kind(Kind::Cart, token.trim()));
        Self { token, customer: ctx.shopper() }
    }
}

/// The answer where nothing was proved, or nothing is there.
pub fn no_such_cart() -> Error {
    input::not_found("cartId", "cart")
}

//! How checkouts look in the schema.

use entity::checkout::checkouts;
use rules::ids::{CartId, OrderId};
use rules::states::{CheckoutStatus, DeclineReason};

use crate::carts::{Cart, CartById};
use crate::kernel::graph::{Load, object};
use crate::orders::{Order, OrderById};
use crate::payload;
use crate::payments::gateway::NextAction;
use crate::payments::session::Progress;

/// A cart on its way to an order.
#[derive(Clone)]
pub struct Checkout {
    cart: CartId,
    status: CheckoutStatus,
    order: Option<OrderId>,
    action: Option<CheckoutAction>,
    failure: Option<DeclineReason>,
}

impl Checkout {
    /// The checkout of a cart, which has no row before somebody pays; with how far a payment of it has come.
    pub fn of(cart: CartId, row: Option<checkouts::Model>, progress: Option<Progress>) -> Self {
        let (status, order) = row.map_or((CheckoutStatus::Open, None), |row| (row.status, row.order_id));
        let paying = status == CheckoutStatus::Paying;
        let (action, failure) = progress.map_or((None, None), |progress| (progress.action, progress.failure));
        let told = |action: &NextAction| paying || matches!(action, NextAction::Instructions(_));
        Self { cart, status, order, action: action.filter(told).map(Into::into), failure }
    }
}

/// A cart on its way to an order.
#[object]
impl Checkout {
    /// Where it stands.
    fn status(&self) -> CheckoutStatus {
        self.status
    }

    /// The cart.
    fn cart(&self) -> Load<CartById, Option<Cart>> {
        Load::<CartById, _>::of(self.cart, |row| row.map(Cart))
    }

    /// The order; null until there is one.
    fn order(&self) -> Load<OrderById, Option<Order>> {
        let Some(id) = self.order else { return Load::known(None) };
        Load::<OrderById, _>::of(id, |row| row.map(Order))
    }

    /// What the buyer has to do about the payment; null where that is nothing.
    fn action(&self) -> Option<CheckoutAction> {
        self.action.clone()
    }

    /// Why the payment that was asked for was not made; the cart is open again, and can be paid in another way.
    fn failure(&self) -> Option<DeclineReason> {
        self.failure
    }
}

/// What the buyer has to do about a payment: one of these is given.
#[object]
#[derive(Clone)]
pub struct CheckoutAction {
    /// Where to go; ask `checkoutConfirm` once the buyer has come back.
    redirect_url: Option<String>,
    /// The secret of this one payment, for the provider's own script; ask `checkoutConfirm` once it is done.
    client_secret: Option<String>,
    /// How to pay, as the store says; nothing is waited for.
    instructions: Option<String>,
}

impl From<NextAction> for CheckoutAction {
    fn from(action: NextAction) -> Self {
        let nothing = Self { redirect_url: None, client_secret: None, instructions: None };
        match action {
            NextAction::Redirect(url) => Self { redirect_url: Some(url), ..nothing },
            NextAction::Confirm { client_secret } => Self { client_secret: Some(client_secret), ..nothing },
            NextAction::Instructions(text) => Self { instructions: Some(text), ..nothing },
        }
    }
}

payload! {
    /// The answer of `checkoutPay`.
    CheckoutPayPayload {
        /// The checkout as it is now.
        checkout: Checkout,
    }
}

payload! {
    /// The answer of `checkoutConfirm`.
    CheckoutConfirmPayload {
        /// The checkout as it is now.
        checkout: Checkout,
    }
}

payload! {
    /// The answer of `checkoutCancel`.
    CheckoutCancelPayload {
        /// The checkout as it is now.
        checkout: Checkout,
    }
}

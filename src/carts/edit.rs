//! One edit of a cart, from the proof to the commit.
//!
//! Owns what every edit has in common: it holds the cart's row before it reads anything, so that two at once come
//! one after the other and both survive (rule C4); it is refused while the cart is being paid; at its end it holds
//! the chosen ways to ship against what is offered now, and makes the cart young again (rule C7). What an action
//! changes stands in [`Edit::parts`], which are what the cart will be.

use chrono::{DateTime, TimeDelta, Utc};
use entity::carts::{cart_lines, carts};
use rules::ids::{CartLineId, CustomerId};
use rules::states::CartState;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::access::{CartRef, Proof, no_such_cart};
use super::events::{CartSnapshot, CartUpdated};
use super::priced::Facts;
use super::store::{self, Parts};
use super::types::{Cart, CartWarning};
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx};
use crate::payments::stored::{self, Standing};

/// How long the cart of a guest lives without an edit.
const GUEST_DAYS: i64 = 30;
/// How long that of a customer does.
const CUSTOMER_DAYS: i64 = 90;

/// An edit that is under way.
pub struct Edit {
    /// The transaction, which holds the cart.
    pub tx: Tx<StoreScope>,
    /// The cart, as it will be.
    pub parts: Parts,
    /// What the caller is told beside.
    pub warnings: Vec<CartWarning>,
    before: CartSnapshot,
}

/// What an edit gives.
pub struct Edited {
    /// The cart as it is now.
    pub cart: Cart,
    /// What the caller is told beside.
    pub warnings: Vec<CartWarning>,
}

/// Begins an edit of a cart that the caller proves to be theirs.
///
/// # Errors
/// `Conflict` with `NOT_FOUND` where nothing is proved, or the cart is over; with `CART_LOCKED` while it is being
/// paid, and with `CART_COMPLETED` once it became an order.
pub async fn begin(ctx: &Ctx, cart: &CartRef, action: Action) -> Result<Edit> {
    let tx = ctx.begin_store(action).await?;
    let proof = Proof::of(ctx, cart.token.as_deref());
    let row = store::lock_proven(&tx, cart.id, &proof).await?.ok_or_else(no_such_cart)?;
    expect_open(&row)?;
    of(tx, row).await
}

/// An edit of a cart that is held already.
pub async fn of(tx: Tx<StoreScope>, row: carts::Model) -> Result<Edit> {
    let id = row.id;
    let parts = store::parts_of(&tx, vec![row]).await?.remove(&id).ok_or(Error::NotFound)?;
    let before = CartSnapshot::of(&parts.cart, &parts.lines);
    Ok(Edit { tx, parts, warnings: Vec::new(), before })
}

/// Holds that a cart can be edited.
///
/// # Errors
/// As [`begin`].
pub fn expect_open(cart: &carts::Model) -> Result<()> {
    let refused = |code, message: &str| Err(Error::Conflict(Problem::new(code, "cartId", message)));
    match cart.state {
        CartState::Open => Ok(()),
        CartState::Locked => refused(
            ErrorCode::CartLocked,
            "The cart is being paid: finish the payment, or go back, before you change it.",
        ),
        CartState::Completed => refused(ErrorCode::CartCompleted, "The cart became an order: begin a new one."),
    }
}

/// The moment at which a cart that is edited now is gone.
pub fn expiry(now: DateTime<Utc>, customer: Option<CustomerId>) -> DateTime<Utc> {
    now + TimeDelta::days(if customer.is_some() { CUSTOMER_DAYS } else { GUEST_DAYS })
}

impl Edit {
    /// What the cart would come to as it will be, but for taxes.
    ///
    /// # Errors
    /// As [`Facts::gather`].
    pub async fn facts(&self) -> Result<Facts> {
        Facts::gather(&self.tx, self.parts.clone(), self.tx.ctx().now()).await
    }

    /// What the gift cards of the cart as it will be, and the customer's store credit, could pay.
    ///
    /// # Errors
    /// What the database says.
    pub async fn standing(&self) -> Result<Standing> {
        stored::standing(&self.tx, &self.parts.means(), self.tx.ctx().now()).await
    }

    /// Puts other lines in the place of those that the cart has, and writes what differs.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_lines(&mut self, lines: Vec<cart_lines::Model>) -> Result<()> {
        let before = std::mem::take(&mut self.parts.lines);
        // Lines that get other attributes are written anew: two that change places would meet on the way.
        let stays = |old: &cart_lines::Model| {
            lines.iter().any(|line| line.id == old.id && line.attributes_key == old.attributes_key)
        };
        let gone: Vec<CartLineId> = before.iter().filter(|old| !stays(old)).map(|line| line.id).collect();
        store::delete_lines(&self.tx, self.parts.cart.id, &gone).await?;
        let mut changed: Vec<cart_lines::Model> = lines.iter().filter(|line| !before.contains(line)).cloned().collect();
        changed.iter_mut().for_each(|line| line.updated_at = self.tx.ctx().now());
        store::save_lines(&self.tx, changed).await?;
        self.parts.lines = lines;
        Ok(())
    }

    /// Leaves the cart as it was: for an edit that changes nothing.
    pub fn unchanged(self) -> Edited {
        Edited { cart: self.parts.cart.into(), warnings: self.warnings }
    }

    /// Ends the edit: `change` are columns of the cart itself. Choices of shipping that are not offered any more are
    /// dropped, with a warning.
    ///
    /// # Errors
    /// As [`Facts::gather`]; then nothing was changed.
    pub async fn finish(mut self, change: carts::ActiveModel) -> Result<Edited> {
        if !self.parts.choices.is_empty() {
            let choices = self.facts().await?.choices();
            self.drop_choices(&choices).await?;
        }
        let now = self.tx.ctx().now();
        let customer = match &change.customer_id {
            Set(customer) => *customer,
            _ => self.parts.cart.customer_id,
        };
        let change = carts::ActiveModel {
            active_at: Set(now),
            abandoned_at: Set(None),
            expires_at: Set(expiry(now, customer)),
            ..change
        };
        let cart = store::update(&self.tx, &self.parts.cart, change).await?;
        let after = CartSnapshot::of(&cart, &self.parts.lines);
        let audit = Audit::updated("cart", cart.id, &self.before, &after);
        self.tx.emit(&CartUpdated { cart: after })?;
        self.tx.commit(audit).await?;
        Ok(Edited { cart: cart.into(), warnings: self.warnings })
    }

    /// Keeps those choices that are still offered.
    async fn drop_choices(
        &mut self,
        kept: &[(rules::ids::ShippingProfileId, rules::ids::ShippingRateId)],
    ) -> Result<()> {
        let gone: Vec<_> = self.parts.choices.iter().filter(|choice| !kept.contains(choice)).copied().collect();
        if gone.is_empty() {
            return Ok(());
        }
        self.parts.choices.retain(|choice| kept.contains(choice));
        store::save_choices(&self.tx, self.parts.cart.id, &self.parts.choices).await?;
        self.warnings.extend(gone.into_iter().map(|(profile, rate)| CartWarning::shipping_dropped(profile, rate)));
        Ok(())
    }
}

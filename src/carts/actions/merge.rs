//! `cartMerge`: a guest's cart becomes a customer's, who signed in with it at hand (rule C3).

use std::collections::BTreeSet;

use entity::carts::cart_lines;
use entity::carts::carts::{ActiveModel, Model};
use rules::cart::{self, Line};
use rules::ids::{CartId, CustomerId, ProductVariantId};
use rules::states::AddressKind;
use rules::text::fold;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::discount_codes_update::MAX_CODES;
use super::gift_cards_apply::MAX_CARDS;
use super::lines_add::{line, signed};
use crate::baskets::WantedLine;
use crate::carts::access::{CartRef, Proof, no_such_cart};
use crate::carts::edit::{self, Edit, Edited, expect_open};
use crate::carts::priced::{unit_prices, wanted_line};
use crate::carts::store::{self, Parts};
use crate::carts::types::CartWarning;
use crate::inventory::reservations::{self, Owner};
use crate::kernel::{Action, Ctx, Error, Result, StoreScope, Tx};

/// Makes a guest's cart the customer's: it is taken over as it is where the customer has no open cart, and else its lines
/// are put to those of the newest one, where the guest's quantities count. Its secrets open nothing from then on, so
/// that it never goes to a second account.
///
/// # Errors
/// `Conflict` with `NOT_FOUND` where the secret proves no guest's cart; with `CART_LOCKED` and `CART_COMPLETED` as any
/// edit; `Invalid` with `NO_PRICE` and `LINE_UNAVAILABLE` for lines of the customer's own cart that have no price in the
/// currency of the guest's (rule M3).
pub async fn run(ctx: &Ctx, (customer, cart): (CustomerId, CartRef)) -> Result<Edited> {
    let tx = ctx.begin_store(Action::CartMerge).await?;
    let own = store::find_open_of(&tx, customer, ctx.now()).await?.map(|own| own.id);
    let (guest, own) = hold(&tx, &cart, own).await?;
    match own {
        Some(own) => put_together(ctx, tx, own, guest, customer).await,
        None => take_over(tx, guest, customer).await,
    }
}

/// Holds both carts, the lower id first, so that nobody waits in a circle.
async fn hold(tx: &Tx<StoreScope>, cart: &CartRef, own: Option<CartId>) -> Result<(Model, Option<Model>)> {
    // Who signs in proves nothing here: only what the guest had does.
    let proof = Proof { customer: None, ..Proof::of(tx.ctx(), cart.token.as_deref()) };
    let before = match own.filter(|own| *own < cart.id) {
        Some(own) => store::lock(tx, own).await?,
        None => None,
    };
    let guest = store::lock_proven(tx, cart.id, &proof).await?.ok_or_else(no_such_cart)?;
    expect_open(&guest)?;
    let after = match own.filter(|own| *own > cart.id) {
        Some(own) => store::lock(tx, own).await?,
        None => None,
    };
    let own = before.or(after);
    // It may be paid by now.
    Ok((guest, own.filter(|own| expect_open(own).is_ok())))
}

async fn take_over(tx: Tx<StoreScope>, guest: Model, customer: CustomerId) -> Result<Edited> {
    store::delete_tokens(&tx, guest.id).await?;
    let mut edit = edit::of(tx, guest).await?;
    edit.parts.cart.customer_id = Some(customer);
    edit.finish(ActiveModel { customer_id: Set(Some(customer)), ..ActiveModel::default() }).await
}

async fn put_together(ctx: &Ctx, tx: Tx<StoreScope>, own: Model, guest: Model, customer: CustomerId) -> Result<Edited> {
    let guest_id = guest.id;
    let is_paid = guest.payment_started_at.is_some();
    let other = store::parts_of(&tx, vec![guest]).await?.remove(&guest_id).ok_or(Error::NotFound)?;
    let mut edit = edit::of(tx, own).await?;
    debug_assert_eq!(edit.parts.cart.customer_id, Some(customer));

    let lines = merged(ctx, &mut edit, &other).await?;
    edit.set_lines(lines).await?;
    merge_codes(&mut edit, &other).await?;
    merge_gift_cards(&mut edit, &other).await?;
    let (cart, of_guest) = (&edit.parts.cart, &other.cart);
    let row = ActiveModel {
        currency: Set(cart.currency),
        email: Set(cart.email.clone().or_else(|| of_guest.email.clone())),
        email_normalized: Set(cart.email_normalized.clone().or_else(|| of_guest.email_normalized.clone())),
        note: Set(of_guest.note.clone().or_else(|| cart.note.clone())),
        ..ActiveModel::default()
    };
    for (kind, own, guests) in [
        (AddressKind::Shipping, edit.parts.shipping.is_some(), other.shipping.clone()),
        (AddressKind::Billing, edit.parts.billing.is_some(), other.billing.clone()),
    ] {
        if let (false, Some(address)) = (own, guests) {
            store::save_address(&edit.tx, cart.id, kind, Some(address.clone())).await?;
            match kind {
                AddressKind::Shipping => edit.parts.shipping = Some(address),
                AddressKind::Billing => edit.parts.billing = Some(address),
            }
        }
    }
    // A cart that was being paid is kept, and holds nothing and opens for nobody.
    if is_paid {
        let ids: Vec<_> = other.lines.iter().map(|line| line.id).collect();
        store::delete_lines(&edit.tx, guest_id, &ids).await?;
        store::delete_tokens(&edit.tx, guest_id).await?;
    } else {
        store::delete(&edit.tx, guest_id).await?;
    }
    edit.finish(row).await
}

/// The lines of both carts, priced in the currency of the guest's.
async fn merged(ctx: &Ctx, edit: &mut Edit, other: &Parts) -> Result<Vec<cart_lines::Model>> {
    let variants: BTreeSet<ProductVariantId> =
        edit.parts.lines.iter().chain(&other.lines).map(|line| line.variant_id).collect();
    let variants: Vec<ProductVariantId> = variants.into_iter().collect();
    let owner = Owner::from(edit.parts.cart.id);
    let left = reservations::left(&edit.tx, Some(&owner), &variants, ctx.now()).await?;
    let as_lines = |rows: &[cart_lines::Model]| rows.iter().map(line).collect::<Vec<Line>>();
    let (lines, cuts) = cart::merge(&as_lines(&edit.parts.lines), &as_lines(&other.lines), &left);
    edit.warnings.extend(cuts.into_iter().map(CartWarning::from));

    let switches = edit.parts.cart.currency != other.cart.currency;
    edit.parts.cart.currency = other.cart.currency;
    let mut rows: Vec<cart_lines::Model> = Vec::with_capacity(lines.len());
    for (position, line) in (0..).zip(&lines) {
        let is_it = |row: &&cart_lines::Model| row.variant_id == line.variant && row.attributes_key == line.key;
        let own = edit.parts.lines.iter().find(is_it);
        let Some(row) = own.or_else(|| other.lines.iter().find(is_it)) else {
            return Err(Error::internal("a line of neither cart"));
        };
        let mut row = row.clone();
        if own.is_none() {
            // A line that goes to another cart is another line.
            row.id = ctx.id();
            row.cart_id = edit.parts.cart.id;
        }
        row.position = position;
        row.quantity = signed(line.quantity)?;
        rows.push(row);
    }
    if switches {
        price(ctx, edit, &mut rows).await?;
    }
    Ok(rows)
}

/// Notes on all lines what one unit costs in the cart's new currency.
async fn price(ctx: &Ctx, edit: &Edit, rows: &mut [cart_lines::Model]) -> Result<()> {
    let wanted: Vec<WantedLine> = rows.iter().map(wanted_line).collect();
    let prices = unit_prices(&edit.tx, &edit.parts.cart, &wanted, ctx.now()).await?;
    let mut problems = Problems::new();
    for (place, price) in prices.iter().enumerate() {
        let Err(missing) = price else { continue };
        let problem = missing.problem(edit.parts.cart.currency, &format!("lines.{place}"));
        let code = if problem.code == ErrorCode::NotFound { ErrorCode::LineUnavailable } else { problem.code };
        problems.push(Problem { code, ..problem });
    }
    problems.finish()?;
    for (row, price) in rows.iter_mut().zip(&prices) {
        row.added_price = price.as_ref().map_or(0, |price| price.minor());
    }
    Ok(())
}

async fn merge_gift_cards(edit: &mut Edit, other: &Parts) -> Result<()> {
    let mut cards = edit.parts.gift_cards.clone();
    for card in &other.gift_cards {
        if cards.len() < MAX_CARDS && !cards.contains(card) {
            cards.push(*card);
        }
    }
    if cards != edit.parts.gift_cards {
        store::save_gift_cards(&edit.tx, edit.parts.cart.id, &cards).await?;
        edit.parts.gift_cards = cards;
    }
    Ok(())
}

async fn merge_codes(edit: &mut Edit, other: &Parts) -> Result<()> {
    let mut codes = edit.parts.codes.clone();
    for code in &other.codes {
        if codes.len() < MAX_CODES && !codes.iter().any(|own| fold(own) == fold(code)) {
            codes.push(code.clone());
        }
    }
    if codes != edit.parts.codes {
        store::save_codes(&edit.tx, edit.parts.cart.id, &codes).await?;
        edit.parts.codes = codes;
    }
    Ok(())
}

//! What belongs to carts: lines, codes, addresses, choices, and the times that they were left.

use std::collections::HashMap;

use entity::carts::{
    cart_abandonments, cart_addresses, cart_codes, cart_gift_cards, cart_lines, cart_shipping_choices, carts,
};
use futures::FutureExt;
use rules::address::Address;
use rules::ids::{CartAbandonmentId, CartId, CartLineId, GiftCardId, ShippingProfileId, ShippingRateId};
use rules::place::Place;
use rules::states::AddressKind;
use rules::text::fold;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::identity::secret::Hash;
use crate::kernel::db::List;
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

/// A cart with all that belongs to it, as it is stored.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The cart.
    pub cart: carts::Model,
    /// Its lines, in their order.
    pub lines: Vec<cart_lines::Model>,
    /// Its codes, as they were typed.
    pub codes: Vec<String>,
    /// The gift cards that it is to be paid with, in their order.
    pub gift_cards: Vec<GiftCardId>,
    /// Where it goes to.
    pub shipping: Option<Address>,
    /// Who pays.
    pub billing: Option<Address>,
    /// The rate that was chosen for the goods of each profile.
    pub choices: Vec<(ShippingProfileId, ShippingRateId)>,
}

/// The parts of some carts, in five statements however many there are.
pub async fn parts_of(scope: &StoreScope, carts: Vec<carts::Model>) -> Result<HashMap<CartId, Parts>> {
    let ids: Vec<CartId> = carts.iter().map(|cart| cart.id).collect();
    let mut all: HashMap<CartId, Parts> = carts.into_iter().map(|cart| (cart.id, Parts::of(cart))).collect();
    if all.is_empty() {
        return Ok(all);
    }
    let (lines, codes, gift_cards, addresses, choices) = tokio::try_join!(
        list_lines(scope, &ids).boxed(),
        list_codes(scope, &ids).boxed(),
        list_gift_cards(scope, &ids).boxed(),
        list_addresses(scope, &ids).boxed(),
        list_choices(scope, &ids).boxed(),
    )?;
    for line in lines {
        if let Some(parts) = all.get_mut(&line.cart_id) {
            parts.lines.push(line);
        }
    }
    for row in codes {
        if let Some(parts) = all.get_mut(&row.cart_id) {
            parts.codes.push(row.code);
        }
    }
    for row in gift_cards {
        if let Some(parts) = all.get_mut(&row.cart_id) {
            parts.gift_cards.push(row.card_id);
        }
    }
    for row in addresses {
        if let Some(parts) = all.get_mut(&row.cart_id) {
            match row.kind {
                AddressKind::Shipping => parts.shipping = Some(address(row)),
                AddressKind::Billing => parts.billing = Some(address(row)),
            }
        }
    }
    for row in choices {
        if let Some(parts) = all.get_mut(&row.cart_id) {
            parts.choices.push((row.profile_id, row.rate_id));
        }
    }
    Ok(all)
}

impl Parts {
    /// A cart with nothing in it.
    pub fn of(cart: carts::Model) -> Self {
        Self {
            cart,
            lines: Vec::new(),
            codes: Vec::new(),
            gift_cards: Vec::new(),
            shipping: None,
            billing: None,
            choices: Vec::new(),
        }
    }
}

// --- lines -----------------------------------------------------------------------------------------

/// The lines of carts, in their order.
pub async fn list_lines(scope: &StoreScope, carts: &[CartId]) -> Result<Vec<cart_lines::Model>> {
    use cart_lines::Column;
    let of = db::any_of(scope.conn(), Column::CartId, carts.iter().map(|id| id.0));
    let select = scope.find::<cart_lines::Entity>().filter(of);
    Ok(select.order_by_asc(Column::Position).order_by_asc(Column::Id).list(scope.conn()).await?)
}

/// Writes whole lines, new ones and changed ones.
pub async fn save_lines(tx: &Tx<StoreScope>, lines: Vec<cart_lines::Model>) -> Result<()> {
    Ok(tx.save_many::<cart_lines::Entity>(lines).await?)
}

pub async fn delete_lines(tx: &Tx<StoreScope>, cart: CartId, lines: &[CartLineId]) -> Result<()> {
    use cart_lines::Column;
    if lines.is_empty() {
        return Ok(());
    }
    let these = db::any_of(tx.conn(), Column::Id, lines.iter().map(|id| id.0));
    let delete = tx.delete_many::<cart_lines::Entity>().filter(Column::CartId.eq(cart)).filter(these);
    delete.exec(tx.conn()).await?;
    Ok(())
}

// --- codes -----------------------------------------------------------------------------------------

async fn list_codes(scope: &StoreScope, carts: &[CartId]) -> Result<Vec<cart_codes::Model>> {
    use cart_codes::Column;
    let of = db::any_of(scope.conn(), Column::CartId, carts.iter().map(|id| id.0));
    Ok(scope.find::<cart_codes::Entity>().filter(of).order_by_asc(Column::Position).list(scope.conn()).await?)
}

/// Puts these codes in the place of all that the cart has.
pub async fn save_codes(tx: &Tx<StoreScope>, cart: CartId, codes: &[String]) -> Result<()> {
    clear_codes(tx, cart).await?;
    let rows = (0..).zip(codes).map(|(position, code)| cart_codes::ActiveModel {
        cart_id: Set(cart),
        code_normalized: Set(fold(code)),
        code: Set(code.clone()),
        position: Set(position),
        created_at: Set(tx.ctx().now()),
        ..Default::default()
    });
    Ok(tx.insert_many::<cart_codes::Entity>(rows.collect()).await?)
}

async fn clear_codes(tx: &Tx<StoreScope>, cart: CartId) -> Result<()> {
    tx.delete_many::<cart_codes::Entity>().filter(cart_codes::Column::CartId.eq(cart)).exec(tx.conn()).await?;
    Ok(())
}

// --- gift cards ------------------------------------------------------------------------------------

async fn list_gift_cards(scope: &StoreScope, carts: &[CartId]) -> Result<Vec<cart_gift_cards::Model>> {
    use cart_gift_cards::Column;
    let of = db::any_of(scope.conn(), Column::CartId, carts.iter().map(|id| id.0));
    let select = scope.find::<cart_gift_cards::Entity>().filter(of).order_by_asc(Column::Position);
    Ok(select.order_by_asc(Column::CardId).list(scope.conn()).await?)
}

/// Puts these gift cards in the place of all that the cart has.
pub async fn save_gift_cards(tx: &Tx<StoreScope>, cart: CartId, cards: &[GiftCardId]) -> Result<()> {
    use cart_gift_cards::{ActiveModel, Column, Entity};
    tx.delete_many::<Entity>().filter(Column::CartId.eq(cart)).exec(tx.conn()).await?;
    let rows = (0..).zip(cards).map(|(position, card)| ActiveModel {
        cart_id: Set(cart),
        card_id: Set(*card),
        position: Set(position),
        created_at: Set(tx.ctx().now()),
        ..Default::default()
    });
    Ok(tx.insert_many::<Entity>(rows.collect()).await?)
}

// --- addresses -------------------------------------------------------------------------------------

async fn list_addresses(scope: &StoreScope, carts: &[CartId]) -> Result<Vec<cart_addresses::Model>> {
    let of = db::any_of(scope.conn(), cart_addresses::Column::CartId, carts.iter().map(|id| id.0));
    Ok(scope.find::<cart_addresses::Entity>().filter(of).list(scope.conn()).await?)
}

fn address(row: cart_addresses::Model) -> Address {
    Address {
        first_name: row.first_name,
        last_name: row.last_name,
        company: row.company,
        address1: row.address1,
        address2: row.address2,
        city: row.city,
        phone: row.phone,
        place: Place { country: row.country, region: row.region, postal_code: row.postal_code },
    }
}

/// Writes an address of a cart, or takes it away.
pub async fn save_address(
    tx: &Tx<StoreScope>,
    cart: CartId,
    kind: AddressKind,
    address: Option<Address>,
) -> Result<()> {
    use cart_addresses::{Column, Entity, Model};
    let Some(address) = address else {
        let delete = tx.delete_many::<Entity>().filter(Column::CartId.eq(cart)).filter(Column::Kind.eq(kind));
        delete.exec(tx.conn()).await?;
        return Ok(());
    };
    let row = Model {
        store_id: tx.id(),
        cart_id: cart,
        kind,
        first_name: address.first_name,
        last_name: address.last_name,
        company: address.company,
        address1: address.address1,
        address2: address.address2,
        city: address.city,
        region: address.place.region,
        postal_code: address.place.postal_code,
        country: address.place.country,
        phone: address.phone,
        updated_at: tx.ctx().now(),
    };
    Ok(tx.save_many::<Entity>(vec![row]).await?)
}

// --- shipping --------------------------------------------------------------------------------------

async fn list_choices(scope: &StoreScope, carts: &[CartId]) -> Result<Vec<cart_shipping_choices::Model>> {
    use cart_shipping_choices::Column;
    let of = db::any_of(scope.conn(), Column::CartId, carts.iter().map(|id| id.0));
    let select = scope.find::<cart_shipping_choices::Entity>().filter(of);
    Ok(select.order_by_asc(Column::ProfileId).list(scope.conn()).await?)
}

/// Puts these choices in the place of all that the cart has.
pub async fn save_choices(
    tx: &Tx<StoreScope>,
    cart: CartId,
    choices: &[(ShippingProfileId, ShippingRateId)],
) -> Result<()> {
    use cart_shipping_choices::{ActiveModel, Column, Entity};
    tx.delete_many::<Entity>().filter(Column::CartId.eq(cart)).exec(tx.conn()).await?;
    let rows = choices.iter().map(|(profile, rate)| ActiveModel {
        cart_id: Set(cart),
        profile_id: Set(*profile),
        rate_id: Set(*rate),
        created_at: Set(tx.ctx().now()),
        ..Default::default()
    });
    Ok(tx.insert_many::<Entity>(rows.collect()).await?)
}

// --- abandonments ----------------------------------------------------------------------------------

pub async fn insert_abandonments(tx: &Tx<StoreScope>, rows: Vec<cart_abandonments::Model>) -> Result<()> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    Ok(tx.insert_many::<cart_abandonments::Entity>(rows).await?)
}

/// The time that a cart was left which a secret leads back to.
pub async fn abandonment_of(scope: &StoreScope, hash: &Hash) -> Result<Option<cart_abandonments::Model>> {
    let select = scope.find::<cart_abandonments::Entity>();
    let select = select.filter(cart_abandonments::Column::TokenHash.eq(hash.to_vec()));
    Ok(select.first(scope.conn()).await?)
}

/// Notes that somebody came back, the first time that somebody does.
pub async fn mark_recovered(tx: &Tx<StoreScope>, id: CartAbandonmentId) -> Result<()> {
    use cart_abandonments::Column;
    let update = tx
        .update_many::<cart_abandonments::Entity>()
        .col_expr(Column::RecoveredAt, Expr::value(tx.ctx().now()))
        .filter(Column::Id.eq(id))
        .filter(Column::RecoveredAt.is_null());
    update.exec(tx.conn()).await?;
    Ok(())
}

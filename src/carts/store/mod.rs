//! Every query and write of carts.

mod parts;

use chrono::{DateTime, Utc};
use entity::carts::carts::{ActiveModel, Column, Entity, Model};
use entity::carts::{cart_lines, cart_settings, cart_tokens};
use rules::ids::{CartId, CustomerId, OrderId};
use rules::states::CartState;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

pub use parts::{
    Parts, abandonment_of, delete_lines, insert_abandonments, list_lines, mark_recovered, parts_of, save_address,
    save_choices, save_codes, save_gift_cards, save_lines,
};

use super::access::Proof;
use super::settings;
use super::types::CartSort;
use crate::identity::secret::Hash;
use crate::kernel::db::List;
use crate::kernel::page::Sort;
use crate::kernel::schedule::Waiting;
use crate::kernel::{Result, Scope, StoreScope, Tx, db, schedule};

/// Which carts to list.
#[derive(Debug, Clone, Default)]
pub struct CartFilter {
    pub state: Option<CartState>,
    pub abandoned: Option<bool>,
    pub email: Option<String>,
    pub customer: Option<CustomerId>,
}

/// The carts that are not over.
pub fn list(scope: &StoreScope, filter: &CartFilter, now: DateTime<Utc>) -> Select<Entity> {
    let mut select = scope.find::<Entity>().filter(not_over(now));
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state));
    }
    match filter.abandoned {
        Some(true) => select = select.filter(Column::AbandonedAt.is_not_null()),
        Some(false) => select = select.filter(Column::AbandonedAt.is_null()),
        None => {}
    }
    if let Some(email) = &filter.email {
        select = select.filter(Column::EmailNormalized.eq(email));
    }
    if let Some(customer) = filter.customer {
        select = select.filter(Column::CustomerId.eq(customer));
    }
    select
}

pub fn sort(sort: CartSort) -> Sort {
    let id = Expr::col((Entity, Column::Id));
    match sort {
        CartSort::Newest => Sort { name: "carts:id", key: None, id, descending: true },
        CartSort::Oldest => Sort { name: "carts:id", key: None, id, descending: false },
    }
}

/// A cart that was being paid at any time may have money on it, and one that became an order is its history: both are
/// there for ever. The others are gone at a moment, whether a job swept them away or not.
fn not_over(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(Column::State.ne(CartState::Open))
        .add(Column::PaymentStartedAt.is_not_null())
        .add(Column::ExpiresAt.gt(now))
}

/// The same of a cart that was read.
pub fn is_there(cart: &Model, now: DateTime<Utc>) -> bool {
    cart.state != CartState::Open || cart.payment_started_at.is_some() || cart.expires_at > now
}

/// A cart by its id, whoever's.
///
/// # Errors
/// What the database says.
pub async fn find(scope: &StoreScope, id: CartId, now: DateTime<Utc>) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).filter(not_over(now)).first(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[CartId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// A cart that the caller proves to be theirs.
pub async fn find_proven(scope: &StoreScope, id: CartId, proof: &Proof, now: DateTime<Utc>) -> Result<Option<Model>> {
    match proven(scope, id, proof, now) {
        Some(select) => Ok(select.first(scope.conn()).await?),
        None => Ok(None),
    }
}

/// The same, held until the end of the transaction: edits of one cart come one after the other (rule C4).
pub async fn lock_proven(tx: &Tx<StoreScope>, id: CartId, proof: &Proof) -> Result<Option<Model>> {
    match proven(tx, id, proof, tx.ctx().now()) {
        Some(select) => Ok(select.lock(LockType::NoKeyUpdate).first(tx.conn()).await?),
        None => Ok(None),
    }
}

/// The newest open cart of a customer.
pub async fn find_open_of(scope: &StoreScope, customer: CustomerId, now: DateTime<Utc>) -> Result<Option<Model>> {
    let select = scope.find::<Entity>().filter(Column::CustomerId.eq(customer)).filter(not_over(now));
    let open = select.filter(Column::State.eq(CartState::Open)).order_by_desc(Column::Id);
    Ok(open.first(scope.conn()).await?)
}

/// A cart, held until the end of the transaction, for whoever needs no proof.
pub async fn lock(tx: &Tx<StoreScope>, id: CartId) -> Result<Option<Model>> {
    let select = tx.find::<Entity>().filter(Column::Id.eq(id)).filter(not_over(tx.ctx().now()));
    Ok(select.lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// `None` where there is no proof of anything: then nothing has to be asked.
fn proven(scope: &StoreScope, id: CartId, proof: &Proof, now: DateTime<Utc>) -> Option<Select<Entity>> {
    if proof.customer.is_none() && proof.token.is_none() {
        return None;
    }
    let mut whose = Condition::any();
    if let Some(customer) = proof.customer {
        whose = whose.add(Column::CustomerId.eq(customer));
    }
    if let Some(hash) = &proof.token {
        let of_secret = scope
            .find::<cart_tokens::Entity>()
            .select_only()
            .column(cart_tokens::Column::CartId)
            .filter(cart_tokens::Column::TokenHash.eq(hash.to_vec()))
            .into_query();
        // A customer's cart has no secret that opens it.
        let guests = Condition::all().add(Column::CustomerId.is_null()).add(Column::Id.in_subquery(of_secret));
        whose = whose.add(guests);
    }
    Some(scope.find::<Entity>().filter(Column::Id.eq(id)).filter(whose).filter(not_over(now)))
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    Ok(tx.insert::<Entity>(row).await?)
}

/// Writes the set columns of a cart that is held.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Model> {
    row.id = Set(before.id);
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    Ok(tx.update::<Entity>(row).await?)
}

/// One more secret of a cart.
pub async fn insert_token(tx: &Tx<StoreScope>, cart: CartId, hash: &Hash) -> Result<()> {
    let row = cart_tokens::ActiveModel {
        token_hash: Set(hash.to_vec()),
        cart_id: Set(cart),
        created_at: Set(tx.ctx().now()),
        ..Default::default()
    };
    tx.insert_many::<cart_tokens::Entity>(vec![row]).await?;
    Ok(())
}

/// Takes all secrets of a cart away.
pub async fn delete_tokens(tx: &Tx<StoreScope>, cart: CartId) -> Result<()> {
    tx.delete_many::<cart_tokens::Entity>().filter(cart_tokens::Column::CartId.eq(cart)).exec(tx.conn()).await?;
    Ok(())
}

/// Deletes a cart that is held, with all that belongs to it.
pub async fn delete(tx: &Tx<StoreScope>, cart: CartId) -> Result<()> {
    tx.delete_many::<Entity>().filter(Column::Id.eq(cart)).exec(tx.conn()).await?;
    Ok(())
}

/// Turns a cart that is held into an order.
pub async fn complete(tx: &Tx<StoreScope>, before: &Model, order: OrderId) -> Result<Model> {
    let row = ActiveModel {
        state: Set(CartState::Completed),
        order_id: Set(Some(order)),
        locked_at: Set(None),
        abandoned_at: Set(None),
        ..Default::default()
    };
    update(tx, before, row).await
}

/// The carts of stores that may count as left. A store that waits longer than others is looked at too early, and finds
/// nothing then.
pub fn quiet(now: DateTime<Utc>) -> Waiting {
    let filled = Query::select()
        .expr(Expr::val(1))
        .from(cart_lines::Entity)
        .and_where(Expr::col((cart_lines::Entity, cart_lines::Column::StoreId)).equals((Entity, Column::StoreId)))
        .and_where(Expr::col((cart_lines::Entity, cart_lines::Column::CartId)).equals((Entity, Column::Id)))
        .to_owned();
    // Most stores never said how long they wait.
    let hurried = Query::select()
        .expr(Expr::val(1))
        .from(cart_settings::Entity)
        .and_where(Expr::col((cart_settings::Entity, cart_settings::Column::StoreId)).equals((Entity, Column::StoreId)))
        .and_where(
            Expr::col((cart_settings::Entity, cart_settings::Column::AbandonedAfterMinutes))
                .lt(settings::ABANDONED_AFTER.num_minutes()),
        )
        .to_owned();
    let soon = Condition::all().add(Column::ActiveAt.lte(now - settings::SHORTEST)).add(Expr::exists(hurried));
    let long_ago = Condition::any().add(Column::ActiveAt.lte(now - settings::ABANDONED_AFTER)).add(soon);
    let open = Condition::all().add(Column::State.eq(CartState::Open)).add(Column::AbandonedAt.is_null());
    schedule::waiting::<Entity>(open.add(not_over(now)).add(long_ago).add(Expr::exists(filled)))
}

/// The carts that are over and can be thrown away.
pub fn over(now: DateTime<Utc>) -> Waiting {
    let open = Condition::all().add(Column::State.eq(CartState::Open)).add(Column::PaymentStartedAt.is_null());
    schedule::waiting::<Entity>(open.add(Column::ExpiresAt.lte(now)))
}

/// Open carts with something in them that nobody touched since `quiet`, and that were not told of yet: held, and
/// passed over where somebody else holds them.
pub async fn lock_quiet(tx: &Tx<StoreScope>, quiet: DateTime<Utc>, most: u64) -> Result<Vec<Model>> {
    let filled = tx
        .find::<cart_lines::Entity>()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((cart_lines::Entity, cart_lines::Column::CartId)).equals((Entity, Column::Id)))
        .into_query();
    let select = tx
        .find::<Entity>()
        .filter(Column::State.eq(CartState::Open))
        .filter(Column::AbandonedAt.is_null())
        .filter(Column::ActiveAt.lte(quiet))
        .filter(not_over(tx.ctx().now()))
        .filter(Expr::exists(filled))
        .order_by_asc(Column::ActiveAt)
        .order_by_asc(Column::Id)
        .limit(most)
        .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked);
    Ok(select.list(tx.conn()).await?)
}

/// Notes on carts that are held since when they count as left.
pub async fn mark_abandoned(tx: &Tx<StoreScope>, ids: &[CartId]) -> Result<()> {
    let now = tx.ctx().now();
    tx.update_many::<Entity>()
        .col_expr(Column::AbandonedAt, Expr::value(now))
        .filter(db::any_of(tx.conn(), Column::Id, ids.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Deletes open carts that are over and were never being paid, with all that belongs to them.
pub async fn delete_over(tx: &Tx<StoreScope>, now: DateTime<Utc>, most: u64) -> Result<u64> {
    let over = tx
        .find::<Entity>()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(CartState::Open))
        .filter(Column::PaymentStartedAt.is_null())
        .filter(Column::ExpiresAt.lte(now))
        .order_by_asc(Column::ExpiresAt)
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query();
    let delete = tx.delete_many::<Entity>().filter(db::any_selected(tx.conn(), Column::Id, over));
    Ok(delete.exec(tx.conn()).await?.rows_affected)
}

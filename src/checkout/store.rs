//! Every query and write of checkouts.

use chrono::{DateTime, Utc};
use entity::checkout::checkout_attempts::{Column as Attempt, Entity as Attempts, Model as AttemptRow};
use entity::checkout::checkouts::{Column, Entity, Model};
use rules::ids::{CartId, CheckoutId, PaymentId};
use rules::states::CheckoutStatus;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use crate::kernel::db::List;
use crate::kernel::schedule::{self, Waiting};
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, db};

/// The checkout of a cart.
///
/// # Errors
/// What the database says.
pub async fn find(scope: &StoreScope, cart: CartId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::CartId.eq(cart)).first(scope.conn()).await?)
}

/// The payments of a checkout, in the order in which they were begun.
///
/// # Errors
/// What the database says.
pub async fn list_attempts(scope: &StoreScope, checkout: CheckoutId) -> Result<Vec<AttemptRow>> {
    let select = scope.find::<Attempts>().filter(Attempt::CheckoutId.eq(checkout));
    Ok(select.order_by_asc(Attempt::Number).list(scope.conn()).await?)
}

/// The cart that a payment was begun for.
///
/// # Errors
/// What the database says.
pub async fn cart_of(scope: &StoreScope, payment: PaymentId) -> Result<Option<CartId>> {
    let attempt = scope.find::<Attempts>().filter(Attempt::PaymentId.eq(payment)).first(scope.conn()).await?;
    let Some(attempt) = attempt else { return Ok(None) };
    let checkout = scope.find::<Entity>().filter(Column::Id.eq(attempt.checkout_id)).first(scope.conn()).await?;
    Ok(checkout.map(|checkout| checkout.cart_id))
}

/// Holds the checkout of a cart until the transaction ends; makes it where there is none.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &Tx<StoreScope>, cart: CartId) -> Result<Model> {
    if let Some(row) = lock_existing(tx, cart).await? {
        return Ok(row);
    }
    let now = tx.ctx().now();
    let row = Model {
        store_id: tx.id(),
        id: tx.ctx().id(),
        cart_id: cart,
        status: CheckoutStatus::Open,
        order_id: None,
        due_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    tx.insert_missing::<Entity>(&[Column::StoreId, Column::CartId], vec![row.into_active_model()]).await?;
    lock_existing(tx, cart).await?.ok_or_else(|| Error::internal("a checkout that was just made is gone"))
}

/// Holds the checkout of a cart until the transaction ends, where there is one.
///
/// # Errors
/// What the database says.
pub async fn lock_existing(tx: &Tx<StoreScope>, cart: CartId) -> Result<Option<Model>> {
    let select = tx.find::<Entity>().filter(Column::CartId.eq(cart)).lock(LockType::NoKeyUpdate);
    Ok(select.first(tx.conn()).await?)
}

/// Writes a checkout that is held as it is now.
///
/// # Errors
/// What the database says.
pub async fn update(tx: &Tx<StoreScope>, row: &Model) -> Result<()> {
    let change = row.clone().into_active_model().reset_all();
    let mine = Condition::all().add(Column::Id.eq(row.id)).add(Column::Version.eq(row.version - 1));
    let done = tx.update_many::<Entity>().set(change).filter(mine).exec(tx.conn()).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::internal("a checkout that was held is another")) }
}

/// Writes a payment of a checkout that is held, for the first time or again.
///
/// # Errors
/// What the database says.
pub async fn save_attempt(tx: &Tx<StoreScope>, row: AttemptRow) -> Result<()> {
    tx.save_many::<Attempts>(vec![row]).await?;
    Ok(())
}

/// The checkouts that are due.
pub fn due(now: DateTime<Utc>) -> Waiting {
    schedule::waiting::<Entity>(Condition::all().add(Column::DueAt.lte(now)))
}

/// Takes checkouts that are due, `most` of them, and makes them due again at `again`: for whoever takes them to be
/// done by then. Passes over those that somebody holds.
///
/// # Errors
/// What the database says.
pub async fn claim(tx: &Tx<StoreScope>, again: DateTime<Utc>, most: u64) -> Result<Vec<CartId>> {
    let select = tx
        .find::<Entity>()
        .filter(Column::DueAt.lte(tx.ctx().now()))
        .order_by_asc(Column::DueAt)
        .limit(most)
        .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked);
    let rows = select.list(tx.conn()).await?;
    if !rows.is_empty() {
        tx.update_many::<Entity>()
            .col_expr(Column::DueAt, Expr::value(again))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(db::any_of(tx.conn(), Column::Id, rows.iter().map(|row| row.id.0)))
            .exec(tx.conn())
            .await?;
    }
    Ok(rows.into_iter().map(|row| row.cart_id).collect())
}

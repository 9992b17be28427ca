//! Every query and write of locations.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::inventory::locations::{ActiveModel, Column, Entity, Model};
use entity::inventory::{inventory_levels, stock_reservations};
use rules::ids::LocationId;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::kernel::db::List;
use crate::kernel::error::{Error, Violation, ViolationKind};
use crate::kernel::page::{self, Sort};
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

pub fn list(scope: &StoreScope) -> Select<Entity> {
    scope.find::<Entity>().filter(Column::DeletedAt.is_null())
}

fn active(scope: &StoreScope) -> Select<Entity> {
    list(scope).filter(Column::Active.eq(true))
}

/// In the order in which they were created.
pub fn sort() -> Sort {
    Sort { name: "locations:id", key: None, id: Expr::col((Entity, Column::Id)), descending: false }
}

/// A living location.
///
/// # Errors
/// What the database says.
pub async fn find_living(scope: &StoreScope, id: LocationId) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// A living location that stays until the end of the transaction: for those who put stock there.
///
/// # Errors
/// What the database says.
pub async fn hold_living(tx: &Tx<StoreScope>, id: LocationId) -> Result<Option<Model>> {
    Ok(list(tx).filter(Column::Id.eq(id)).lock(LockType::Share).first(tx.conn()).await?)
}

/// Those of some locations that are active, which stay so until the end of the transaction.
///
/// # Errors
/// What the database says.
pub async fn hold_all_active(tx: &Tx<StoreScope>, ids: &BTreeSet<LocationId>) -> Result<Vec<Model>> {
    let these = db::any_of(tx.conn(), Column::Id, ids.iter().map(|id| id.0));
    let select = active(tx).filter(these).order_by_asc(Column::Id).lock(LockType::Share);
    Ok(select.list(tx.conn()).await?)
}

/// All locations that are active, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn list_active(scope: &StoreScope) -> Result<Vec<Model>> {
    Ok(active(scope).order_by_asc(Column::Id).list(scope.conn()).await?)
}

/// The same for the default one.
pub async fn hold_default(tx: &Tx<StoreScope>) -> Result<Option<Model>> {
    Ok(list(tx).filter(Column::IsDefault.eq(true)).lock(LockType::Share).first(tx.conn()).await?)
}

/// A living location that nobody else holds, nor may until the end of the transaction.
pub async fn hold_against_all(tx: &Tx<StoreScope>, id: LocationId) -> Result<Option<Model>> {
    Ok(list(tx).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// Whether anything is at a location, is promised from it, or is held there by a cart.
pub async fn holds_stock(scope: &StoreScope, id: LocationId, now: DateTime<Utc>) -> Result<bool> {
    use inventory_levels::Column;
    use stock_reservations::Column as Kept;
    let some = Condition::any().add(Column::OnHand.ne(0)).add(Column::Reserved.ne(0));
    let select = scope.find::<inventory_levels::Entity>().filter(Column::LocationId.eq(id)).filter(some);
    if select.first(scope.conn()).await?.is_some() {
        return Ok(true);
    }
    let held = scope.find::<stock_reservations::Entity>().filter(Kept::LocationId.eq(id));
    Ok(held.filter(Kept::ExpiresAt.gt(now)).first(scope.conn()).await?.is_some())
}

pub async fn find_default(scope: &StoreScope) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::IsDefault.eq(true)).first(scope.conn()).await?)
}

pub async fn count(scope: &StoreScope) -> Result<u64> {
    page::count(scope, list(scope)).await
}

pub async fn count_active(scope: &StoreScope) -> Result<u64> {
    page::count(scope, active(scope)).await
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[LocationId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// A default location made by somebody else at the same moment sends the action round again.
pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    tx.insert::<Entity>(row).await.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique => Error::Retry,
        _ => error.into(),
    })
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = sea_orm::ActiveValue::Set(before.version + 1);
    row.updated_at = sea_orm::ActiveValue::Set(tx.ctx().now());
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await?;
    Ok(rows.into_iter().next())
}

//! The query and the writes of a store's settings.

use chrono::{DateTime, Utc};
use entity::inventory::inventory_settings::{ActiveModel, Column, Entity, Model};
use rules::ids::StoreId;
use rules::states::StockStrategy;
use rules::stock::Candor;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::kernel::db::List;
use crate::kernel::{Error, Result, Scope, StoreScope, Tx};

/// From how many units down few are left, until a store says otherwise.
const LOW_STOCK: i64 = 5;

/// What a store starts with: its locations in their order, no quantities told, few from five units down.
pub fn defaults(store: StoreId, now: DateTime<Utc>) -> Model {
    Model {
        store_id: store,
        strategy: StockStrategy::Priority,
        low_stock: LOW_STOCK,
        shows_counts: false,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// The settings; none where they are those that a store starts with.
///
/// # Errors
/// What the database says.
pub async fn find(scope: &StoreScope) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().first(scope.conn()).await?)
}

/// The same, held against changes until the end of the transaction, not against others who read them.
///
/// # Errors
/// What the database says.
pub async fn find_held(tx: &Tx<StoreScope>) -> Result<Option<Model>> {
    Ok(tx.find::<Entity>().lock(LockType::Share).first(tx.conn()).await?)
}

/// How much of its stock a store with these settings tells.
pub fn candor(settings: Option<&Model>) -> Candor {
    told(settings.map(|settings| settings.low_stock), settings.map(|settings| settings.shows_counts))
}

/// The same, of settings that were read beside something else.
pub fn told(low_stock: Option<i64>, shows_counts: Option<bool>) -> Candor {
    Candor { low: low_stock.unwrap_or(LOW_STOCK), counts: shows_counts.unwrap_or(false) }
}

/// The settings, written down where they were not, and held until the end of the transaction.
pub async fn hold(tx: &Tx<StoreScope>) -> Result<Model> {
    let first = ActiveModel::from(defaults(tx.id(), tx.ctx().now()));
    tx.insert_missing::<Entity>(&[Column::StoreId], vec![first]).await?;
    let held = tx.find::<Entity>().lock(LockType::NoKeyUpdate).first(tx.conn()).await?;
    held.ok_or(Error::Retry)
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let update = tx.update_many::<Entity>().set(row).filter(Column::Version.eq(before.version));
    Ok(update.exec_with_returning(tx.conn()).await?.into_iter().next())
}

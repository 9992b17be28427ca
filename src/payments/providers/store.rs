//! Every query and write of payment providers.

use entity::payments::payment_provider_configs::{ActiveModel, Column, Entity, Model};
use rules::Currency;
use rules::ids::PaymentProviderId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::kernel::db::List;
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

/// All of a store's, the oldest first. There are few.
pub async fn list(scope: &StoreScope) -> Result<Vec<Model>> {
    Ok(scope.find::<Entity>().order_by_asc(Column::Id).list(scope.conn()).await?)
}

/// A provider of the store.
///
/// # Errors
/// What the database says.
pub async fn find(scope: &StoreScope, id: PaymentProviderId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[PaymentProviderId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// One, held until the end of the transaction.
pub async fn lock(tx: &Tx<StoreScope>, id: PaymentProviderId) -> Result<Option<Model>> {
    Ok(tx.find::<Entity>().filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// All, held until the end of the transaction.
pub async fn lock_all(tx: &Tx<StoreScope>) -> Result<Vec<Model>> {
    Ok(tx.find::<Entity>().order_by_asc(Column::Id).lock(LockType::NoKeyUpdate).list(tx.conn()).await?)
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    Ok(tx.insert::<Entity>(row).await?)
}

/// Writes the set columns of one that is held.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Model> {
    row.id = Set(before.id);
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    Ok(tx.update::<Entity>(row).await?)
}

/// Writes secrets that were sealed anew: nothing that anybody sees changes.
pub async fn update_seals(tx: &Tx<StoreScope>, row: &Model, [key, webhook]: [Option<Vec<u8>>; 2]) -> Result<()> {
    let mut anew = ActiveModel { id: Set(row.id), ..Default::default() };
    if let Some(key) = key {
        anew.secret_key_sealed = Set(Some(key));
    }
    if let Some(webhook) = webhook {
        anew.webhook_secret_sealed = Set(Some(webhook));
    }
    tx.update::<Entity>(anew).await?;
    Ok(())
}

/// The currencies that a provider is offered in; none for all that it takes.
pub fn currencies(row: &Model) -> Option<Vec<Currency>> {
    let codes = row.currencies.as_ref()?.as_array()?;
    Some(codes.iter().filter_map(|code| code.as_str()).filter_map(Currency::from_code).collect())
}

/// Whether the store lets buyers pay with it in this currency.
pub fn is_offered_in(row: &Model, currency: Currency) -> bool {
    row.enabled && currencies(row).is_none_or(|currencies| currencies.contains(&currency))
}

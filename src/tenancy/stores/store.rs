//! Every query and write of stores.

use std::collections::{BTreeSet, HashSet};

use entity::inventory::locations;
use entity::tenancy::stores::{ActiveModel, Column, Entity, Model};
use entity::tenancy::{api_tokens, store_currencies, store_domains, store_locales};
use rules::Currency;
use rules::ids::{OrganizationId, StoreId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::settings::StoreLists;
use crate::kernel::db::{List, Tuples};
use crate::kernel::error::taken;
use crate::kernel::page::Sort;
use crate::kernel::{Error, OrganizationScope, PlatformScope, Result, Scope, StoreScope, Tx, db, input};

const TAKEN: &str = "Another store has this handle: choose a different one.";

/// The organization's living stores.
pub fn list(scope: &OrganizationScope) -> Select<Entity> {
    scope.find::<Entity>().filter(Column::DeletedAt.is_null())
}

pub fn sort() -> Sort {
    Sort { name: "stores:id", key: None, id: Expr::col((Entity, Column::Id)), descending: false }
}

pub async fn list_by_ids(scope: &PlatformScope, ids: &[StoreId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// Which organization a living store belongs to.
pub async fn organization_of(scope: &PlatformScope, id: StoreId) -> Result<Option<OrganizationId>> {
    let select = scope.find::<Entity>().filter(Column::Id.eq(id)).filter(Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?.map(|row| row.organization_id))
}

pub async fn find_living(scope: &OrganizationScope, id: StoreId) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// Refuses stores that the organization does not have.
///
/// # Errors
/// `Conflict` with `NOT_FOUND` at `path`.
pub async fn expect_living(scope: &OrganizationScope, path: &str, ids: &BTreeSet<StoreId>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let select = list(scope).filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    let found: HashSet<StoreId> = select.list(scope.conn()).await?.into_iter().map(|row| row.id).collect();
    if ids.iter().all(|id| found.contains(id)) { Ok(()) } else { Err(input::not_found(path, "store")) }
}

/// The store of a scope, with its settings.
///
/// # Errors
/// `NotFound` where it is gone; what the database says.
pub async fn get(scope: &StoreScope) -> Result<Model> {
    let select = scope.find::<Entity>().filter(Column::DeletedAt.is_null());
    select.first(scope.conn()).await?.ok_or(Error::NotFound)
}

/// Reads the request's own store and holds its row until the commit, so that two changes of its
/// settings or its domains come one after the other.
pub async fn lock(tx: &Tx<StoreScope>) -> Result<Model> {
    let select = tx.find::<Entity>().filter(Column::DeletedAt.is_null()).lock(LockType::NoKeyUpdate);
    select.first(tx.conn()).await?.ok_or(Error::NotFound)
}

pub async fn insert(tx: &Tx<OrganizationScope>, row: ActiveModel) -> Result<Model> {
    tx.insert::<Entity>(row).await.map_err(taken("handle", "handle", TAKEN))
}

/// Writes the set columns of the request's own store, if it still has the version that was read.
/// `None` where it has moved on.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await
        .map_err(taken("handle", "handle", TAKEN))?;
    Ok(rows.into_iter().next())
}

/// Closes a store. False where another was faster.
pub async fn delete(tx: &Tx<OrganizationScope>, before: &Model) -> Result<bool> {
    let now = tx.ctx().now();
    let row = ActiveModel {
        version: Set(before.version + 1),
        updated_at: Set(now),
        deleted_at: Set(Some(now)),
        ..Default::default()
    };
    let done = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::DeletedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Takes away what leads into the store that is being closed: its tokens and its hosts.
pub async fn close_doors(tx: &Tx<StoreScope>) -> Result<()> {
    let now = tx.ctx().now();
    let revoked = api_tokens::ActiveModel { revoked_at: Set(Some(now)), updated_at: Set(now), ..Default::default() };
    tx.update_many::<api_tokens::Entity>()
        .set(revoked)
        .filter(api_tokens::Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await?;
    tx.delete_many::<store_domains::Entity>().exec(tx.conn()).await?;
    Ok(())
}

// --- lists -------------------------------------------------------------------------------------

/// The lists of the scope's store.
pub async fn lists(scope: &StoreScope) -> Result<StoreLists> {
    use store_currencies::Column as CurrencyColumn;
    use store_locales::Column as LocaleColumn;
    let currencies = scope.find::<store_currencies::Entity>().order_by_asc(CurrencyColumn::Currency);
    let locales = scope.find::<store_locales::Entity>().order_by_asc(LocaleColumn::Locale);
    Ok(StoreLists {
        currencies: currencies.list(scope.conn()).await?.into_iter().map(|row| row.currency).collect(),
        locales: locales.list(scope.conn()).await?.into_iter().map(|row| row.locale).collect(),
    })
}

pub async fn insert_currencies(tx: &Tx<StoreScope>, currencies: &[Currency]) -> Result<()> {
    let rows = currencies
        .iter()
        .map(|currency| store_currencies::ActiveModel { currency: Set(*currency), ..Default::default() });
    Ok(tx.insert_many::<store_currencies::Entity>(rows.collect()).await?)
}

pub async fn replace_currencies(tx: &Tx<StoreScope>, currencies: &[Currency]) -> Result<()> {
    tx.delete_many::<store_currencies::Entity>().exec(tx.conn()).await?;
    insert_currencies(tx, currencies).await
}

pub async fn insert_locales(tx: &Tx<StoreScope>, locales: &[String]) -> Result<()> {
    let rows = locales.iter().map(|tag| store_locales::ActiveModel { locale: Set(tag.clone()), ..Default::default() });
    Ok(tx.insert_many::<store_locales::Entity>(rows.collect()).await?)
}

pub async fn replace_locales(tx: &Tx<StoreScope>, locales: &[String]) -> Result<()> {
    tx.delete_many::<store_locales::Entity>().exec(tx.conn()).await?;
    insert_locales(tx, locales).await
}

/// The place where a new store keeps its stock.
pub async fn insert_default_location(tx: &Tx<StoreScope>, row: locations::ActiveModel) -> Result<()> {
    tx.insert::<locations::Entity>(row).await?;
    Ok(())
}

/// The ids of all stores, closed ones too: for what the operator does with each.
///
/// # Errors
/// `Busy` where no connection is free.
pub async fn all_ids(system: &std::sync::Arc<crate::kernel::System>) -> Result<Vec<StoreId>> {
    use crate::kernel::ctx::{Caller, Ctx};
    let ctx = Ctx::new(std::sync::Arc::clone(system), Caller::anonymous("stores"), None, std::sync::Arc::default());
    let scope = ctx.platform().await?;
    let select = scope.find::<Entity>().select_only().column(Column::Id).order_by_asc(Column::Id);
    let rows: Vec<(StoreId,)> = select.tuples(scope.conn()).await?;
    drop(scope);
    ctx.release().await;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

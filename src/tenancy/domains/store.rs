//! Every query and write of domains.

use entity::tenancy::store_domains::{ActiveModel, Column, Entity, Model};
use rules::ids::StoreDomainId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::kernel::db::List;
use crate::kernel::error::taken;
use crate::kernel::{Result, Scope, StoreScope, Tx, page};

/// The store's domains, by host.
pub async fn list(scope: &StoreScope) -> Result<Vec<Model>> {
    Ok(scope.find::<Entity>().order_by_asc(Column::Host).list(scope.conn()).await?)
}

pub async fn find(scope: &StoreScope, id: StoreDomainId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn count(scope: &StoreScope) -> Result<u64> {
    page::count(scope, scope.find::<Entity>()).await
}

/// Makes room for another primary domain.
pub async fn demote_primary(tx: &Tx<StoreScope>) -> Result<()> {
    let row = ActiveModel { is_primary: Set(false), updated_at: Set(tx.ctx().now()), ..Default::default() };
    tx.update_many::<Entity>().set(row).filter(Column::IsPrimary.eq(true)).exec(tx.conn()).await?;
    Ok(())
}

/// Writes a new domain. A host of another store is taken in the same words as one of this.
pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    let taken = taken("host", "host", "This host leads to a store already: remove it there first.");
    tx.insert::<Entity>(row).await.map_err(taken)
}

pub async fn delete(tx: &Tx<StoreScope>, id: StoreDomainId) -> Result<bool> {
    let done = tx.delete_many::<Entity>().filter(Column::Id.eq(id)).exec(tx.conn()).await?;
    Ok(done.rows_affected == 1)
}

//! Every query and write of tax rates.

use entity::tax::tax_rates::{ActiveModel, Column, Entity, Model};
use rules::ids::{TaxRateId, TaxZoneId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Select};

use crate::kernel::db::List;
use crate::kernel::error::taken;
use crate::kernel::page::Sort;
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

const TAKEN: &str = "The zone has a tax of this name on this category already: change that one.";

pub fn list(scope: &StoreScope) -> Select<Entity> {
    scope.find::<Entity>()
}

/// In the order in which they were created.
pub fn sort() -> Sort {
    Sort { name: "tax_rates:id", key: None, id: Expr::col((Entity, Column::Id)), descending: false }
}

pub async fn find(scope: &StoreScope, id: TaxRateId) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[TaxRateId]) -> Result<Vec<Model>> {
    let select = list(scope).filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// The rates of zones, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn list_by_zones(scope: &StoreScope, zones: &[TaxZoneId]) -> Result<Vec<Model>> {
    let select = list(scope).filter(db::any_of(scope.conn(), Column::ZoneId, zones.iter().map(|id| id.0)));
    Ok(select.order_by_asc(Column::Id).list(scope.conn()).await?)
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    tx.insert::<Entity>(row).await.map_err(taken("name", "name", TAKEN))
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await
        .map_err(taken("name", "name", TAKEN))?;
    Ok(rows.into_iter().next())
}

/// Deletes a rate, if it still has the version that was read.
pub async fn delete(tx: &Tx<StoreScope>, before: &Model) -> Result<bool> {
    let this = tx.delete_many::<Entity>().filter(Column::Id.eq(before.id)).filter(Column::Version.eq(before.version));
    Ok(this.exec(tx.conn()).await?.rows_affected == 1)
}

pub async fn delete_of_zone(tx: &Tx<StoreScope>, zone: TaxZoneId) -> Result<()> {
    tx.delete_many::<Entity>().filter(Column::ZoneId.eq(zone)).exec(tx.conn()).await?;
    Ok(())
}

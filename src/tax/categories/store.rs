//! Every query and write of tax categories.

use std::collections::HashSet;

use entity::catalog::{product_variants, products};
use entity::tax::tax_categories::{ActiveModel, Column, Entity, Model};
use entity::tax::{tax_rates, tax_settings};
use rules::ids::TaxCategoryId;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::kernel::db::{List, Tuples};
use crate::kernel::error::{Error, Violation, ViolationKind, taken};
use crate::kernel::page::{self, KeyKind, Sort, SortKey};
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

pub fn list(scope: &StoreScope) -> Select<Entity> {
    scope.find::<Entity>().filter(Column::DeletedAt.is_null())
}

/// By name.
pub fn sort() -> Sort {
    let by_name = SortKey { expr: Expr::col((Entity, Column::NameNormalized)), kind: KeyKind::Text };
    Sort { name: "tax_categories:name", key: Some(by_name), id: Expr::col((Entity, Column::Id)), descending: false }
}

/// A living tax category.
pub async fn find_living(scope: &StoreScope, id: TaxCategoryId) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// The category of goods that name none; none where the store has no category at all.
///
/// # Errors
/// What the database says.
pub async fn find_default(scope: &StoreScope) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::IsDefault.eq(true)).first(scope.conn()).await?)
}

/// Those of the categories that live; they stay until the end of the transaction: for those who put something
/// into them.
///
/// # Errors
/// What the database says.
pub async fn hold_living(tx: &Tx<StoreScope>, ids: &[TaxCategoryId]) -> Result<HashSet<TaxCategoryId>> {
    let select = list(tx).filter(db::any_of(tx.conn(), Column::Id, ids.iter().map(|id| id.0)));
    let select = select.select_only().column(Column::Id).order_by_asc(Column::Id).lock(LockType::Share);
    let found: Vec<(TaxCategoryId,)> = select.tuples(tx.conn()).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// A living tax category that nobody else holds, nor may until the end of the transaction.
pub async fn hold_against_all(tx: &Tx<StoreScope>, id: TaxCategoryId) -> Result<Option<Model>> {
    Ok(list(tx).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// What the category is in use by, in words; none where by nothing.
pub async fn find_user(scope: &StoreScope, id: TaxCategoryId) -> Result<Option<&'static str>> {
    let select = scope.find::<products::Entity>().filter(products::Column::TaxCategoryId.eq(id));
    if select.filter(products::Column::DeletedAt.is_null()).first(scope.conn()).await?.is_some() {
        return Ok(Some("products"));
    }
    let select = scope
        .find::<product_variants::Entity>()
        .inner_join(products::Entity)
        .filter(product_variants::Column::TaxCategoryId.eq(id))
        .filter(product_variants::Column::DeletedAt.is_null())
        .filter(products::Column::DeletedAt.is_null());
    if select.first(scope.conn()).await?.is_some() {
        return Ok(Some("variants"));
    }
    let select = scope.find::<tax_rates::Entity>().filter(tax_rates::Column::CategoryId.eq(id));
    if select.first(scope.conn()).await?.is_some() {
        return Ok(Some("tax rates"));
    }
    let select = scope.find::<tax_settings::Entity>().filter(tax_settings::Column::ShippingCategoryId.eq(id));
    Ok(select.first(scope.conn()).await?.map(|_| "the tax on shipping"))
}

pub async fn count(scope: &StoreScope) -> Result<u64> {
    page::count(scope, list(scope)).await
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[TaxCategoryId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

const TAKEN: &str = "Another tax category has this name: choose a different one.";

/// A default made by somebody else at the same moment sends the action round again.
pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    tx.insert::<Entity>(row).await.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique && violation.mentions("is_default") => Error::Retry,
        _ => taken("name_normalized", "name", TAKEN)(error),
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
        .await
        .map_err(taken("name_normalized", "name", TAKEN))?;
    Ok(rows.into_iter().next())
}

//! Every query and write of shipping profiles and of their goods.

use std::collections::{BTreeSet, HashMap};

use entity::catalog::products;
use entity::shipping::shipping_profile_products as members;
use entity::shipping::shipping_profiles::{ActiveModel, Column, Entity, Model};
use rules::ids::{ProductId, ShippingProfileId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, Select};

use crate::kernel::db::{List, Tuples};
use crate::kernel::error::{Error, Violation, ViolationKind, taken};
use crate::kernel::page::{self, KeyKind, Sort, SortKey};
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

pub fn list(scope: &StoreScope) -> Select<Entity> {
    scope.find::<Entity>()
}

/// By name.
pub fn sort() -> Sort {
    let by_name = SortKey { expr: Expr::col((Entity, Column::NameNormalized)), kind: KeyKind::Text };
    Sort { name: "shipping_profiles:name", key: Some(by_name), id: Expr::col((Entity, Column::Id)), descending: false }
}

pub async fn find(scope: &StoreScope, id: ShippingProfileId) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// The profile of goods that were put into none; none where the store has no profile at all.
///
/// # Errors
/// What the database says.
pub async fn find_default(scope: &StoreScope) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::IsDefault.eq(true)).first(scope.conn()).await?)
}

/// A profile that stays until the end of the transaction: for those who put something into it.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &Tx<StoreScope>, id: ShippingProfileId) -> Result<Option<Model>> {
    Ok(list(tx).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// A profile that nobody else holds, nor may until the end of the transaction.
pub async fn hold_against_all(tx: &Tx<StoreScope>, id: ShippingProfileId) -> Result<Option<Model>> {
    Ok(list(tx).filter(Column::Id.eq(id)).lock(LockType::Update).first(tx.conn()).await?)
}

pub async fn count(scope: &StoreScope) -> Result<u64> {
    page::count(scope, list(scope)).await
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[ShippingProfileId]) -> Result<Vec<Model>> {
    let select = list(scope).filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

const TAKEN: &str = "Another shipping profile has this name: choose a different one.";

/// A default made by somebody else at the same moment sends the action round again.
pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    tx.insert::<Entity>(row).await.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique && violation.mentions("is_default") => Error::Retry,
        _ => taken("name_normalized", "name", TAKEN)(error),
    })
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
        .map_err(taken("name_normalized", "name", TAKEN))?;
    Ok(rows.into_iter().next())
}

/// Deletes a profile that no living goods belong to.
pub async fn delete(tx: &Tx<StoreScope>, id: ShippingProfileId) -> Result<()> {
    // What is left are products that are deleted: those that come back belong to the default.
    tx.delete_many::<members::Entity>().filter(members::Column::ProfileId.eq(id)).exec(tx.conn()).await?;
    tx.delete_many::<Entity>().filter(Column::Id.eq(id)).exec(tx.conn()).await?;
    Ok(())
}

// --- their goods -------------------------------------------------------------------------------

/// Whether living products belong to a profile.
pub async fn holds_products(scope: &StoreScope, id: ShippingProfileId) -> Result<bool> {
    let select = scope.find::<members::Entity>().inner_join(products::Entity);
    let select = select.filter(members::Column::ProfileId.eq(id)).filter(products::Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?.is_some())
}

/// Those of the products that live.
pub async fn known_products(scope: &StoreScope, ids: &[ProductId]) -> Result<BTreeSet<ProductId>> {
    let these = db::any_of(scope.conn(), products::Column::Id, ids.iter().map(|id| id.0));
    let select = scope.find::<products::Entity>().filter(these).filter(products::Column::DeletedAt.is_null());
    let known: Vec<(ProductId,)> = select.select_only().column(products::Column::Id).tuples(scope.conn()).await?;
    Ok(known.into_iter().map(|(id,)| id).collect())
}

/// The profiles that products were put into. One that is not there belongs to the default.
///
/// # Errors
/// What the database says.
pub async fn list_of_products(scope: &StoreScope, ids: &[ProductId]) -> Result<HashMap<ProductId, ShippingProfileId>> {
    let these = db::any_of(scope.conn(), members::Column::ProductId, ids.iter().map(|id| id.0));
    let rows = scope.find::<members::Entity>().filter(these).list(scope.conn()).await?;
    Ok(rows.into_iter().map(|row| (row.product_id, row.profile_id)).collect())
}

/// Takes products out of whichever profile they were put into.
pub async fn remove_products(tx: &Tx<StoreScope>, ids: &[ProductId]) -> Result<()> {
    let these = db::any_of(tx.conn(), members::Column::ProductId, ids.iter().map(|id| id.0));
    tx.delete_many::<members::Entity>().filter(these).exec(tx.conn()).await?;
    Ok(())
}

/// Products that somebody else assigns at the same moment send the action round again.
pub async fn insert_products(tx: &Tx<StoreScope>, profile: ShippingProfileId, ids: &[ProductId]) -> Result<()> {
    let rows = ids.iter().map(|product| members::ActiveModel {
        product_id: Set(*product),
        profile_id: Set(profile),
        created_at: Set(tx.ctx().now()),
        ..Default::default()
    });
    tx.insert_many::<members::Entity>(rows.collect()).await.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique => Error::Retry,
        _ => error.into(),
    })
}

//! Every query and write of brands.

use entity::catalog::brands::{ActiveModel, Column, Entity, Model};
use rules::ids::BrandId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, Select};

use super::types::BrandSort;
use crate::kernel::db::List;
use crate::kernel::error::taken;
use crate::kernel::page::{KeyKind, Sort, SortKey};
use crate::kernel::{Result, Scope, StoreScope, Tx, db, text};

/// Which brands to list.
#[derive(Debug, Clone, Default)]
pub struct BrandFilter {
    pub name_prefix: Option<String>,
    pub deleted: bool,
}

pub fn list(scope: &StoreScope, filter: &BrandFilter) -> Select<Entity> {
    let mut select = scope.find::<Entity>();
    select = if filter.deleted {
        select.filter(Column::DeletedAt.is_not_null())
    } else {
        select.filter(Column::DeletedAt.is_null())
    };
    if let Some(prefix) = &filter.name_prefix {
        select = select.filter(db::starts_with(Column::SortName, &text::sort_key(prefix)));
    }
    select
}

pub fn sort(sort: BrandSort) -> Sort {
    let by_name = SortKey { expr: Expr::col((Entity, Column::SortName)), kind: KeyKind::Text };
    let (name, key, descending) = match sort {
        BrandSort::Name => ("brands:name", Some(by_name), false),
        BrandSort::NameDescending => ("brands:name", Some(by_name), true),
        BrandSort::Newest => ("brands:id", None, true),
        BrandSort::Oldest => ("brands:id", None, false),
    };
    Sort { name, key, id: Expr::col((Entity, Column::Id)), descending }
}

pub async fn find(scope: &StoreScope, id: BrandId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// A living brand.
///
/// # Errors
/// What the database says.
pub async fn find_living(scope: &StoreScope, id: BrandId) -> Result<Option<Model>> {
    Ok(find(scope, id).await?.filter(|row| row.deleted_at.is_none()))
}

/// A living brand by its name in addresses.
///
/// # Errors
/// What the database says.
pub async fn find_by_slug(scope: &StoreScope, slug: &str) -> Result<Option<Model>> {
    let select = scope.find::<Entity>().filter(Column::Slug.eq(slug)).filter(Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?)
}

/// Brands by id, deleted ones too: whoever shows them decides.
///
/// # Errors
/// What the database says.
pub async fn list_by_ids(scope: &StoreScope, ids: &[BrandId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    let taken = taken("slug", "slug", "Another brand has this slug: choose a different one.");
    tx.insert::<Entity>(row).await.map_err(taken)
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = sea_orm::ActiveValue::Set(before.version + 1);
    row.updated_at = sea_orm::ActiveValue::Set(tx.ctx().now());
    let taken = taken("slug", "slug", "Another brand has this slug: choose a different one.");
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await
        .map_err(taken)?;
    Ok(rows.into_iter().next())
}

//! Every query and write of collections.

pub mod members;

use chrono::{DateTime, Utc};
use entity::catalog::collections::{ActiveModel, Column, Entity, Model};
use rules::ids::CollectionId;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, SelectStatement};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, Select};

use super::types::CollectionSort;
use crate::kernel::db::List;
use crate::kernel::error::taken;
use crate::kernel::page::{KeyKind, Sort, SortKey};
use crate::kernel::{Result, Scope, StoreScope, Tx, db, schedule, text};

/// Which collections to list.
#[derive(Debug, Clone, Default)]
pub struct CollectionFilter {
    pub title_prefix: Option<String>,
    /// Whether storefronts show it at a moment.
    pub published: Option<(bool, DateTime<Utc>)>,
    pub deleted: bool,
}

pub fn list(scope: &StoreScope, filter: &CollectionFilter) -> Select<Entity> {
    let mut select = scope.find::<Entity>();
    select = if filter.deleted {
        select.filter(Column::DeletedAt.is_not_null())
    } else {
        select.filter(Column::DeletedAt.is_null())
    };
    if let Some(prefix) = &filter.title_prefix {
        select = select.filter(db::starts_with(Column::SortTitle, &text::sort_key(prefix)));
    }
    match filter.published {
        None => {}
        Some((true, now)) => select = select.filter(Column::PublishedAt.lte(now)),
        Some((false, now)) => {
            select = select.filter(Column::PublishedAt.is_null().or(Column::PublishedAt.gt(now)));
        }
    }
    select
}

/// The next moment at which a collection appears by itself.
pub fn moments(scope: &StoreScope, now: DateTime<Utc>) -> Vec<SelectStatement> {
    vec![schedule::moments::<Entity>(scope, Column::PublishedAt, now)]
}

pub fn sort(sort: CollectionSort) -> Sort {
    let by_title = SortKey { expr: Expr::col((Entity, Column::SortTitle)), kind: KeyKind::Text };
    let (name, key, descending) = match sort {
        CollectionSort::Title => ("collections:title", Some(by_title), false),
        CollectionSort::TitleDescending => ("collections:title", Some(by_title), true),
        CollectionSort::Newest => ("collections:id", None, true),
        CollectionSort::Oldest => ("collections:id", None, false),
    };
    Sort { name, key, id: Expr::col((Entity, Column::Id)), descending }
}

pub async fn find(scope: &StoreScope, id: CollectionId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// A living collection.
pub async fn find_living(scope: &StoreScope, id: CollectionId) -> Result<Option<Model>> {
    Ok(find(scope, id).await?.filter(|row| row.deleted_at.is_none()))
}

/// A living collection by its name in addresses.
///
/// # Errors
/// What the database says.
pub async fn find_by_slug(scope: &StoreScope, slug: &str) -> Result<Option<Model>> {
    let select = scope.find::<Entity>().filter(Column::Slug.eq(slug)).filter(Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?)
}

/// A living collection, held against other changes until the end of the transaction.
pub async fn hold_living(tx: &Tx<StoreScope>, id: CollectionId) -> Result<Option<Model>> {
    let select = tx.find::<Entity>().filter(Column::Id.eq(id)).filter(Column::DeletedAt.is_null());
    Ok(select.lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// Collections by id, deleted ones too: whoever shows them decides.
///
/// # Errors
/// What the database says.
pub async fn list_by_ids(scope: &StoreScope, ids: &[CollectionId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    let taken = taken("slug", "slug", "Another collection has this slug: choose a different one.");
    tx.insert::<Entity>(row).await.map_err(taken)
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = sea_orm::ActiveValue::Set(before.version + 1);
    row.updated_at = sea_orm::ActiveValue::Set(tx.ctx().now());
    let taken = taken("slug", "slug", "Another collection has this slug: choose a different one.");
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

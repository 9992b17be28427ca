//! Every query and write of drafts.

use entity::orders::draft_order_lines as lines;
use entity::orders::draft_orders::{ActiveModel, Column, Entity, Model};
use rules::ids::DraftOrderId;
use rules::states::DraftOrderStatus;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select};

use super::types::DraftOrderSort;
use crate::kernel::db::List;
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::page::Sort;
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, db, input};

pub fn list(scope: &StoreScope, status: Option<DraftOrderStatus>) -> Select<Entity> {
    let select = scope.find::<Entity>();
    match status {
        Some(status) => select.filter(Column::Status.eq(status)),
        None => select,
    }
}

pub fn sort(sort: DraftOrderSort) -> Sort {
    let descending = sort == DraftOrderSort::Newest;
    Sort { name: "draft_orders:id", key: None, id: Expr::col((Entity, Column::Id)), descending }
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[DraftOrderId]) -> Result<Vec<Model>> {
    let these = db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<Entity>().filter(these).list(scope.conn()).await?)
}

pub async fn find(scope: &StoreScope, id: DraftOrderId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// The lines of drafts, in their order.
pub async fn list_lines(scope: &StoreScope, drafts: &[DraftOrderId]) -> Result<Vec<lines::Model>> {
    let of = db::any_of(scope.conn(), lines::Column::DraftOrderId, drafts.iter().map(|id| id.0));
    let select = scope.find::<lines::Entity>().filter(of).order_by_asc(lines::Column::Position);
    Ok(select.list(scope.conn()).await?)
}

/// A draft, held until the end of the transaction.
pub async fn lock(tx: &Tx<StoreScope>, id: DraftOrderId) -> Result<Option<Model>> {
    let select = tx.find::<Entity>().filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(select.first(tx.conn()).await?)
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    Ok(tx.insert::<Entity>(row).await?)
}

/// Gives a draft that is held these lines and no others.
///
/// # Errors
/// `Conflict` with `NOT_FOUND` where a variant is not there.
pub async fn replace_lines(tx: &Tx<StoreScope>, draft: DraftOrderId, rows: Vec<lines::Model>) -> Result<()> {
    tx.delete_many::<lines::Entity>().filter(lines::Column::DraftOrderId.eq(draft)).exec(tx.conn()).await?;
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    tx.insert_many::<lines::Entity>(rows).await.map_err(|error| match Violation::of(&error) {
        Some(broken) if broken.kind == ViolationKind::ForeignKey => input::not_found("lines", "variant"),
        _ => Error::from(error),
    })
}

/// Writes the set columns of a draft that is held.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Model> {
    row.id = Set(before.id);
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    Ok(tx.update::<Entity>(row).await?)
}

/// Throws a draft away, with its lines.
pub async fn delete(tx: &Tx<StoreScope>, id: DraftOrderId) -> Result<()> {
    tx.delete_many::<Entity>().filter(Column::Id.eq(id)).exec(tx.conn()).await?;
    Ok(())
}

//! Every query and write of registered documents.

use entity::tenancy::trusted_documents::{ActiveModel, Column, Entity, Model};
use rules::ids::TrustedDocumentId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, Select};

use crate::kernel::db::{List, Tuples};
use crate::kernel::page::{self, Sort};
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

pub fn list(scope: &StoreScope) -> Select<Entity> {
    scope.find::<Entity>()
}

pub fn sort() -> Sort {
    Sort { name: "trusted_documents:id", key: None, id: Expr::col((Entity, Column::Id)), descending: true }
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[TrustedDocumentId]) -> Result<Vec<Model>> {
    let select = list(scope).filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// Those whose texts have these hashes.
pub async fn list_by_hashes(scope: &StoreScope, hashes: &[[u8; 32]]) -> Result<Vec<Model>> {
    let select = list(scope).filter(Column::Hash.is_in(hashes.iter().map(|hash| hash.to_vec())));
    Ok(select.list(scope.conn()).await?)
}

pub async fn count(scope: &StoreScope) -> Result<u64> {
    page::count(scope, list(scope)).await
}

/// Whether the store has registered any.
///
/// # Errors
/// What the database says.
pub async fn is_any_registered(scope: &StoreScope) -> Result<bool> {
    let found: Vec<(TrustedDocumentId,)> =
        list(scope).select_only().column(Column::Id).limit(1).tuples(scope.conn()).await?;
    Ok(!found.is_empty())
}

pub async fn insert(tx: &Tx<StoreScope>, rows: Vec<ActiveModel>) -> Result<()> {
    Ok(tx.insert_many::<Entity>(rows).await?)
}

pub async fn delete(tx: &Tx<StoreScope>, ids: &[TrustedDocumentId]) -> Result<()> {
    let these = db::any_of(tx.conn(), Column::Id, ids.iter().map(|id| id.0));
    tx.delete_many::<Entity>().filter(these).exec(tx.conn()).await?;
    Ok(())
}

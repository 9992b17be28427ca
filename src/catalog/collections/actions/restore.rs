//! `collectionRestore`: a deleted collection comes back, under its old slug if that is still free.

use entity::catalog::collections::ActiveModel;
use rules::ids::CollectionId;
use sea_orm::ActiveValue::Set;

use super::super::events::{CollectionRestored, CollectionSnapshot};
use super::super::store;
use super::super::types::Collection;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Brings the collection back.
pub async fn run(ctx: &Ctx, id: CollectionId) -> Result<Collection> {
    let mut tx = ctx.begin_store(Action::CollectionRestore).await?;
    let before = store::find(&tx, id).await?.filter(|row| row.deleted_at.is_some()).ok_or(Error::NotFound)?;
    let back = ActiveModel { deleted_at: Set(None), ..Default::default() };
    let collection = store::update(&tx, &before, back).await?.ok_or_else(input::stale)?;
    tx.emit(&CollectionRestored { collection: CollectionSnapshot::from(&collection) })?;
    tx.commit(Audit::updated(
        "collection",
        id,
        &CollectionSnapshot::from(&before),
        &CollectionSnapshot::from(&collection),
    ))
    .await?;
    Ok(collection.into())
}

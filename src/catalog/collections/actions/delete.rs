//! `collectionDelete`: a collection goes, and can come back.

use entity::catalog::collections::ActiveModel;
use rules::ids::CollectionId;
use sea_orm::ActiveValue::Set;

use super::super::events::{CollectionDeleted, CollectionSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Deletes the collection.
pub async fn run(ctx: &Ctx, id: CollectionId) -> Result<CollectionId> {
    let mut tx = ctx.begin_store(Action::CollectionDelete).await?;
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    let gone = ActiveModel { deleted_at: Set(Some(ctx.now())), ..Default::default() };
    store::update(&tx, &before, gone).await?.ok_or_else(input::stale)?;
    tx.emit(&CollectionDeleted { collection: CollectionSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("collection", id, &CollectionSnapshot::from(&before))).await?;
    Ok(id)
}

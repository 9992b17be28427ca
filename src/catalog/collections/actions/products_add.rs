//! `collectionProductsAdd`: products come to the end of a collection.

use entity::catalog::collections::ActiveModel;
use rules::ids::{CollectionId, ProductId};

use super::super::events::{CollectionProductsAdded, CollectionSnapshot, Membership};
use super::super::store::{self, members};
use super::super::types::Collection;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Puts the products behind those that are there.
pub async fn run(ctx: &Ctx, (id, products): (CollectionId, Vec<ProductId>)) -> Result<Collection> {
    super::check_list(ctx, &products)?;

    let mut tx = ctx.begin_store(Action::CollectionProductsAdd).await?;
    let before = store::hold_living(&tx, id).await?.ok_or(Error::NotFound)?;
    super::check_products(&tx, &products, false).await?;
    let collection = store::update(&tx, &before, ActiveModel::default()).await?.ok_or_else(input::stale)?;
    let first = members::last_position(&tx, id).await?.map_or(0, |last| last + 1);
    members::append(&tx, id, first, &products).await?;
    tx.emit(&CollectionProductsAdded {
        collection: CollectionSnapshot::from(&collection),
        product_ids: products.clone(),
    })?;
    tx.commit(Audit::updated("collection", id, &(), &Membership { product_ids: products })).await?;
    Ok(collection.into())
}

//! `collectionProductsRemove`: products leave a collection.

use entity::catalog::collections::ActiveModel;
use rules::ids::{CollectionId, ProductId};

use super::super::events::{CollectionProductsRemoved, CollectionSnapshot, Membership};
use super::super::store::{self, members};
use super::super::types::Collection;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Takes the products out.
pub async fn run(ctx: &Ctx, (id, products): (CollectionId, Vec<ProductId>)) -> Result<Collection> {
    super::check_list(ctx, &products)?;

    let mut tx = ctx.begin_store(Action::CollectionProductsRemove).await?;
    let before = store::hold_living(&tx, id).await?.ok_or(Error::NotFound)?;
    super::check_products(&tx, &products, true).await?;
    let collection = store::update(&tx, &before, ActiveModel::default()).await?.ok_or_else(input::stale)?;
    members::remove(&tx, id, &products).await?;
    tx.emit(&CollectionProductsRemoved {
        collection: CollectionSnapshot::from(&collection),
        product_ids: products.clone(),
    })?;
    tx.commit(Audit::updated("collection", id, &Membership { product_ids: products }, &())).await?;
    Ok(collection.into())
}

//! `collectionProductsSet`: a collection gets these products and no others.

use entity::catalog::collections::ActiveModel;
use rules::ids::{CollectionId, ProductId};

use super::super::events::{CollectionProductsSet, CollectionSnapshot, Membership};
use super::super::store::{self, members};
use super::super::types::Collection;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Gives the collection the products, in their order.
pub async fn run(
    ctx: &Ctx,
    (id, products, expected): (CollectionId, Vec<ProductId>, Option<i32>),
) -> Result<Collection> {
    super::check_list(ctx, &products)?;

    let mut tx = ctx.begin_store(Action::CollectionProductsSet).await?;
    let before = store::hold_living(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    super::check_products(&tx, &products, false).await?;
    let replaced = Membership { product_ids: members::list(&tx, id).await? };
    let collection = store::update(&tx, &before, ActiveModel::default()).await?.ok_or_else(input::stale)?;
    members::clear(&tx, id).await?;
    members::append(&tx, id, 0, &products).await?;
    tx.emit(&CollectionProductsSet {
        collection: CollectionSnapshot::from(&collection),
        product_ids: products.clone(),
    })?;
    tx.commit(Audit::updated("collection", id, &replaced, &Membership { product_ids: products })).await?;
    Ok(collection.into())
}

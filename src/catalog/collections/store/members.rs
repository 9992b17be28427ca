//! Which products stand in a collection, and in which order.
//!
//! Owns every query and write of `collection_products`. Places have gaps where products were taken out;
//! only their order counts. Whoever writes holds the collection first.

use std::collections::HashSet;

use entity::catalog::collection_products::{ActiveModel, Column, Entity, Relation};
use entity::catalog::{collections, products};
use rules::ids::{CollectionId, ProductId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select};

use crate::kernel::db::Tuples;
use crate::kernel::page::{KeyKind, Sort, SortKey};
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

/// The products of a collection, shown or not, to be filtered further and sorted by
/// [`hand_made_order`] or by anything else.
pub fn list_products(scope: &StoreScope, collection: CollectionId) -> Select<products::Entity> {
    list_all_products(scope).filter(Column::CollectionId.eq(collection))
}

/// The products of every collection, each once for every one that it stands in.
pub fn list_all_products(scope: &StoreScope) -> Select<products::Entity> {
    scope.find::<products::Entity>().join_rev(JoinType::InnerJoin, Relation::Products.def())
}

/// The merchant's order, for queries of [`list_products`].
pub fn hand_made_order() -> Sort {
    let by_position = SortKey { expr: Expr::col((Entity, Column::Position)), kind: KeyKind::Integer };
    Sort {
        name: "collection_products:position",
        key: Some(by_position),
        id: Expr::col((products::Entity, products::Column::Id)),
        descending: false,
    }
}

/// The condition that a product stands in a collection, for queries of products that have an order of
/// their own.
pub fn is_in(scope: &StoreScope, collection: CollectionId) -> Expr {
    let members = scope.find::<Entity>().filter(Column::CollectionId.eq(collection));
    Expr::col((products::Entity, products::Column::Id))
        .in_subquery(members.select_only().column(Column::ProductId).into_query())
}

/// Those of the products that the store has; `deleted` says whether deleted ones count.
pub async fn known_products(scope: &StoreScope, ids: &[ProductId], deleted: bool) -> Result<HashSet<ProductId>> {
    let mut select = scope.find::<products::Entity>().filter(db::any_of(
        scope.conn(),
        products::Column::Id,
        ids.iter().map(|id| id.0),
    ));
    if !deleted {
        select = select.filter(products::Column::DeletedAt.is_null());
    }
    let known: Vec<(ProductId,)> = select.select_only().column(products::Column::Id).tuples(scope.conn()).await?;
    Ok(known.into_iter().map(|(id,)| id).collect())
}

/// The living collections that products stand in, published or not, each with the product.
///
/// # Errors
/// What the database says.
pub async fn list_by_products(scope: &StoreScope, products: &[ProductId]) -> Result<Vec<(ProductId, CollectionId)>> {
    let living = scope.find::<collections::Entity>().filter(collections::Column::DeletedAt.is_null());
    let living = living.select_only().column(collections::Column::Id).into_query();
    let select = scope
        .find::<Entity>()
        .filter(db::any_of(scope.conn(), Column::ProductId, products.iter().map(|id| id.0)))
        .filter(Column::CollectionId.in_subquery(living))
        .order_by_asc(Column::ProductId)
        .order_by_asc(Column::CollectionId);
    let select = select.select_only().column(Column::ProductId).column(Column::CollectionId);
    Ok(select.tuples(scope.conn()).await?)
}

/// The products that stand in a collection, in their order, deleted ones too.
pub async fn list(scope: &StoreScope, collection: CollectionId) -> Result<Vec<ProductId>> {
    let select = scope.find::<Entity>().filter(Column::CollectionId.eq(collection));
    let select = select.order_by_asc(Column::Position).order_by_asc(Column::ProductId);
    let products: Vec<(ProductId,)> = select.select_only().column(Column::ProductId).tuples(scope.conn()).await?;
    Ok(products.into_iter().map(|(product,)| product).collect())
}

/// The greatest place in a collection; none where it is empty.
pub async fn last_position(scope: &StoreScope, collection: CollectionId) -> Result<Option<i64>> {
    let select = scope.find::<Entity>().filter(Column::CollectionId.eq(collection)).order_by_desc(Column::Position);
    let last: Vec<(i64,)> = select.select_only().column(Column::Position).limit(1).tuples(scope.conn()).await?;
    Ok(last.first().map(|(position,)| *position))
}

/// Puts products at the places from `first` on; those that stand in the collection already stay.
pub async fn append(tx: &Tx<StoreScope>, collection: CollectionId, first: i64, products: &[ProductId]) -> Result<()> {
    let rows = (first..).zip(products).map(|(position, product)| ActiveModel {
        collection_id: Set(collection),
        product_id: Set(*product),
        position: Set(position),
        created_at: Set(tx.ctx().now()),
        ..Default::default()
    });
    let key = [Column::StoreId, Column::CollectionId, Column::ProductId];
    Ok(tx.insert_missing::<Entity>(&key, rows.collect()).await?)
}

/// Takes products out of a collection.
pub async fn remove(tx: &Tx<StoreScope>, collection: CollectionId, products: &[ProductId]) -> Result<()> {
    tx.delete_many::<Entity>()
        .filter(Column::CollectionId.eq(collection))
        .filter(db::any_of(tx.conn(), Column::ProductId, products.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Takes all products out of a collection.
pub async fn clear(tx: &Tx<StoreScope>, collection: CollectionId) -> Result<()> {
    tx.delete_many::<Entity>().filter(Column::CollectionId.eq(collection)).exec(tx.conn()).await?;
    Ok(())
}

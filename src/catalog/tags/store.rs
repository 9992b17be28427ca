//! Every query and write of tags.

use entity::catalog::tags::{ActiveModel, Column, Entity, Model};
use entity::catalog::{product_tags, products};
use entity::row::{Columns, Row};
use rules::ids::{ProductId, TagId};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
};

use super::types::TagSort;
use crate::catalog::products::Viewer;
use crate::kernel::db::{Line, List};
use crate::kernel::error::taken;
use crate::kernel::page::{KeyKind, Sort, SortKey};
use crate::kernel::{Result, Scope, StoreScope, Tx, db, text};

/// Which tags to list.
#[derive(Debug, Clone)]
pub struct TagFilter {
    pub viewer: Viewer,
    pub name_prefix: Option<String>,
}

pub fn list(scope: &StoreScope, filter: &TagFilter) -> Select<Entity> {
    let mut select = shown(scope, filter.viewer);
    if let Some(prefix) = &filter.name_prefix {
        select = select.filter(db::starts_with(Column::NameNormalized, &text::fold(prefix)));
    }
    select
}

/// The tags that somebody may know of: staff all of them, visitors those of products that they see.
fn shown(scope: &StoreScope, viewer: Viewer) -> Select<Entity> {
    let all = scope.find::<Entity>();
    let Viewer::Visitor(_) = viewer else { return all };
    let products = scope.find::<products::Entity>().filter(viewer.filter());
    let products = products.select_only().column(products::Column::Id).into_query();
    let marks = scope.find::<product_tags::Entity>().filter(product_tags::Column::ProductId.in_subquery(products));
    all.filter(Column::Id.in_subquery(marks.select_only().column(product_tags::Column::TagId).into_query()))
}

pub fn sort(sort: TagSort) -> Sort {
    let by_name = SortKey { expr: Expr::col((Entity, Column::NameNormalized)), kind: KeyKind::Text };
    let (name, key, descending) = match sort {
        TagSort::Name => ("tags:name", Some(by_name), false),
        TagSort::NameDescending => ("tags:name", Some(by_name), true),
        TagSort::Newest => ("tags:id", None, true),
        TagSort::Oldest => ("tags:id", None, false),
    };
    Sort { name, key, id: Expr::col((Entity, Column::Id)), descending }
}

/// A tag, held against other changes until the end of the transaction.
pub async fn hold(tx: &Tx<StoreScope>, id: TagId) -> Result<Option<Model>> {
    Ok(tx.find::<Entity>().filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// A tag by its name, however it is written.
pub async fn find_by_name(scope: &StoreScope, viewer: Viewer, name: &str) -> Result<Option<Model>> {
    Ok(shown(scope, viewer).filter(Column::NameNormalized.eq(text::fold(name))).first(scope.conn()).await?)
}

/// Tags by id, those that somebody may know of.
///
/// # Errors
/// What the database says.
pub async fn list_by_ids(scope: &StoreScope, viewer: Viewer, ids: &[TagId]) -> Result<Vec<Model>> {
    let select = shown(scope, viewer).filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// The tags of products, each with the product that carries it, from A to Z.
///
/// # Errors
/// What the database says.
pub async fn list_by_products(scope: &StoreScope, products: &[ProductId]) -> Result<Vec<(ProductId, Model)>> {
    let products = products.iter().map(|id| id.0);
    let select = scope
        .find::<Entity>()
        .join_rev(JoinType::InnerJoin, product_tags::Relation::Tags.def())
        .filter(db::any_of(scope.conn(), product_tags::Column::ProductId, products))
        .column(product_tags::Column::ProductId)
        .order_by_asc(Column::NameNormalized);
    let statement = scope.conn().get_database_backend().build(select.as_query());
    let read = |line: &Line<'_>| Ok((line.column(Model::WIDTH, "product_id")?, Model::read(line)?));
    Ok(scope.conn().lines(statement, read).await?)
}

pub async fn update(tx: &Tx<StoreScope>, id: TagId, mut row: ActiveModel) -> Result<Option<Model>> {
    row.updated_at = sea_orm::ActiveValue::Set(tx.ctx().now());
    let taken = taken("name_normalized", "name", "Another tag is called so: mark the products with that one.");
    let update = tx.update_many::<Entity>().set(row).filter(Column::Id.eq(id));
    Ok(update.exec_with_returning(tx.conn()).await.map_err(taken)?.into_iter().next())
}

/// Deletes a tag with its marks. Answers what it was; `None` where there is none.
pub async fn delete(tx: &Tx<StoreScope>, id: TagId) -> Result<Option<Model>> {
    let gone = tx.delete_many::<Entity>().filter(Column::Id.eq(id)).exec_with_returning(tx.conn()).await?;
    Ok(gone.into_iter().next())
}

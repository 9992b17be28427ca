//! The products inside many categories or collections at once.

use std::collections::HashMap;

use entity::catalog::collection_products;
use entity::catalog::products::{Entity, Model};
use rules::ids::{CategoryId, CollectionId};
use sea_orm::sea_query::{ColumnRef, Expr, ExprTrait, IntoColumnRef, JoinType};
use sea_orm::{QueryFilter, Select};
use uuid::Uuid;

use super::{ProductFilter, in_categories, narrow};
use crate::catalog::collections;
use crate::kernel::page::{self, Among, Page, Slice, Sort};
use crate::kernel::{Ctx, Result, Scope, StoreScope, db};

/// What products stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// A category, and whether the products of those below it count.
    Category(CategoryId, bool),
    /// A collection.
    Collection(CollectionId),
}

/// Which kind of thing products stand in: what one statement can ask for together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParentKind {
    /// Categories alone.
    Category,
    /// Categories with all that is below them.
    CategoryTree,
    /// Collections.
    Collection,
}

impl Parent {
    /// Its kind.
    pub fn kind(self) -> ParentKind {
        match self {
            Self::Category(_, false) => ParentKind::Category,
            Self::Category(_, true) => ParentKind::CategoryTree,
            Self::Collection(_) => ParentKind::Collection,
        }
    }

    /// Its plain id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Category(id, _) => id.0,
            Self::Collection(id) => id.0,
        }
    }
}

/// Reads the same page of the products inside each of some things of one kind. Whoever calls has checked that the
/// caller may see those.
///
/// # Errors
/// What the database says.
pub async fn fetch_inside(
    ctx: &Ctx,
    scope: &StoreScope,
    (kind, parents): (ParentKind, &[Uuid]),
    filter: &ProductFilter,
    sort: &Sort,
    page: &Page,
) -> Result<HashMap<Uuid, Slice<Model>>> {
    let below = match kind {
        ParentKind::Category => false,
        ParentKind::CategoryTree => true,
        ParentKind::Collection => {
            let (select, parent) = in_collections(scope, parents, filter);
            return page::fetch_each(ctx, scope, select, parent, sort, page).await;
        }
    };
    let among = in_categories(scope, parents.iter().copied(), below, filter);
    page::fetch_among(ctx, scope, super::list(scope, filter), among, sort, page).await
}

/// Counts the products inside each of some things of one kind, each once for every one that it stands in.
///
/// # Errors
/// What the database says.
pub async fn count_inside(
    scope: &StoreScope,
    (kind, parents): (ParentKind, &[Uuid]),
    filter: &ProductFilter,
) -> Result<HashMap<Uuid, u64>> {
    let below = match kind {
        ParentKind::Category => false,
        ParentKind::CategoryTree => true,
        ParentKind::Collection => {
            let (select, parent) = in_collections(scope, parents, filter);
            return page::count_each(scope, select, parent).await;
        }
    };
    let Among { lists, list } = in_categories(scope, parents.iter().copied(), below, filter);
    let mut select = super::list(scope, filter);
    let in_list = list.eq(Expr::col(("among", "id")));
    QueryFilter::query(&mut select).join_subquery(JoinType::InnerJoin, lists, "among", in_list);
    page::count_each(scope, select, ("among", "top")).await
}

fn in_collections(scope: &StoreScope, parents: &[Uuid], filter: &ProductFilter) -> (Select<Entity>, ColumnRef) {
    let column = collection_products::Column::CollectionId;
    let inside = db::any_of(scope.conn(), column, parents.iter().copied());
    let select = collections::list_all_products(scope).filter(inside);
    (narrow(scope, select, filter), (collection_products::Entity, column).into_column_ref())
}

//! The products inside many categories or collections at once.

use entity::catalog::products::{Column, Entity};
use entity::catalog::{categories, collection_products};
use rules::ids::{CategoryId, CollectionId};
use sea_orm::sea_query::{ColumnRef, CommonTableExpression, Expr, ExprTrait, IntoColumnRef, UnionType, WithClause};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::{ProductFilter, narrow};
use crate::catalog::collections;
use crate::kernel::{Scope, StoreScope, db};

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

/// Starts a list of the products inside any of some things of one kind, each once for every one that it
/// stands in, and says the column that tells in which. Whoever calls has checked that the caller may see those.
pub fn list_inside(
    scope: &StoreScope,
    kind: ParentKind,
    parents: &[Uuid],
    filter: &ProductFilter,
) -> (Select<Entity>, ColumnRef) {
    let parents = parents.iter().copied();
    let (all, parent) = match kind {
        ParentKind::Category => {
            let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::CategoryId, parents));
            (select, (Entity, Column::CategoryId).into_column_ref())
        }
        ParentKind::CategoryTree => {
            let mut select = scope.find::<Entity>();
            QueryFilter::query(&mut select)
                .inner_join("tree", Expr::col(("tree", "id")).equals((Entity, Column::CategoryId)))
                .with_cte(trees(scope, parents));
            (select, ("tree", "top").into_column_ref())
        }
        ParentKind::Collection => {
            let column = collection_products::Column::CollectionId;
            let select = collections::list_all_products(scope).filter(db::any_of(scope.conn(), column, parents));
            (select, (collection_products::Entity, column).into_column_ref())
        }
    };
    (narrow(scope, all, filter), parent)
}

/// The statement's own table of living categories, each with the one at the top that it was reached from.
fn trees(scope: &StoreScope, tops: impl Iterator<Item = Uuid>) -> WithClause {
    use categories::{Column, Entity};
    let living = || scope.find::<Entity>().select_only().filter(Column::DeletedAt.is_null());
    let mut start = living()
        .column_as(Column::Id, "top")
        .column_as(Column::Id, "id")
        .filter(db::any_of(scope.conn(), Column::Id, tops))
        .into_query();
    let mut below = living().column_as(Expr::col(("tree", "top")), "top").column_as(Column::Id, "id").into_query();
    below.inner_join("tree", Expr::col((Entity, Column::ParentId)).equals(("tree", "id")));
    // Not `UNION ALL`: a circle, should there ever be one, then ends.
    start.union(UnionType::Distinct, below);
    let step = CommonTableExpression::new().table_name("tree").columns(["top", "id"]).query(start).to_owned();
    WithClause::new().recursive(true).cte(step).to_owned()
}

//! Every query and write of categories.

use entity::catalog::categories::{ActiveModel, Column, Entity, Model};
use entity::row::{Columns, Row};
use rules::ids::CategoryId;
use sea_orm::sea_query::{CommonTableExpression, Expr, ExprTrait, Query, UnionType, WithClause};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::types::CategorySort;
use crate::kernel::db::{Line, List};
use crate::kernel::error::taken;
use crate::kernel::page::{self, KeyKind, Sort, SortKey};
use crate::kernel::{Result, Scope, StoreScope, Tx, db, text};

/// How far a walk through the tree goes at the most: more than any tree is deep, so that a circle in
/// the rows, should there ever be one, ends the walk and not the server.
const LONGEST_WALK: i32 = 64;

/// Which categories to list.
#[derive(Debug, Clone, Default)]
pub struct CategoryFilter {
    pub parent: Option<CategoryId>,
    pub roots: bool,
    pub name_prefix: Option<String>,
    pub deleted: bool,
}

pub fn list(scope: &StoreScope, filter: &CategoryFilter) -> Select<Entity> {
    let mut select = scope.find::<Entity>();
    select = if filter.deleted {
        select.filter(Column::DeletedAt.is_not_null())
    } else {
        select.filter(Column::DeletedAt.is_null())
    };
    if filter.parent.is_some() || filter.roots {
        select = select.filter(under(filter.parent));
    }
    if let Some(prefix) = &filter.name_prefix {
        select = select.filter(db::starts_with(Column::SortName, &text::sort_key(prefix)));
    }
    select
}

pub fn sort(sort: CategorySort) -> Sort {
    let by_name = SortKey { expr: Expr::col((Entity, Column::SortName)), kind: KeyKind::Text };
    let by_position = SortKey { expr: Expr::col((Entity, Column::Position)), kind: KeyKind::SmallInteger };
    let (name, key, descending) = match sort {
        CategorySort::Position => ("categories:position", Some(by_position), false),
        CategorySort::Name => ("categories:name", Some(by_name), false),
        CategorySort::NameDescending => ("categories:name", Some(by_name), true),
        CategorySort::Newest => ("categories:id", None, true),
        CategorySort::Oldest => ("categories:id", None, false),
    };
    Sort { name, key, id: Expr::col((Entity, Column::Id)), descending }
}

/// The condition that a category stands directly under `parent`, or at the top.
fn under(parent: Option<CategoryId>) -> Expr {
    match parent {
        Some(parent) => Column::ParentId.eq(parent),
        None => Column::ParentId.is_null(),
    }
}

pub async fn find(scope: &StoreScope, id: CategoryId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// A living category.
pub async fn find_living(scope: &StoreScope, id: CategoryId) -> Result<Option<Model>> {
    Ok(find(scope, id).await?.filter(|row| row.deleted_at.is_none()))
}

/// A living category by its name in addresses.
///
/// # Errors
/// What the database says.
pub async fn find_by_slug(scope: &StoreScope, slug: &str) -> Result<Option<Model>> {
    let select = scope.find::<Entity>().filter(Column::Slug.eq(slug)).filter(Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?)
}

/// Categories by id, deleted ones too: whoever shows them decides.
///
/// # Errors
/// What the database says.
pub async fn list_by_ids(scope: &StoreScope, ids: &[CategoryId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// The living categories directly under any of these, in the merchant's order.
pub async fn list_children(scope: &StoreScope, parents: &[CategoryId]) -> Result<Vec<Model>> {
    let select = scope
        .find::<Entity>()
        .filter(db::any_of(scope.conn(), Column::ParentId, parents.iter().map(|id| id.0)))
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id);
    Ok(select.list(scope.conn()).await?)
}

/// How many living categories stand directly under `parent`, or at the top, `except` not counted.
pub async fn count_children(scope: &StoreScope, parent: Option<CategoryId>, except: Option<CategoryId>) -> Result<u64> {
    let mut select = scope.find::<Entity>().filter(under(parent)).filter(Column::DeletedAt.is_null());
    if let Some(except) = except {
        select = select.filter(Column::Id.ne(except));
    }
    page::count(scope, select).await
}

/// What stands above each of these, from the top down, in one statement; deleted ones too.
///
/// # Errors
/// What the database says.
pub async fn list_above(scope: &StoreScope, ids: &[CategoryId]) -> Result<Vec<(CategoryId, Model)>> {
    let starts = scope
        .find::<Entity>()
        .filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)))
        .filter(Column::ParentId.is_not_null())
        .select_only()
        .column_as(Column::Id, "start")
        .column_as(Column::ParentId, "id")
        .column_as(Expr::val(1), "steps")
        .into_query();
    let mut further = scope
        .find::<Entity>()
        .filter(Column::ParentId.is_not_null())
        .filter(Expr::col(("above", "steps")).lt(LONGEST_WALK))
        .select_only()
        .column_as(Expr::col(("above", "start")), "start")
        .column_as(Column::ParentId, "id")
        .column_as(Expr::col(("above", "steps")).add(1), "steps")
        .into_query();
    further.inner_join("above", Expr::col(("above", "id")).equals((Entity, Column::Id)));

    let mut select = scope
        .find::<Entity>()
        .column_as(Expr::col(("above", "start")), "start")
        .order_by_desc(Expr::col(("above", "steps")));
    QueryFilter::query(&mut select)
        .inner_join("above", Expr::col(("above", "id")).equals((Entity, Column::Id)))
        .with_cte(walk("above", &["start", "id", "steps"], starts, further));
    let statement = scope.conn().get_database_backend().build(select.as_query());
    let read = |line: &Line<'_>| Ok((line.column(Model::WIDTH, "start")?, Model::read(line)?));
    Ok(scope.conn().lines(statement, read).await?)
}

/// Everything below a category, deleted ones too, in one statement; not the category itself.
pub async fn list_below(scope: &StoreScope, id: CategoryId) -> Result<Vec<Model>> {
    let starts = scope
        .find::<Entity>()
        .filter(Column::ParentId.eq(id))
        .select_only()
        .column_as(Column::Id, "id")
        .column_as(Expr::val(1), "steps")
        .into_query();
    let mut further = scope
        .find::<Entity>()
        .filter(Expr::col(("below", "steps")).lt(LONGEST_WALK))
        .select_only()
        .column_as(Column::Id, "id")
        .column_as(Expr::col(("below", "steps")).add(1), "steps")
        .into_query();
    further.inner_join("below", Expr::col(("below", "id")).equals((Entity, Column::ParentId)));

    let below = Query::select().column("id").from("below").to_owned();
    let mut select = scope.find::<Entity>().filter(Column::Id.in_subquery(below));
    QueryFilter::query(&mut select).with_cte(walk("below", &["id", "steps"], starts, further));
    Ok(select.list(scope.conn()).await?)
}

/// The statement's own table of a walk: where it starts, and how it goes on.
fn walk(
    name: &'static str,
    columns: &[&'static str],
    mut starts: sea_orm::sea_query::SelectStatement,
    further: sea_orm::sea_query::SelectStatement,
) -> WithClause {
    starts.union(UnionType::Distinct, further);
    let steps = CommonTableExpression::new().table_name(name).columns(columns.iter().copied()).query(starts).to_owned();
    WithClause::new().recursive(true).cte(steps).to_owned()
}

/// Moves the living categories under `parent` from the place `from` on by `by` places, without `except`.
pub async fn shift_children(
    tx: &Tx<StoreScope>,
    parent: Option<CategoryId>,
    from: i32,
    by: i32,
    except: Option<CategoryId>,
) -> Result<()> {
    let mut update = tx
        .update_many::<Entity>()
        .col_expr(Column::Position, Expr::col(Column::Position).add(by))
        .filter(under(parent))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Position.gte(from));
    if let Some(except) = except {
        update = update.filter(Column::Id.ne(except));
    }
    update.exec(tx.conn()).await?;
    Ok(())
}

/// Puts these categories `by` levels deeper, or higher where below zero.
pub async fn deepen(tx: &Tx<StoreScope>, ids: impl IntoIterator<Item = CategoryId>, by: i32) -> Result<()> {
    tx.update_many::<Entity>()
        .col_expr(Column::Depth, Expr::col(Column::Depth).add(by))
        .filter(db::any_of(tx.conn(), Column::Id, ids.into_iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    let taken = taken("slug", "slug", "Another category has this slug: choose a different one.");
    tx.insert::<Entity>(row).await.map_err(taken)
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = sea_orm::ActiveValue::Set(before.version + 1);
    row.updated_at = sea_orm::ActiveValue::Set(tx.ctx().now());
    let taken = taken("slug", "slug", "Another category has this slug: choose a different one.");
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await
        .map_err(taken)?;
    Ok(rows.into_iter().next())
}

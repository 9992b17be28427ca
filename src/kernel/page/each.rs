//! The same page of many lists at once: for connections that stand inside lists.
//!
//! However many parents there are, it is one statement: a window over each parent's rows numbers them,
//! and those of the page are kept.

use std::collections::HashMap;

use entity::row::{Columns, Row};
use sea_orm::sea_query::{Asterisk, ColumnRef, Expr, ExprTrait, Query, SelectStatement, WindowStatement};
use sea_orm::{ConnectionTrait, EntityTrait, Order, QueryFilter, QuerySelect, QueryTrait, Select, Statement};
use uuid::Uuid;

use super::{Page, Placed, Slice, Sort, extra_columns, from_its_place, read, slice};
use crate::kernel::ctx::Ctx;
use crate::kernel::error::Result;
use crate::kernel::scope::Scope;

/// Reads the same page of each parent's list. `select` holds the tenant's filter, those of the caller and
/// that of the parents; `parent` is the column that tells whose row it is. A parent without rows is left out.
///
/// # Errors
/// What the database says.
pub fn fetch_each<E>(
    ctx: &Ctx,
    scope: &impl Scope,
    select: Select<E>,
    parent: impl Into<ColumnRef> + Clone,
    sort: &Sort,
    page: &Page,
) -> impl Future<Output = Result<HashMap<Uuid, Slice<E::Model>>>> + Send
where
    E: EntityTrait<Model: Row>,
{
    let backend = scope.conn().get_database_backend();
    let statement = ranked(select, parent, sort, page).map(|ranked| backend.build(&ranked));
    async move { placed_by_parent::<E>(ctx, scope, statement?, sort, page).await }
}

/// The page of each parent's list.
pub(super) fn ranked<E: EntityTrait>(
    select: Select<E>,
    parent: impl Into<ColumnRef> + Clone,
    sort: &Sort,
    page: &Page,
) -> Result<SelectStatement> {
    let (mut select, order) = from_its_place(select, sort, page)?;
    let mut window = WindowStatement::partition_by(parent.clone().into());
    if let Some(key) = &sort.key {
        window.order_by_expr(key.expr.clone(), order.clone());
    }
    window.order_by_expr(sort.id.clone(), order);
    QueryFilter::query(&mut select).expr_as(Expr::col(parent.into()), "parent").expr_window_as(
        Expr::cust("ROW_NUMBER()"),
        window.take(),
        "place",
    );
    Ok(Query::select()
        .column(Asterisk)
        .from_subquery(select.into_query(), "ranked")
        .and_where(Expr::col("place").lte(page.size + 1))
        .order_by("place", Order::Asc)
        .to_owned())
}

/// Reads the rows of many parents, in the order of their places: behind what its place is made of, each has its
/// parent.
pub(super) async fn placed_by_parent<E>(
    ctx: &Ctx,
    scope: &impl Scope,
    statement: Statement,
    sort: &Sort,
    page: &Page,
) -> Result<HashMap<Uuid, Slice<E::Model>>>
where
    E: EntityTrait<Model: Row>,
{
    let mut found: HashMap<Uuid, Vec<Placed<E::Model>>> = HashMap::new();
    let parent = E::Model::WIDTH + extra_columns(sort);
    let rows = scope.conn().lines(statement, |line| Ok((line.column(parent, "parent")?, read::<E>(line, sort)?)));
    for (parent, placed) in rows.await? {
        found.entry(parent).or_default().push(placed);
    }
    Ok(found.into_iter().map(|(parent, placed)| (parent, slice(ctx, sort, page, placed))).collect())
}

/// Counts each parent's rows. A parent without rows is left out.
///
/// # Errors
/// What the database says.
pub async fn count_each<E>(
    scope: &impl Scope,
    select: Select<E>,
    parent: impl Into<ColumnRef>,
) -> Result<HashMap<Uuid, u64>>
where
    E: EntityTrait,
{
    let rows = select.select_only().expr_as(Expr::col(parent.into()), "parent").into_query();
    let counted = Query::select()
        .column("parent")
        .expr_as(Expr::cust("COUNT(*)"), "total")
        .from_subquery(rows, "listed")
        .group_by_col("parent")
        .to_owned();
    let rows: Vec<(Uuid, i64)> = scope.conn().read(&counted).await?;
    Ok(rows.into_iter().map(|(parent, total)| (parent, u64::try_from(total).unwrap_or(0))).collect())
}

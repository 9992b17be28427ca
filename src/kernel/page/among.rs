//! Pages over many lists that together are one: a category with all that is below it.
//!
//! Each list stands in an index in the order of the page, all of them together do not. PostgreSQL takes the
//! beginning of each and merges those, so that a page costs what it holds and not what the lists hold.
//! SQLite can't look into one list after another, and sorts them.

use std::collections::HashMap;

use entity::row::Row;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, JoinType, Query, SelectStatement, SimpleExpr, WindowStatement};
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, Order, QueryFilter, QuerySelect, QueryTrait, Select, Statement,
};
use uuid::Uuid;

use super::each::{placed_by_parent, ranked};
use super::{Page, Slice, Sort, fetch, ordered};
use crate::kernel::ctx::Ctx;
use crate::kernel::error::Result;
use crate::kernel::scope::Scope;

/// Which lists.
pub struct Among {
    /// The id of each list, in the column `id`, beside that of the whole that it belongs to, in the column `top`.
    pub lists: SelectStatement,
    /// The column that tells in which list a row is; each row is in one.
    pub list: SimpleExpr,
}

/// Reads a page of one whole. `select` holds the tenant's filter and those of the caller.
///
/// # Errors
/// What the database says.
pub async fn fetch_within<E>(
    ctx: &Ctx,
    scope: &impl Scope,
    select: Select<E>,
    among: Among,
    sort: &Sort,
    page: &Page,
) -> Result<Slice<E::Model>>
where
    E: EntityTrait<Model: Row>,
{
    if scope.conn().get_database_backend() == DbBackend::Postgres {
        let found = fetch_among(ctx, scope, select, among, sort, page).await?;
        return Ok(found.into_values().next().unwrap_or_default());
    }
    let Among { lists, list } = among;
    let ids = Query::select().column("id").from_subquery(lists, "among").to_owned();
    fetch(ctx, scope, select.filter(list.in_subquery(ids)), sort, page).await
}

/// Reads the same page of each whole. One without rows is left out.
///
/// # Errors
/// What the database says.
pub fn fetch_among<E>(
    ctx: &Ctx,
    scope: &impl Scope,
    select: Select<E>,
    among: Among,
    sort: &Sort,
    page: &Page,
) -> impl Future<Output = Result<HashMap<Uuid, Slice<E::Model>>>> + Send
where
    E: EntityTrait<Model: Row>,
{
    let backend = scope.conn().get_database_backend();
    let statement = match backend {
        DbBackend::Postgres => merged(select, among, sort, page).map(|merged| backend.build(&merged)),
        _ => {
            let mut select = select;
            let in_list = among.list.eq(Expr::col(("among", "id")));
            QueryFilter::query(&mut select).join_subquery(JoinType::InnerJoin, among.lists, "among", in_list);
            ranked(select, ("among", "top"), sort, page).map(|ranked| backend.build(&ranked))
        }
    };
    async move {
        let statement = match backend {
            DbBackend::Postgres => with_its_limit(statement?, page.size + 1),
            _ => statement?,
        };
        placed_by_parent::<E>(ctx, scope, statement, sort, page).await
    }
}

/// The beginnings of the lists, merged for each whole.
fn merged<E: EntityTrait>(select: Select<E>, among: Among, sort: &Sort, page: &Page) -> Result<SelectStatement> {
    let in_list = among.list.eq(Expr::col(("among", "id")));
    let beginning = ordered(select.filter(in_list), sort, page)?.limit(page.size + 1).into_query();
    let order = page.order(sort);
    let mut window = WindowStatement::partition_by(("among", "top"));
    if sort.key.is_some() {
        window.order_by(("listed", "sort_key"), order.clone());
    }
    window.order_by(("listed", "sort_id"), order);
    let merged = Query::select()
        .column(("listed", Asterisk))
        .expr_as(Expr::col(("among", "top")), "parent")
        .expr_window_as(Expr::cust("ROW_NUMBER()"), window.take(), "place")
        .from_subquery(among.lists, "among")
        .join_lateral(JoinType::InnerJoin, beginning, "listed", Expr::cust("TRUE"))
        .to_owned();
    Ok(Query::select()
        .column(Asterisk)
        .from_subquery(merged, "merged")
        .and_where(Expr::col("place").lte(Expr::Constant((page.size + 1).into())))
        .order_by("place", Order::Asc)
        .to_owned())
}

/// Writes the limit, which is the last of a statement's values, into its text: a plan that is made for any limit
/// counts on a tenth of all rows, and sorts a whole list for the beginning of it.
fn with_its_limit(mut statement: Statement, limit: u64) -> Statement {
    if let Some(values) = &mut statement.values {
        let asked = format!("LIMIT ${}", values.0.len());
        values.0.pop();
        statement.sql = statement.sql.replacen(&asked, &format!("LIMIT {limit}"), 1);
    }
    statement
}

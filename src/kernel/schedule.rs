//! When something changes without being written, by the clock alone: a publication that begins, a price
//! that ends.
//!
//! A domain with such a column gives its moments with [`moments`]; a contract test goes through every
//! column of time there is. [`next`] finds the first of them all in one statement.

use chrono::{DateTime, Utc};
use entity::scope::TenantEntity;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait};

use super::error::Result;
use super::scope::{Scope, StoreScope};

/// The first moment after `now` in a column of a store's rows. The column has an index behind the store.
pub fn moments<E: TenantEntity>(scope: &StoreScope, column: E::Column, now: DateTime<Utc>) -> SelectStatement {
    scope.find::<E>().select_only().column_as(column.min(), "moment").filter(column.gt(now)).into_query()
}

/// The first of all moments; `None` where nothing ever changes by itself.
///
/// # Errors
/// What the database says.
pub async fn next(scope: &StoreScope, moments: Vec<SelectStatement>) -> Result<Option<DateTime<Utc>>> {
    let mut moments = moments.into_iter();
    let Some(mut all) = moments.next() else { return Ok(None) };
    all.unions(moments.map(|moment| (UnionType::All, moment)));
    let mut first = Query::select();
    first.expr_as(Expr::col(Alias::new("moment")).min(), Alias::new("moment"));
    first.from_subquery(all, Alias::new("moments"));
    let rows: Vec<(Option<DateTime<Utc>>,)> = scope.conn().read(&first).await?;
    Ok(rows.into_iter().find_map(|(moment,)| moment))
}

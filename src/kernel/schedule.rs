//! When something changes without being written, by the clock alone: a publication that begins, a price
//! that ends.
//!
//! A domain with such a column gives its moments with [`moments`]; a contract test goes through every
//! column of time there is. [`next`] finds the first of them all in one statement. What somebody has to do
//! about it is for the worker to find: [`waiting`] says which rows wait, [`stores_with`] where there are any.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::scope::TenantEntity;
use entity::tenancy::stores;
use rules::ids::StoreId;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::db::{Db, Mode, Role, Tuples};
use super::error::Result;
use super::scope::{PlatformScope, Scope, StoreScope};

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

/// Rows of stores that something has to be done about.
pub struct Waiting(SelectStatement);

/// The rows of a table that wait. The condition stands behind the store in an index.
pub fn waiting<E: TenantEntity>(which: Condition) -> Waiting {
    let of_store = Expr::col((E::default(), E::store_column())).equals((stores::Entity, stores::Column::Id));
    let mut rows = Query::select();
    rows.expr(Expr::val(1)).from(E::default().table_ref()).and_where(of_store).cond_where(which);
    Waiting(rows)
}

/// The stores that have rows that wait, by their ids from behind `after` on, `most` of them: one look into the index
/// a store, however many rows it has.
///
/// # Errors
/// `Busy` where no connection is free; what the database says.
pub async fn stores_with(db: &Db, waiting: Waiting, after: Option<StoreId>, most: u64) -> Result<Vec<StoreId>> {
    let conn = Arc::new(db.begin(Mode::Read, Role::Platform, None, Arc::default()).await?);
    let scope = PlatformScope::new(Arc::clone(&conn));
    let mut stores = scope.find::<stores::Entity>().select_only().column(stores::Column::Id);
    stores = stores.filter(Expr::exists(waiting.0)).order_by_asc(stores::Column::Id).limit(most);
    if let Some(after) = after {
        stores = stores.filter(stores::Column::Id.gt(after));
    }
    let rows: Result<Vec<(StoreId,)>, _> = stores.tuples(&conn).await;
    conn.rollback().await;
    Ok(rows?.into_iter().map(|(store,)| store).collect())
}

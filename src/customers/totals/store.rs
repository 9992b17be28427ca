//! Every query and write of customers' totals.

use entity::customers::customer_order_totals::{ActiveModel, Column, Entity, Model};
use entity::customers::customers;
use rules::Money;
use rules::ids::CustomerId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::OrderCount;
use crate::kernel::db::List;
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

pub async fn list_by_customers(scope: &StoreScope, customers: &[CustomerId]) -> Result<Vec<Model>> {
    let of_customers = db::any_of(scope.conn(), Column::CustomerId, customers.iter().map(|id| id.0));
    let select = scope.find::<Entity>().filter(of_customers).order_by_asc(Column::Currency);
    Ok(select.list(scope.conn()).await?)
}

/// How many orders a customer has, in all currencies.
///
/// # Errors
/// What the database says.
pub async fn orders_of(scope: &StoreScope, customer: CustomerId) -> Result<i64> {
    Ok(list_by_customers(scope, &[customer]).await?.iter().map(|row| row.orders).sum())
}

/// Whether customers with this e-mail address, as `identity::email` folds it, have orders.
///
/// # Errors
/// What the database says.
pub async fn has_ordered(scope: &StoreScope, email: &str) -> Result<bool> {
    let so_called = scope
        .find::<customers::Entity>()
        .select_only()
        .column(customers::Column::Id)
        .filter(customers::Column::EmailNormalized.eq(email))
        .into_query();
    let select = scope.find::<Entity>().filter(Column::Orders.gt(0));
    Ok(select.filter(Column::CustomerId.in_subquery(so_called)).first(scope.conn()).await?.is_some())
}

/// Adds to the totals, or takes away. The row is made first where there is none, and changed by one statement, so that
/// those who count at once wait for each other there; a check of the table keeps both numbers from falling below zero.
pub async fn count(tx: &Tx<StoreScope>, customer: CustomerId, count: OrderCount) -> Result<()> {
    let currency = count.spent.currency();
    let empty = ActiveModel {
        customer_id: Set(customer),
        currency: Set(currency),
        orders: Set(0),
        spent: Set(0),
        updated_at: Set(tx.ctx().now()),
        ..Default::default()
    };
    tx.insert_missing::<Entity>(&[Column::StoreId, Column::CustomerId, Column::Currency], vec![empty]).await?;
    tx.update_many::<Entity>()
        .col_expr(Column::Orders, Expr::col(Column::Orders).add(count.orders))
        .col_expr(Column::Spent, Expr::col(Column::Spent).add(count.spent.minor()))
        .col_expr(Column::UpdatedAt, Expr::value(tx.ctx().now()))
        .filter(Column::CustomerId.eq(customer))
        .filter(Column::Currency.eq(currency))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Adds what a guest has bought to the account that takes the guest in, and leaves nothing with the guest.
///
/// # Errors
/// What the database says.
pub async fn absorb(tx: &Tx<StoreScope>, guest: CustomerId, account: CustomerId) -> Result<()> {
    for row in list_by_customers(tx, &[guest]).await? {
        let money = |minor| Money::from_minor(minor, row.currency);
        count(tx, account, OrderCount { orders: row.orders, spent: money(row.spent) }).await?;
        count(tx, guest, OrderCount { orders: -row.orders, spent: money(-row.spent) }).await?;
    }
    Ok(())
}

//! Every query and write of customers' addresses.

use entity::customers::customer_addresses::{ActiveModel, Column, Entity, Model};
use rules::ids::{CustomerAddressId, CustomerId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::kernel::db::List;
use crate::kernel::tx::next_version;
use crate::kernel::{Result, Scope, StoreScope, Tx, db, page};

/// What an address can be the default for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Parcels.
    Shipping,
    /// Bills.
    Billing,
}

/// The addresses of customers, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn list_by_customers(scope: &StoreScope, customers: &[CustomerId]) -> Result<Vec<Model>> {
    let of_customers = db::any_of(scope.conn(), Column::CustomerId, customers.iter().map(|id| id.0));
    Ok(scope.find::<Entity>().filter(of_customers).order_by_asc(Column::Id).list(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[CustomerAddressId]) -> Result<Vec<Model>> {
    let ids = db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<Entity>().filter(ids).list(scope.conn()).await?)
}

pub async fn find(scope: &StoreScope, id: CustomerAddressId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn count(scope: &StoreScope, customer: CustomerId) -> Result<u64> {
    page::count(scope, scope.find::<Entity>().filter(Column::CustomerId.eq(customer))).await
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    Ok(tx.insert::<Entity>(row).await?)
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await?;
    Ok(rows.into_iter().next())
}

/// Leaves a customer without a default for this use, but for one address.
pub async fn clear_default(tx: &Tx<StoreScope>, customer: CustomerId, of: Use, but: CustomerAddressId) -> Result<()> {
    let column = match of {
        Use::Shipping => Column::IsDefaultShipping,
        Use::Billing => Column::IsDefaultBilling,
    };
    tx.update_many::<Entity>()
        .col_expr(column, Expr::value(false))
        .col_expr(Column::Version, next_version(Column::Version))
        .col_expr(Column::UpdatedAt, Expr::value(tx.ctx().now()))
        .filter(Column::CustomerId.eq(customer))
        .filter(Column::Id.ne(but))
        .filter(column.eq(true))
        .exec(tx.conn())
        .await?;
    Ok(())
}

pub async fn delete(tx: &Tx<StoreScope>, id: CustomerAddressId) -> Result<()> {
    tx.delete_many::<Entity>().filter(Column::Id.eq(id)).exec(tx.conn()).await?;
    Ok(())
}

/// Removes every address of a customer.
///
/// # Errors
/// What the database says.
pub async fn delete_of(tx: &Tx<StoreScope>, customer: CustomerId) -> Result<()> {
    tx.delete_many::<Entity>().filter(Column::CustomerId.eq(customer)).exec(tx.conn()).await?;
    Ok(())
}

/// Gives the addresses of a guest to the account that takes the guest in; what is default there stays so.
///
/// # Errors
/// What the database says.
pub async fn absorb(tx: &Tx<StoreScope>, guest: CustomerId, account: CustomerId) -> Result<()> {
    let row = ActiveModel {
        customer_id: Set(account),
        is_default_shipping: Set(false),
        is_default_billing: Set(false),
        ..Default::default()
    };
    tx.update_many::<Entity>().set(row).filter(Column::CustomerId.eq(guest)).exec(tx.conn()).await?;
    Ok(())
}

//! Queries and writes of what is to be done about payments.

use chrono::{DateTime, Utc};
use entity::orders::order_payment_tasks;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};

use crate::kernel::db::List;
use crate::kernel::schedule::{self, Waiting};
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

/// Writes tasks of an order that is held.
pub async fn save_tasks(tx: &Tx<StoreScope>, rows: Vec<order_payment_tasks::Model>) -> Result<()> {
    Ok(tx.save_many::<order_payment_tasks::Entity>(rows).await?)
}

/// The tasks of payments that are due.
pub fn due_tasks(now: DateTime<Utc>) -> Waiting {
    schedule::waiting::<order_payment_tasks::Entity>(is_due(now))
}

fn is_due(now: DateTime<Utc>) -> Condition {
    use order_payment_tasks::Column;
    Condition::all().add(Column::DoneAt.is_null()).add(Column::DueAt.lte(now))
}

/// Takes tasks of the store that are due, and makes them due again at `again`: for whoever takes them to have done them
/// by then. Passes over those that somebody holds.
///
/// # Errors
/// What the database says.
pub async fn claim_tasks(
    tx: &Tx<StoreScope>,
    again: DateTime<Utc>,
    most: u64,
) -> Result<Vec<order_payment_tasks::Model>> {
    use order_payment_tasks::{Column, Entity};
    let select = tx.find::<Entity>().filter(is_due(tx.ctx().now()));
    let select = select.order_by_asc(Column::DueAt).order_by_asc(Column::Id).limit(most);
    let rows = select.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked).list(tx.conn()).await?;
    if !rows.is_empty() {
        tx.update_many::<Entity>()
            .col_expr(Column::DueAt, Expr::value(again))
            .filter(db::any_of(tx.conn(), Column::Id, rows.iter().map(|row| row.id.0)))
            .exec(tx.conn())
            .await?;
    }
    Ok(rows)
}

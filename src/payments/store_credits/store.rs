//! Every query and write of store credit, its entries and what is kept of it.

use chrono::{DateTime, Utc};
use entity::payments::{store_credit_entries, store_credit_holds, store_credits};
use rules::Currency;
use rules::ids::{CustomerId, StoreCreditEntryId, StoreCreditId};
use rules::states::StoreCreditEntryKind;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::kernel::db::{List, Tuples};
use crate::kernel::page::Sort;
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

/// The newest first.
pub fn entry_sort() -> Sort {
    let id = Expr::col((store_credit_entries::Entity, store_credit_entries::Column::Id));
    Sort { name: "store_credit_entries:id", key: None, id, descending: true }
}

/// The entries of one.
pub fn entries(scope: &StoreScope, credit: StoreCreditId) -> Select<store_credit_entries::Entity> {
    scope.find::<store_credit_entries::Entity>().filter(store_credit_entries::Column::CreditId.eq(credit))
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[StoreCreditId]) -> Result<Vec<store_credits::Model>> {
    let of = db::any_of(scope.conn(), store_credits::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<store_credits::Entity>().filter(of).list(scope.conn()).await?)
}

/// Those of customers, in the order of their currencies.
pub async fn list_by_customers(scope: &StoreScope, customers: &[CustomerId]) -> Result<Vec<store_credits::Model>> {
    use store_credits::Column;
    let of = db::any_of(scope.conn(), Column::CustomerId, customers.iter().map(|id| id.0));
    Ok(scope.find::<store_credits::Entity>().filter(of).order_by_asc(Column::Currency).list(scope.conn()).await?)
}

pub async fn list_entries_by_ids(
    scope: &StoreScope,
    ids: &[StoreCreditEntryId],
) -> Result<Vec<store_credit_entries::Model>> {
    let of = db::any_of(scope.conn(), store_credit_entries::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<store_credit_entries::Entity>().filter(of).list(scope.conn()).await?)
}

fn of_customer(scope: &StoreScope, customer: CustomerId, currency: Currency) -> Select<store_credits::Entity> {
    use store_credits::Column;
    scope.find::<store_credits::Entity>().filter(Column::CustomerId.eq(customer)).filter(Column::Currency.eq(currency))
}

pub async fn find_of(
    scope: &StoreScope,
    customer: CustomerId,
    currency: Currency,
) -> Result<Option<store_credits::Model>> {
    Ok(of_customer(scope, customer, currency).first(scope.conn()).await?)
}

/// A customer's, held until the end of the transaction: nobody spends it meanwhile.
pub async fn lock_of(
    tx: &Tx<StoreScope>,
    customer: CustomerId,
    currency: Currency,
) -> Result<Option<store_credits::Model>> {
    Ok(of_customer(tx, customer, currency).lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// Some, held until the end of the transaction, in the order of their ids.
pub async fn lock(tx: &Tx<StoreScope>, ids: &[StoreCreditId]) -> Result<Vec<store_credits::Model>> {
    use store_credits::Column;
    let select = tx
        .find::<store_credits::Entity>()
        .filter(db::any_of(tx.conn(), Column::Id, ids.iter().map(|id| id.0)))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate);
    Ok(select.list(tx.conn()).await?)
}

/// Begins the store credit of a customer with its first entry, where there is none; where another has begun it at this
/// moment, nothing is written.
pub async fn begin(
    tx: &Tx<StoreScope>,
    (customer, currency): (CustomerId, Currency),
    amount: i64,
    note: Option<String>,
) -> Result<Option<store_credits::Model>> {
    use store_credits::Column;
    let now = tx.ctx().now();
    let row = store_credits::Model {
        store_id: tx.id(),
        id: tx.ctx().id(),
        customer_id: customer,
        currency,
        balance: amount,
        entry_count: 1,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let unique = [Column::StoreId, Column::CustomerId, Column::Currency];
    let mine = row.clone().into_active_model().reset_all();
    tx.insert_missing::<store_credits::Entity>(&unique, vec![mine]).await?;
    let Some(found) = lock_of(tx, customer, currency).await?.filter(|found| found.id == row.id) else {
        return Ok(None);
    };
    append(tx, &found, (StoreCreditEntryKind::Issued, amount), (None, note)).await?;
    Ok(Some(found))
}

/// Changes what there is of one that is held, with its entry. Tells whether there was so much; the condition stands in
/// the statement, so that nothing is spent twice even by whoever does not hold it.
pub async fn book(
    tx: &Tx<StoreScope>,
    credit: &store_credits::Model,
    (kind, amount): (StoreCreditEntryKind, i64),
    (owner, note): (Option<String>, Option<String>),
) -> Result<Option<store_credits::Model>> {
    use store_credits::Column;
    let booked = tx
        .update_many::<store_credits::Entity>()
        .col_expr(Column::Balance, Expr::col(Column::Balance).add(amount))
        .col_expr(Column::EntryCount, Expr::col(Column::EntryCount).add(1))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.ctx().now()))
        .filter(Column::Id.eq(credit.id))
        .filter(Expr::col(Column::Balance).add(amount).gte(0))
        .exec_with_returning(tx.conn())
        .await?;
    let Some(after) = booked.into_iter().next() else { return Ok(None) };
    append(tx, &after, (kind, amount), (owner, note)).await?;
    Ok(Some(after))
}

/// Appends an entry to one whose row has it already.
async fn append(
    tx: &Tx<StoreScope>,
    after: &store_credits::Model,
    (kind, amount): (StoreCreditEntryKind, i64),
    (owner, note): (Option<String>, Option<String>),
) -> Result<()> {
    let entry = store_credit_entries::Model {
        store_id: tx.id(),
        id: tx.ctx().id(),
        credit_id: after.id,
        sequence: after.entry_count,
        kind,
        amount,
        balance: after.balance,
        owner,
        note,
        created_at: tx.ctx().now(),
    };
    tx.insert::<store_credit_entries::Entity>(entry.into_active_model().reset_all()).await?;
    Ok(())
}

/// What was taken of one for an owner, less what was given back.
pub async fn taken_by(scope: &StoreScope, credit: StoreCreditId, owner: &str) -> Result<i64> {
    use store_credit_entries::Column;
    let sum = Expr::col(Column::Amount).sum().cast_as("BIGINT");
    let select = entries(scope, credit).filter(Column::Owner.eq(owner));
    let select = select.select_only().column(Column::CreditId).expr_as(sum, "taken").group_by(Column::CreditId);
    let rows: Vec<(StoreCreditId, i64)> = select.tuples(scope.conn()).await?;
    Ok(rows.first().map_or(0, |(_, sum)| -sum))
}

// --- what is kept ------------------------------------------------------------------------------------

/// What is kept for an owner, whether it still counts or not.
pub async fn list_holds(scope: &StoreScope, owner: &str) -> Result<Vec<store_credit_holds::Model>> {
    use store_credit_holds::Column;
    let select = scope.find::<store_credit_holds::Entity>().filter(Column::Owner.eq(owner));
    Ok(select.order_by_asc(Column::CreditId).list(scope.conn()).await?)
}

/// How much of one is kept for others now.
pub async fn kept_for_others(
    scope: &StoreScope,
    credit: StoreCreditId,
    owner: &str,
    now: DateTime<Utc>,
) -> Result<i64> {
    use store_credit_holds::Column;
    let select = scope.find::<store_credit_holds::Entity>().filter(Column::CreditId.eq(credit));
    let select = select.filter(Column::Owner.ne(owner)).filter(Column::ExpiresAt.gt(now));
    let holds = select.list(scope.conn()).await?;
    Ok(holds.iter().fold(0, |sum: i64, hold| sum.saturating_add(hold.amount)))
}

pub async fn save_hold(tx: &Tx<StoreScope>, row: store_credit_holds::Model) -> Result<()> {
    Ok(tx.save_many::<store_credit_holds::Entity>(vec![row]).await?)
}

pub async fn delete_holds(tx: &Tx<StoreScope>, owner: &str) -> Result<()> {
    use store_credit_holds::Column;
    tx.delete_many::<store_credit_holds::Entity>().filter(Column::Owner.eq(owner)).exec(tx.conn()).await?;
    Ok(())
}

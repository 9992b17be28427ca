//! Every query and write of promotions and of the counters beside them.

use chrono::{DateTime, Utc};
use entity::promotions::promotions::{ActiveModel, Column, Entity, Model};
use entity::promotions::{promotion_spending, promotion_usage};
use rules::Currency;
use rules::ids::PromotionId;
use rules::promotion::Caps;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, Select};

use super::types::{PromotionSort, PromotionStatus};
use crate::kernel::db::List;
use crate::kernel::page::{self, KeyKind, Sort, SortKey};
use crate::kernel::{Result, Scope, StoreScope, Tx, db, text};

/// Which promotions to list.
#[derive(Debug, Clone)]
pub struct PromotionFilter {
    pub status: Option<PromotionStatus>,
    /// The moment at which the status is looked at.
    pub now: DateTime<Utc>,
    pub name_prefix: Option<String>,
}

pub fn list(scope: &StoreScope, filter: &PromotionFilter) -> Select<Entity> {
    let mut select = living(scope);
    if let Some(status) = filter.status {
        select = select.filter(has_status(status, filter.now));
    }
    if let Some(prefix) = &filter.name_prefix {
        select = select.filter(db::starts_with(Column::SortName, &text::sort_key(prefix)));
    }
    select
}

/// Those that are not deleted.
fn living(scope: &StoreScope) -> Select<Entity> {
    scope.find::<Entity>().filter(Column::DeletedAt.is_null())
}

/// The condition that `PromotionStatus::of` answers this for a row.
fn has_status(status: PromotionStatus, now: DateTime<Utc>) -> Condition {
    let enabled = Condition::all().add(Column::Enabled.eq(true));
    let ended = Column::ValidTo.lte(now);
    match status {
        PromotionStatus::Disabled => Condition::all().add(Column::Enabled.eq(false)),
        PromotionStatus::Ended => enabled.add(ended),
        PromotionStatus::Scheduled => enabled.add(not_ended(now)).add(Column::ValidFrom.gt(now)),
        PromotionStatus::Active => {
            let begun = Condition::any().add(Column::ValidFrom.is_null()).add(Column::ValidFrom.lte(now));
            enabled.add(not_ended(now)).add(begun)
        }
    }
}

fn not_ended(now: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gt(now))
}

pub fn sort(sort: PromotionSort) -> Sort {
    let by_priority = SortKey { expr: Expr::col((Entity, Column::Priority)), kind: KeyKind::Integer };
    let by_name = SortKey { expr: Expr::col((Entity, Column::SortName)), kind: KeyKind::Text };
    let (name, key, descending) = match sort {
        PromotionSort::Priority => ("promotions:priority", Some(by_priority), false),
        PromotionSort::Name => ("promotions:name", Some(by_name), false),
        PromotionSort::NameDescending => ("promotions:name", Some(by_name), true),
        PromotionSort::Newest => ("promotions:id", None, true),
        PromotionSort::Oldest => ("promotions:id", None, false),
    };
    Sort { name, key, id: Expr::col((Entity, Column::Id)), descending }
}

/// A promotion that is not deleted.
pub async fn find_living(scope: &StoreScope, id: PromotionId) -> Result<Option<Model>> {
    Ok(living(scope).filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// The same, held until the end of the transaction.
pub async fn lock_living(tx: &Tx<StoreScope>, id: PromotionId) -> Result<Option<Model>> {
    Ok(living(tx).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[PromotionId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// What counts at a moment: all that is enabled and not over yet, and beside it those that are `named`, if they are
/// enabled, or `disabled`, if they are not deleted.
pub async fn list_offered(
    scope: &StoreScope,
    at: DateTime<Utc>,
    named: &[PromotionId],
    disabled: &[PromotionId],
) -> Result<Vec<Model>> {
    let mut in_time = Condition::any().add(not_ended(at));
    if !named.is_empty() {
        in_time = in_time.add(db::any_of(scope.conn(), Column::Id, named.iter().map(|id| id.0)));
    }
    let mut all = Condition::any().add(Condition::all().add(Column::Enabled.eq(true)).add(in_time));
    if !disabled.is_empty() {
        all = all.add(db::any_of(scope.conn(), Column::Id, disabled.iter().map(|id| id.0)));
    }
    Ok(living(scope).filter(all).order_by_asc(Column::Id).list(scope.conn()).await?)
}

/// How many other promotions are enabled and not over yet.
pub async fn count_offered(scope: &StoreScope, at: DateTime<Utc>, except: Option<PromotionId>) -> Result<u64> {
    let mut select = living(scope).filter(Column::Enabled.eq(true)).filter(not_ended(at));
    if let Some(except) = except {
        select = select.filter(Column::Id.ne(except));
    }
    page::count(scope, select).await
}

/// Writes a promotion with its counters, which stand at nothing.
pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel, caps: &Caps) -> Result<Model> {
    let row = tx.insert::<Entity>(row).await?;
    let usage = promotion_usage::ActiveModel {
        promotion_id: Set(row.id),
        uses: Set(0),
        maximum_uses: Set(caps.maximum_uses.map(signed)),
        ..Default::default()
    };
    tx.insert::<promotion_usage::Entity>(usage).await?;
    let budgets = caps.budget.iter().flat_map(|budget| budget.all()).map(|budget| promotion_spending::ActiveModel {
        promotion_id: Set(row.id),
        currency: Set(budget.currency()),
        spent: Set(0),
        budget: Set(Some(budget.minor())),
        ..Default::default()
    });
    tx.insert_many::<promotion_spending::Entity>(budgets.collect()).await?;
    Ok(row)
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

/// How often promotions were used, and how often they may be.
pub async fn list_usage(scope: &StoreScope, ids: &[PromotionId]) -> Result<Vec<promotion_usage::Model>> {
    use promotion_usage::Column;
    let of = db::any_of(scope.conn(), Column::PromotionId, ids.iter().map(|id| id.0));
    Ok(scope.find::<promotion_usage::Entity>().filter(of).list(scope.conn()).await?)
}

/// What promotions took off, in the order of the currencies; in one currency where it is given.
pub async fn list_spending(
    scope: &StoreScope,
    ids: &[PromotionId],
    currency: Option<Currency>,
) -> Result<Vec<promotion_spending::Model>> {
    use promotion_spending::Column;
    let of = db::any_of(scope.conn(), Column::PromotionId, ids.iter().map(|id| id.0));
    let mut select = scope.find::<promotion_spending::Entity>().filter(of).order_by_asc(Column::Currency);
    if let Some(currency) = currency {
        select = select.filter(Column::Currency.eq(currency));
    }
    Ok(select.list(scope.conn()).await?)
}

/// The same counters, held until the end of the transaction. Whoever changes one holds it first; they are held in
/// the order of the ids, so that no two orders wait for each other.
pub async fn lock_usage(tx: &Tx<StoreScope>, ids: &[PromotionId]) -> Result<Vec<promotion_usage::Model>> {
    use promotion_usage::Column;
    let of = db::any_of(tx.conn(), Column::PromotionId, ids.iter().map(|id| id.0));
    let select = tx.find::<promotion_usage::Entity>().filter(of).order_by_asc(Column::PromotionId);
    Ok(select.lock(LockType::NoKeyUpdate).list(tx.conn()).await?)
}

/// Writes how often a promotion may be used, and what it may take off. Whoever calls holds its counters, and has
/// seen that no more was used.
pub async fn set_limits(tx: &Tx<StoreScope>, id: PromotionId, caps: &Caps) -> Result<()> {
    tx.update_many::<promotion_usage::Entity>()
        .col_expr(promotion_usage::Column::MaximumUses, Expr::value(caps.maximum_uses.map(signed)))
        .filter(promotion_usage::Column::PromotionId.eq(id))
        .exec(tx.conn())
        .await?;
    let spending = list_spending(tx, &[id], None).await?;
    let budget_in = |currency| caps.budget.as_ref().and_then(|budget| budget.in_currency(currency));
    let mut rows: Vec<promotion_spending::Model> = spending
        .into_iter()
        .map(|row| promotion_spending::Model { budget: budget_in(row.currency).map(|budget| budget.minor()), ..row })
        .collect();
    for budget in caps.budget.iter().flat_map(|budget| budget.all()) {
        if !rows.iter().any(|row| row.currency == budget.currency()) {
            rows.push(promotion_spending::Model {
                store_id: tx.id(),
                promotion_id: id,
                currency: budget.currency(),
                spent: 0,
                budget: Some(budget.minor()),
            });
        }
    }
    Ok(tx.save_many::<promotion_spending::Entity>(rows).await?)
}

/// A count as the tables have it. None is that large.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

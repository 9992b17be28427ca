//! Every query and write of discount codes.

use chrono::{DateTime, Utc};
use entity::promotions::discount_codes::{ActiveModel, Column, Entity, Model};
use rules::ids::{DiscountCodeId, PromotionId};
use rules::promotion::DiscountCode as Rule;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::types::DiscountCodeSort;
use crate::kernel::db::{List, Tuples};
use crate::kernel::error::{Violation, ViolationKind, taken};
use crate::kernel::page::{KeyKind, Sort, SortKey};
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, db, text};
use crate::promotions::redemption::{BuyerKey, count_of_buyer};

const TAKEN: &str = "Another code of this store is written so; case does not count: choose a different one.";

/// Which codes to list.
#[derive(Debug, Clone, Default)]
pub struct CodeFilter {
    pub promotion: Option<PromotionId>,
    pub prefix: Option<String>,
    pub enabled: Option<bool>,
    pub used: Option<bool>,
}

pub fn list(scope: &StoreScope, filter: &CodeFilter) -> Select<Entity> {
    let mut select = living(scope);
    if let Some(promotion) = filter.promotion {
        select = select.filter(Column::PromotionId.eq(promotion));
    }
    if let Some(prefix) = &filter.prefix {
        select = select.filter(db::starts_with(Column::CodeNormalized, &text::fold(prefix)));
    }
    if let Some(enabled) = filter.enabled {
        select = select.filter(Column::Enabled.eq(enabled));
    }
    match filter.used {
        Some(true) => select = select.filter(Column::Used.gt(0)),
        Some(false) => select = select.filter(Column::Used.eq(0)),
        None => {}
    }
    select
}

/// Those that are not deleted.
fn living(scope: &StoreScope) -> Select<Entity> {
    scope.find::<Entity>().filter(Column::DeletedAt.is_null())
}

pub fn sort(sort: DiscountCodeSort) -> Sort {
    let by_code = SortKey { expr: Expr::col((Entity, Column::CodeNormalized)), kind: KeyKind::Text };
    let (name, key, descending) = match sort {
        DiscountCodeSort::Code => ("discount_codes:code", Some(by_code), false),
        DiscountCodeSort::CodeDescending => ("discount_codes:code", Some(by_code), true),
        DiscountCodeSort::Newest => ("discount_codes:id", None, true),
        DiscountCodeSort::Oldest => ("discount_codes:id", None, false),
    };
    Sort { name, key, id: Expr::col((Entity, Column::Id)), descending }
}

/// A code by its word, however it is written.
pub async fn find_by_code(scope: &StoreScope, code: &str) -> Result<Option<Model>> {
    Ok(living(scope).filter(Column::CodeNormalized.eq(text::fold(code))).first(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[DiscountCodeId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// Which of these words are taken, as they are compared.
pub async fn list_taken(scope: &StoreScope, words: &[String]) -> Result<Vec<String>> {
    let select = living(scope).filter(Column::CodeNormalized.is_in(words)).select_only().column(Column::CodeNormalized);
    let rows: Vec<(String,)> = select.tuples(scope.conn()).await?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// The codes that a buyer typed, as the rules want them, with what was used of each; those that are switched off are
/// left out. Runs no statement where there are none.
///
/// # Errors
/// What the database says.
pub async fn find_given(scope: &StoreScope, typed: &[String], buyer: Option<&BuyerKey>) -> Result<Vec<Rule>> {
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let mut words: Vec<String> = typed.iter().map(|code| text::fold(code)).collect();
    words.sort_unstable();
    words.dedup();
    let select = living(scope).filter(Column::Enabled.eq(true)).filter(Column::CodeNormalized.is_in(words));
    let rows = select.order_by_asc(Column::Id).list(scope.conn()).await?;
    let limited: Vec<DiscountCodeId> =
        rows.iter().filter(|row| row.limit_per_buyer.is_some()).map(|row| row.id).collect();
    let used = count_of_buyer(scope, &limited, buyer).await?;
    Ok(rows.iter().map(|row| in_rules(row, used.get(&row.id).copied().unwrap_or_default())).collect())
}

/// A code as the rules want it. Codes for one customer alone come with the customers of a store.
pub fn in_rules(row: &Model, used_by_buyer: i64) -> Rule {
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    Rule {
        code: row.code.clone(),
        promotion: row.promotion_id,
        customer: None,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        limit: row.usage_limit.map(count),
        limit_per_buyer: row.limit_per_buyer.map(count),
        used: count(row.used),
        used_by_buyer: count(used_by_buyer),
    }
}

/// A code that is not deleted, held until the end of the transaction: nobody uses it meanwhile.
pub async fn lock(tx: &Tx<StoreScope>, id: DiscountCodeId) -> Result<Option<Model>> {
    let select = living(tx).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(select.first(tx.conn()).await?)
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    tx.insert::<Entity>(row).await.map_err(taken("code_normalized", "code", TAKEN))
}

/// Writes codes that chance made.
///
/// # Errors
/// `Retry` where another transaction made one of them at the same time.
pub async fn insert_made(tx: &Tx<StoreScope>, rows: Vec<ActiveModel>) -> Result<()> {
    tx.insert_many::<Entity>(rows).await.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique => Error::Retry,
        _ => error.into(),
    })
}

/// Writes the set columns of a code that is held.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Model> {
    row.id = Set(before.id);
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    tx.update::<Entity>(row).await.map_err(taken("code_normalized", "code", TAKEN))
}

/// Deletes every code of a promotion.
///
/// # Errors
/// What the database says.
pub async fn delete_of(tx: &Tx<StoreScope>, promotion: PromotionId) -> Result<()> {
    let now: DateTime<Utc> = tx.ctx().now();
    tx.update_many::<Entity>()
        .col_expr(Column::DeletedAt, Expr::value(now))
        .filter(Column::PromotionId.eq(promotion))
        .filter(Column::DeletedAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

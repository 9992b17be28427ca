//! Every write of the counters and of the uses that they count.

use std::collections::HashMap;

use entity::promotions::{applied_promotions, code_redemptions, discount_codes, promotion_spending, promotion_usage};
use rules::Money;
use rules::ids::{DiscountCodeId, OrderId, PromotionId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};

use super::buyer::BuyerKey;
use crate::kernel::db::{List, Tuples};
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

// --- codes -----------------------------------------------------------------------------------------

/// The living codes with these words, as they are compared: held until the end of the transaction, in the order of
/// their ids.
pub async fn lock_codes(tx: &Tx<StoreScope>, words: &[String]) -> Result<Vec<discount_codes::Model>> {
    use discount_codes::Column;
    let select = tx
        .find::<discount_codes::Entity>()
        .filter(Column::CodeNormalized.is_in(words))
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate);
    Ok(select.list(tx.conn()).await?)
}

/// The same by their ids, deleted ones too.
pub async fn lock_codes_by_ids(tx: &Tx<StoreScope>, ids: &[DiscountCodeId]) -> Result<()> {
    use discount_codes::Column;
    let select = tx
        .find::<discount_codes::Entity>()
        .filter(db::any_of(tx.conn(), Column::Id, ids.iter().map(|id| id.0)))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate);
    select.list(tx.conn()).await?;
    Ok(())
}

/// What an order used of these codes, given back or not.
pub async fn list_redemptions(
    tx: &Tx<StoreScope>,
    order: OrderId,
    codes: &[DiscountCodeId],
) -> Result<Vec<code_redemptions::Model>> {
    use code_redemptions::Column;
    let of = db::any_of(tx.conn(), Column::CodeId, codes.iter().map(|id| id.0));
    let select = tx.find::<code_redemptions::Entity>().filter(Column::OrderId.eq(order)).filter(of);
    Ok(select.list(tx.conn()).await?)
}

/// How often one buyer used each of these codes, by orders that are not canceled.
pub async fn count_of_buyer(
    scope: &StoreScope,
    codes: &[DiscountCodeId],
    buyer: Option<&BuyerKey>,
) -> Result<HashMap<DiscountCodeId, i64>> {
    use code_redemptions::Column;
    let Some(buyer) = buyer.filter(|_| !codes.is_empty()) else { return Ok(HashMap::new()) };
    let select = scope
        .find::<code_redemptions::Entity>()
        .filter(db::any_of(scope.conn(), Column::CodeId, codes.iter().map(|id| id.0)))
        .filter(Column::Buyer.eq(buyer.to_string()))
        .filter(Column::CanceledAt.is_null())
        .select_only()
        .column(Column::CodeId)
        .column_as(Column::OrderId.count(), "orders")
        .group_by(Column::CodeId);
    let rows: Vec<(DiscountCodeId, i64)> = select.tuples(scope.conn()).await?;
    Ok(rows.into_iter().collect())
}

/// Counts one more use of a code; tells whether there was one left.
pub async fn count_code(tx: &Tx<StoreScope>, id: DiscountCodeId) -> Result<bool> {
    use discount_codes::Column;
    let counted = tx
        .update_many::<discount_codes::Entity>()
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .filter(Column::Id.eq(id))
        .filter(below(Column::Used, Column::UsageLimit))
        .exec(tx.conn())
        .await?;
    Ok(counted.rows_affected == 1)
}

/// Counts one use of a code less.
pub async fn uncount_code(tx: &Tx<StoreScope>, id: DiscountCodeId) -> Result<()> {
    use discount_codes::Column;
    tx.update_many::<discount_codes::Entity>()
        .col_expr(Column::Used, Expr::col(Column::Used).sub(1))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Writes a use of a code that is held, where the order has none, or gave it back.
pub async fn save_redemption(tx: &Tx<StoreScope>, row: code_redemptions::Model) -> Result<()> {
    Ok(tx.save_many::<code_redemptions::Entity>(vec![row]).await?)
}

/// The codes that an order uses.
pub async fn codes_of(tx: &Tx<StoreScope>, order: OrderId) -> Result<Vec<DiscountCodeId>> {
    use code_redemptions::Column;
    let select = tx.find::<code_redemptions::Entity>().filter(Column::OrderId.eq(order));
    let select = select.filter(Column::CanceledAt.is_null()).select_only().column(Column::CodeId);
    let rows: Vec<(DiscountCodeId,)> = select.tuples(tx.conn()).await?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// Gives back what an order uses of codes that are held, and answers what there was to give back.
pub async fn cancel_redemptions(
    tx: &Tx<StoreScope>,
    order: OrderId,
    codes: &[DiscountCodeId],
) -> Result<Vec<DiscountCodeId>> {
    use code_redemptions::{ActiveModel, Column, Entity};
    let rows = tx
        .update_many::<Entity>()
        .set(ActiveModel { canceled_at: Set(Some(tx.ctx().now())), ..Default::default() })
        .filter(Column::OrderId.eq(order))
        .filter(db::any_of(tx.conn(), Column::CodeId, codes.iter().map(|id| id.0)))
        .filter(Column::CanceledAt.is_null())
        .exec_with_returning(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| row.code_id).collect())
}

// --- promotions ------------------------------------------------------------------------------------

/// Holds the counters of promotions until the end of the transaction, in the order of their ids. Who holds a
/// promotion's uses holds its spending too.
pub async fn lock_promotions(tx: &Tx<StoreScope>, ids: &[PromotionId]) -> Result<()> {
    crate::promotions::store::lock_usage(tx, ids).await.map(drop)
}

/// What was applied to an order of these promotions, given back or not.
pub async fn list_applied(
    tx: &Tx<StoreScope>,
    order: OrderId,
    promotions: &[PromotionId],
) -> Result<Vec<applied_promotions::Model>> {
    use applied_promotions::Column;
    let of = db::any_of(tx.conn(), Column::PromotionId, promotions.iter().map(|id| id.0));
    let select = tx.find::<applied_promotions::Entity>().filter(Column::OrderId.eq(order)).filter(of);
    Ok(select.list(tx.conn()).await?)
}

/// Counts one more use of a promotion; tells whether there was one left.
pub async fn count_promotion(tx: &Tx<StoreScope>, id: PromotionId) -> Result<bool> {
    use promotion_usage::Column;
    let counted = tx
        .update_many::<promotion_usage::Entity>()
        .col_expr(Column::Uses, Expr::col(Column::Uses).add(1))
        .filter(Column::PromotionId.eq(id))
        .filter(below(Column::Uses, Column::MaximumUses))
        .exec(tx.conn())
        .await?;
    Ok(counted.rows_affected == 1)
}

/// Spends an amount of a promotion's budget; tells whether so much was left. A currency without a budget gets its
/// counter when something is first spent in it.
pub async fn spend(tx: &Tx<StoreScope>, id: PromotionId, amount: Money) -> Result<bool> {
    use promotion_spending::{ActiveModel, Column, Entity};
    let counter = ActiveModel {
        promotion_id: Set(id),
        currency: Set(amount.currency()),
        spent: Set(0),
        budget: Set(None),
        ..Default::default()
    };
    tx.insert_missing::<Entity>(&[Column::StoreId, Column::PromotionId, Column::Currency], vec![counter]).await?;
    let spent = || Expr::col(Column::Spent).add(amount.minor());
    let left = Condition::any().add(Column::Budget.is_null()).add(spent().lte(Expr::col(Column::Budget)));
    let counted = tx
        .update_many::<Entity>()
        .col_expr(Column::Spent, spent())
        .filter(Column::PromotionId.eq(id))
        .filter(Column::Currency.eq(amount.currency()))
        .filter(left)
        .exec(tx.conn())
        .await?;
    Ok(counted.rows_affected == 1)
}

/// Writes what was applied of a promotion that is held, where the order has nothing of it, or gave it back.
pub async fn save_applied(tx: &Tx<StoreScope>, row: applied_promotions::Model) -> Result<()> {
    Ok(tx.save_many::<applied_promotions::Entity>(vec![row]).await?)
}

/// The promotions that are applied to an order.
pub async fn promotions_of(tx: &Tx<StoreScope>, order: OrderId) -> Result<Vec<PromotionId>> {
    use applied_promotions::Column;
    let select = tx.find::<applied_promotions::Entity>().filter(Column::OrderId.eq(order));
    let select = select.filter(Column::CanceledAt.is_null()).select_only().column(Column::PromotionId);
    let rows: Vec<(PromotionId,)> = select.tuples(tx.conn()).await?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// Gives back what is applied to an order of promotions that are held, and answers what there was to give back.
pub async fn cancel_applied(
    tx: &Tx<StoreScope>,
    order: OrderId,
    promotions: &[PromotionId],
) -> Result<Vec<applied_promotions::Model>> {
    use applied_promotions::{ActiveModel, Column, Entity};
    let rows = tx
        .update_many::<Entity>()
        .set(ActiveModel { canceled_at: Set(Some(tx.ctx().now())), ..Default::default() })
        .filter(Column::OrderId.eq(order))
        .filter(db::any_of(tx.conn(), Column::PromotionId, promotions.iter().map(|id| id.0)))
        .filter(Column::CanceledAt.is_null())
        .exec_with_returning(tx.conn())
        .await?;
    Ok(rows)
}

/// Counts one use of a promotion less, and what it took off.
pub async fn uncount_promotion(tx: &Tx<StoreScope>, id: PromotionId, amount: Money) -> Result<()> {
    tx.update_many::<promotion_usage::Entity>()
        .col_expr(promotion_usage::Column::Uses, Expr::col(promotion_usage::Column::Uses).sub(1))
        .filter(promotion_usage::Column::PromotionId.eq(id))
        .exec(tx.conn())
        .await?;
    let spent = Expr::col(promotion_spending::Column::Spent).sub(amount.minor());
    tx.update_many::<promotion_spending::Entity>()
        .col_expr(promotion_spending::Column::Spent, spent)
        .filter(promotion_spending::Column::PromotionId.eq(id))
        .filter(promotion_spending::Column::Currency.eq(amount.currency()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Whether a counter stands below its limit, where there is one.
fn below(counter: impl ColumnTrait, limit: impl ColumnTrait) -> Condition {
    Condition::any().add(limit.is_null()).add(Expr::col(counter).lt(Expr::col(limit)))
}

//! Every query and write of gift cards, their entries and what is kept of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::payments::{gift_card_entries, gift_card_holds, gift_cards};
use rules::Currency;
use rules::ids::{GiftCardEntryId, GiftCardId};
use rules::states::{GiftCardEntryKind, GiftCardState};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::kernel::db::{List, Tuples};
use crate::kernel::page::Sort;
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

/// Which cards to list.
#[derive(Debug, Clone, Default)]
pub struct CardFilter {
    pub state: Option<GiftCardState>,
    pub currency: Option<Currency>,
    pub last_four: Option<String>,
}

pub fn list(scope: &StoreScope, filter: &CardFilter) -> Select<gift_cards::Entity> {
    use gift_cards::Column;
    let mut select = scope.find::<gift_cards::Entity>();
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state));
    }
    if let Some(currency) = filter.currency {
        select = select.filter(Column::Currency.eq(currency));
    }
    if let Some(end) = &filter.last_four {
        select = select.filter(Column::LastFour.eq(end.to_ascii_uppercase()));
    }
    select
}

/// The newest first.
pub fn sort() -> Sort {
    let id = Expr::col((gift_cards::Entity, gift_cards::Column::Id));
    Sort { name: "gift_cards:id", key: None, id, descending: true }
}

/// The newest first.
pub fn entry_sort() -> Sort {
    let id = Expr::col((gift_card_entries::Entity, gift_card_entries::Column::Id));
    Sort { name: "gift_card_entries:id", key: None, id, descending: true }
}

/// The entries of one card.
pub fn entries(scope: &StoreScope, card: GiftCardId) -> Select<gift_card_entries::Entity> {
    scope.find::<gift_card_entries::Entity>().filter(gift_card_entries::Column::CardId.eq(card))
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[GiftCardId]) -> Result<Vec<gift_cards::Model>> {
    let of = db::any_of(scope.conn(), gift_cards::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<gift_cards::Entity>().filter(of).list(scope.conn()).await?)
}

pub async fn list_entries_by_ids(scope: &StoreScope, ids: &[GiftCardEntryId]) -> Result<Vec<gift_card_entries::Model>> {
    let of = db::any_of(scope.conn(), gift_card_entries::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<gift_card_entries::Entity>().filter(of).list(scope.conn()).await?)
}

pub async fn find_by_hash(scope: &StoreScope, hash: Vec<u8>) -> Result<Option<gift_cards::Model>> {
    let select = scope.find::<gift_cards::Entity>().filter(gift_cards::Column::CodeHash.eq(hash));
    Ok(select.first(scope.conn()).await?)
}

/// Cards, held until the end of the transaction, in the order of their ids: nobody spends them meanwhile.
pub async fn lock(tx: &Tx<StoreScope>, ids: &[GiftCardId]) -> Result<Vec<gift_cards::Model>> {
    use gift_cards::Column;
    let select = tx
        .find::<gift_cards::Entity>()
        .filter(db::any_of(tx.conn(), Column::Id, ids.iter().map(|id| id.0)))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate);
    Ok(select.list(tx.conn()).await?)
}

pub async fn insert(tx: &Tx<StoreScope>, row: gift_cards::Model) -> Result<gift_cards::Model> {
    Ok(tx.insert::<gift_cards::Entity>(row.into_active_model().reset_all()).await?)
}

/// Writes the set columns of a card that is held.
pub async fn update(
    tx: &Tx<StoreScope>,
    before: &gift_cards::Model,
    mut row: gift_cards::ActiveModel,
) -> Result<gift_cards::Model> {
    row.id = Set(before.id);
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    Ok(tx.update::<gift_cards::Entity>(row).await?)
}

/// Changes what a card that is held is worth, with its entry. Tells whether it was worth so much; the condition stands
/// in the statement, so that nothing is spent twice even by whoever does not hold it.
pub async fn book(
    tx: &Tx<StoreScope>,
    card: &gift_cards::Model,
    (kind, amount): (GiftCardEntryKind, i64),
    (owner, note): (Option<String>, Option<String>),
) -> Result<Option<gift_cards::Model>> {
    use gift_cards::Column;
    let booked = tx
        .update_many::<gift_cards::Entity>()
        .col_expr(Column::Balance, Expr::col(Column::Balance).add(amount))
        .col_expr(Column::EntryCount, Expr::col(Column::EntryCount).add(1))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.ctx().now()))
        .filter(Column::Id.eq(card.id))
        .filter(Expr::col(Column::Balance).add(amount).gte(0))
        .exec_with_returning(tx.conn())
        .await?;
    let Some(after) = booked.into_iter().next() else { return Ok(None) };
    append(tx, &after, (kind, amount), (owner, note)).await?;
    Ok(Some(after))
}

/// Appends an entry to a card whose row has it already.
pub async fn append(
    tx: &Tx<StoreScope>,
    after: &gift_cards::Model,
    (kind, amount): (GiftCardEntryKind, i64),
    (owner, note): (Option<String>, Option<String>),
) -> Result<()> {
    let entry = gift_card_entries::Model {
        store_id: tx.id(),
        id: tx.ctx().id(),
        card_id: after.id,
        sequence: after.entry_count,
        kind,
        amount,
        balance: after.balance,
        owner,
        note,
        created_at: tx.ctx().now(),
    };
    tx.insert::<gift_card_entries::Entity>(entry.into_active_model().reset_all()).await?;
    Ok(())
}

/// What was taken of a card for an owner, less what was given back.
pub async fn taken_by(scope: &StoreScope, card: GiftCardId, owner: &str) -> Result<i64> {
    use gift_card_entries::Column;
    let sum = Expr::col(Column::Amount).sum().cast_as("BIGINT");
    let select = entries(scope, card).filter(Column::Owner.eq(owner));
    let select = select.select_only().column(Column::CardId).expr_as(sum, "taken").group_by(Column::CardId);
    let rows: Vec<(GiftCardId, i64)> = select.tuples(scope.conn()).await?;
    Ok(rows.first().map_or(0, |(_, sum)| -sum))
}

// --- what is kept ------------------------------------------------------------------------------------

/// What is kept for an owner, whether it still counts or not.
pub async fn list_holds(scope: &StoreScope, owner: &str) -> Result<Vec<gift_card_holds::Model>> {
    use gift_card_holds::Column;
    let select = scope.find::<gift_card_holds::Entity>().filter(Column::Owner.eq(owner));
    Ok(select.order_by_asc(Column::CardId).list(scope.conn()).await?)
}

/// How much of each card is kept for others now.
pub async fn kept_for_others(
    scope: &StoreScope,
    cards: &[GiftCardId],
    owner: &str,
    now: DateTime<Utc>,
) -> Result<HashMap<GiftCardId, i64>> {
    use gift_card_holds::Column;
    let of = db::any_of(scope.conn(), Column::CardId, cards.iter().map(|id| id.0));
    let select = scope.find::<gift_card_holds::Entity>().filter(of);
    let select = select.filter(Column::Owner.ne(owner)).filter(Column::ExpiresAt.gt(now));
    let mut kept: HashMap<GiftCardId, i64> = HashMap::new();
    for hold in select.list(scope.conn()).await? {
        let sum = kept.entry(hold.card_id).or_default();
        *sum = sum.saturating_add(hold.amount);
    }
    Ok(kept)
}

pub async fn save_hold(tx: &Tx<StoreScope>, row: gift_card_holds::Model) -> Result<()> {
    Ok(tx.save_many::<gift_card_holds::Entity>(vec![row]).await?)
}

pub async fn delete_holds(tx: &Tx<StoreScope>, owner: &str) -> Result<()> {
    use gift_card_holds::Column;
    tx.delete_many::<gift_card_holds::Entity>().filter(Column::Owner.eq(owner)).exec(tx.conn()).await?;
    Ok(())
}

//! Every query and write of orders.

mod parts;
mod tasks;
mod write;

use chrono::{DateTime, Utc};
use entity::orders::orders::{ActiveModel, Column, Entity, Model};
use entity::orders::{order_keys, order_tags as tag_rows, order_tokens};
use rules::ids::{CustomerId, DraftOrderId, OrderId};
use rules::states::{FulfillmentProgress, OrderStatus, PaymentStatus, ReturnProgress};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::placing::Source;
use super::types::OrderSort;
use crate::identity::secret::Hash;
use crate::kernel::db::List;
use crate::kernel::page::{KeyKind, Sort, SortKey};
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, db, text};

pub use parts::{
    list_addresses, list_attributions, list_discounts, list_history, list_lines, list_lines_by_ids, list_notes,
    list_open_tasks, list_payments, list_shipping_lines, list_tags, list_tasks, list_taxes, list_terms, payment,
};
pub use tasks::{claim_tasks, due_tasks, save_tasks};
pub use write::{
    NewOrder, insert, insert_history, insert_note, insert_token, move_customer, order_tags, replace_address,
    replace_tags, replace_words, save_payment, search_words, set_units, take_number, words,
};

/// Which orders to list.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    /// Words that each has to begin one of an order's.
    pub words: Vec<String>,
    pub statuses: Vec<OrderStatus>,
    pub payment_statuses: Vec<PaymentStatus>,
    pub fulfillment: Vec<FulfillmentProgress>,
    pub returns: Vec<ReturnProgress>,
    pub placed_from: Option<DateTime<Utc>>,
    pub placed_before: Option<DateTime<Utc>>,
    pub customer: Option<CustomerId>,
    pub tag: Option<String>,
}

pub fn list(scope: &StoreScope, filter: &OrderFilter) -> Select<Entity> {
    let mut select = scope.find::<Entity>();
    for word in &filter.words {
        let found = scope.find::<order_keys::Entity>().filter(db::starts_with(order_keys::Column::Word, word));
        let found = found.select_only().column(order_keys::Column::OrderId).into_query();
        select = select.filter(db::any_selected(scope.conn(), Column::Id, found));
    }
    if let Some(tag) = &filter.tag {
        let marked = scope.find::<tag_rows::Entity>().filter(tag_rows::Column::NameNormalized.eq(text::fold(tag)));
        let marked = marked.select_only().column(tag_rows::Column::OrderId).into_query();
        select = select.filter(db::any_selected(scope.conn(), Column::Id, marked));
    }
    if !filter.statuses.is_empty() {
        select = select.filter(Column::Status.is_in(filter.statuses.iter().copied()));
    }
    if !filter.payment_statuses.is_empty() {
        select = select.filter(Column::PaymentStatus.is_in(filter.payment_statuses.iter().copied()));
    }
    if !filter.fulfillment.is_empty() {
        select = select.filter(Column::FulfillmentProgress.is_in(filter.fulfillment.iter().copied()));
    }
    if !filter.returns.is_empty() {
        select = select.filter(Column::ReturnProgress.is_in(filter.returns.iter().copied()));
    }
    if let Some(from) = filter.placed_from {
        select = select.filter(Column::PlacedAt.gte(from));
    }
    if let Some(before) = filter.placed_before {
        select = select.filter(Column::PlacedAt.lt(before));
    }
    if let Some(customer) = filter.customer {
        select = select.filter(Column::CustomerId.eq(customer));
    }
    select
}

pub fn sort(sort: OrderSort) -> Sort {
    let number = || SortKey { expr: Expr::col((Entity, Column::Number)), kind: KeyKind::Integer };
    let total = || SortKey { expr: Expr::col((Entity, Column::Total)), kind: KeyKind::Integer };
    let (name, key, descending) = match sort {
        OrderSort::Newest => ("orders:id", None, true),
        OrderSort::Oldest => ("orders:id", None, false),
        OrderSort::Number => ("orders:number", Some(number()), false),
        OrderSort::NumberDescending => ("orders:number", Some(number()), true),
        OrderSort::Total => ("orders:total", Some(total()), false),
        OrderSort::TotalDescending => ("orders:total", Some(total()), true),
    };
    Sort { name, key, id: Expr::col((Entity, Column::Id)), descending }
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[OrderId]) -> Result<Vec<Model>> {
    let these = db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<Entity>().filter(these).list(scope.conn()).await?)
}

/// The orders that drafts became.
pub async fn list_by_drafts(scope: &StoreScope, drafts: &[DraftOrderId]) -> Result<Vec<Model>> {
    let these = db::any_of(scope.conn(), Column::DraftOrderId, drafts.iter().map(|id| id.0));
    Ok(scope.find::<Entity>().filter(these).list(scope.conn()).await?)
}

pub async fn find_by_number(scope: &StoreScope, number: i64) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Number.eq(number)).first(scope.conn()).await?)
}

/// The newest orders that were placed from a moment on and not called off, the newest first.
pub async fn list_placed_from(scope: &StoreScope, from: DateTime<Utc>, most: u64) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(Column::PlacedAt.gte(from)).filter(Column::CanceledAt.is_null());
    let select = select.order_by_desc(Column::PlacedAt).order_by_desc(Column::Id).limit(most);
    Ok(select.list(scope.conn()).await?)
}

/// The order that came of a cart or draft.
pub async fn find_by_source(scope: &StoreScope, source: Source) -> Result<Option<Model>> {
    let made_of = match source {
        Source::Cart(cart) => Column::CartId.eq(cart),
        Source::Draft(draft) => Column::DraftOrderId.eq(draft),
    };
    Ok(scope.find::<Entity>().filter(made_of).first(scope.conn()).await?)
}

/// The order that a secret shows at a moment.
pub async fn find_by_token(scope: &StoreScope, hash: &Hash, now: DateTime<Utc>) -> Result<Option<Model>> {
    use order_tokens::Column as Token;
    let is_good = Condition::any().add(Token::ExpiresAt.is_null()).add(Token::ExpiresAt.gt(now));
    let token = scope.find::<order_tokens::Entity>().filter(Token::TokenHash.eq(hash.to_vec())).filter(is_good);
    let Some(token) = token.first(scope.conn()).await? else { return Ok(None) };
    Ok(scope.find::<Entity>().filter(Column::Id.eq(token.order_id)).first(scope.conn()).await?)
}

/// An order, held until the end of the transaction: nobody changes it meanwhile.
pub async fn lock(tx: &Tx<StoreScope>, id: OrderId) -> Result<Option<Model>> {
    let select = tx.find::<Entity>().filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(select.first(tx.conn()).await?)
}

/// Writes the set columns of an order that is held.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Model> {
    row.id = Set(before.id);
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    tx.update::<Entity>(row).await.map_err(Error::from)
}

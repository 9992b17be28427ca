//! Every query and write of payments, of what was asked and of what happened, and of refunds.

use chrono::{DateTime, Utc};
use entity::payments::{payment_attempts, payment_events, payments, refunds};
use rules::ids::{CartId, OrderId, PaymentAttemptId, PaymentEventId, PaymentId, PaymentProviderId, RefundId};
use rules::states::{PaymentAttemptKind, PaymentAttemptState, PaymentStatus, RefundState};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::kernel::db::List;
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::page::Sort;
use crate::kernel::schedule::{self, Waiting};
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, db};

/// The states of a request whose end is not known.
const OPEN: [PaymentAttemptState; 4] = [
    PaymentAttemptState::Started,
    PaymentAttemptState::ActionRequired,
    PaymentAttemptState::Pending,
    PaymentAttemptState::Unknown,
];

// --- payments --------------------------------------------------------------------------------------

/// Which payments to list.
#[derive(Debug, Clone, Default)]
pub struct PaymentFilter {
    pub status: Option<PaymentStatus>,
    pub provider: Option<PaymentProviderId>,
    pub cart: Option<CartId>,
    pub order: Option<OrderId>,
    pub needs_review: Option<bool>,
}

pub fn list(scope: &StoreScope, filter: &PaymentFilter) -> Select<payments::Entity> {
    use payments::Column;
    let mut select = scope.find::<payments::Entity>();
    if let Some(status) = filter.status {
        select = select.filter(Column::Status.eq(status));
    }
    if let Some(provider) = filter.provider {
        select = select.filter(Column::ProviderId.eq(provider));
    }
    if let Some(cart) = filter.cart {
        select = select.filter(Column::CartId.eq(cart));
    }
    if let Some(order) = filter.order {
        select = select.filter(Column::OrderId.eq(order));
    }
    match filter.needs_review {
        Some(true) => select.filter(Column::Review.is_not_null()),
        Some(false) => select.filter(Column::Review.is_null()),
        None => select,
    }
}

/// The newest first.
pub fn sort() -> Sort {
    let id = Expr::col((payments::Entity, payments::Column::Id));
    Sort { name: "payments:id", key: None, id, descending: true }
}

/// Payments by their ids.
///
/// # Errors
/// What the database says.
pub async fn list_by_ids(scope: &StoreScope, ids: &[PaymentId]) -> Result<Vec<payments::Model>> {
    let of = db::any_of(scope.conn(), payments::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<payments::Entity>().filter(of).list(scope.conn()).await?)
}

pub async fn find(scope: &StoreScope, id: PaymentId) -> Result<Option<payments::Model>> {
    Ok(scope.find::<payments::Entity>().filter(payments::Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn find_by_key(scope: &StoreScope, key: &str) -> Result<Option<payments::Model>> {
    let select = scope.find::<payments::Entity>().filter(payments::Column::IdempotencyKey.eq(key));
    Ok(select.first(scope.conn()).await?)
}

pub async fn find_by_reference(
    scope: &StoreScope,
    provider: PaymentProviderId,
    reference: &str,
) -> Result<Option<payments::Model>> {
    use payments::Column;
    let select = scope.find::<payments::Entity>().filter(Column::ProviderId.eq(provider));
    Ok(select.filter(Column::Reference.eq(reference)).first(scope.conn()).await?)
}

/// One, held until the end of the transaction: nothing happens to it meanwhile.
pub async fn lock(tx: &Tx<StoreScope>, id: PaymentId) -> Result<Option<payments::Model>> {
    let select = tx.find::<payments::Entity>().filter(payments::Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(select.first(tx.conn()).await?)
}

/// Says whose order a payment pays.
///
/// # Errors
/// What the database says.
pub async fn belongs_to(tx: &Tx<StoreScope>, payment: PaymentId, order: OrderId) -> Result<()> {
    tx.update_many::<payments::Entity>()
        .col_expr(payments::Column::OrderId, Expr::value(order.0))
        .filter(payments::Column::Id.eq(payment))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Writes a new payment.
///
/// # Errors
/// `Retry` where another one has its key by now.
pub async fn insert(tx: &Tx<StoreScope>, row: payments::Model) -> Result<payments::Model> {
    let written = tx.insert::<payments::Entity>(row.into_active_model().reset_all()).await;
    written.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique => Error::Retry,
        _ => error.into(),
    })
}

/// Writes the set columns of a payment that is held.
pub async fn update(
    tx: &Tx<StoreScope>,
    before: &payments::Model,
    mut row: payments::ActiveModel,
) -> Result<payments::Model> {
    row.id = Set(before.id);
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    Ok(tx.update::<payments::Entity>(row).await?)
}

/// The payments of which somebody has to hear what they have come to.
pub fn unheard(_: DateTime<Utc>) -> Waiting {
    schedule::waiting::<payments::Entity>(Condition::all().add(payments::Column::Followed.eq(false)))
}

/// Those of the store, the oldest first.
pub async fn list_unheard(scope: &StoreScope, most: u64) -> Result<Vec<payments::Model>> {
    use payments::Column;
    let select = scope.find::<payments::Entity>().filter(Column::Followed.eq(false));
    Ok(select.order_by_asc(Column::Id).limit(most).list(scope.conn()).await?)
}

/// Says that a payment was followed as it is here; one that has come to more since is to be heard of again.
pub async fn set_followed(tx: &Tx<StoreScope>, heard: &payments::Model) -> Result<()> {
    use payments::Column;
    tx.update_many::<payments::Entity>()
        .col_expr(Column::Followed, Expr::value(true))
        .filter(Column::Id.eq(heard.id))
        .filter(Column::Version.eq(heard.version))
        .exec(tx.conn())
        .await?;
    Ok(())
}

// --- attempts --------------------------------------------------------------------------------------

pub async fn list_attempts(scope: &StoreScope, payments: &[PaymentId]) -> Result<Vec<payment_attempts::Model>> {
    use payment_attempts::Column;
    let of = db::any_of(scope.conn(), Column::PaymentId, payments.iter().map(|id| id.0));
    let select = scope.find::<payment_attempts::Entity>().filter(of).order_by_asc(Column::Id);
    Ok(select.list(scope.conn()).await?)
}

pub async fn list_attempts_by_ids(
    scope: &StoreScope,
    ids: &[PaymentAttemptId],
) -> Result<Vec<payment_attempts::Model>> {
    let of = db::any_of(scope.conn(), payment_attempts::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<payment_attempts::Entity>().filter(of).list(scope.conn()).await?)
}

pub async fn find_attempt(scope: &StoreScope, id: PaymentAttemptId) -> Result<Option<payment_attempts::Model>> {
    let select = scope.find::<payment_attempts::Entity>().filter(payment_attempts::Column::Id.eq(id));
    Ok(select.first(scope.conn()).await?)
}

/// Those of a payment whose end is not known.
pub async fn list_open(scope: &StoreScope, payment: PaymentId) -> Result<Vec<payment_attempts::Model>> {
    use payment_attempts::Column;
    let select = scope.find::<payment_attempts::Entity>().filter(Column::PaymentId.eq(payment));
    let select = select.filter(Column::State.is_in(OPEN)).order_by_asc(Column::Id);
    Ok(select.list(scope.conn()).await?)
}

/// Those that the provider is to be asked about by a moment.
pub fn due(now: DateTime<Utc>) -> Waiting {
    schedule::waiting::<payment_attempts::Entity>(is_due(now))
}

fn is_due(now: DateTime<Utc>) -> Condition {
    use payment_attempts::Column;
    Condition::all().add(Column::State.is_in(OPEN)).add(Column::AskFrom.lte(now))
}

/// Takes attempts of the store that are due, the longest waiting first, and makes them due again at `again`: for
/// whoever takes them to have asked by then. Passes over those that somebody holds.
pub async fn claim_due(tx: &Tx<StoreScope>, again: DateTime<Utc>, most: u64) -> Result<Vec<PaymentAttemptId>> {
    use payment_attempts::{Column, Entity};
    let select = tx.find::<Entity>().filter(is_due(tx.ctx().now()));
    let select = select.order_by_asc(Column::AskFrom).order_by_asc(Column::Id).limit(most);
    let rows = select.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked).list(tx.conn()).await?;
    if !rows.is_empty() {
        tx.update_many::<Entity>()
            .col_expr(Column::AskFrom, Expr::value(again))
            .filter(db::any_of(tx.conn(), Column::Id, rows.iter().map(|row| row.id.0)))
            .exec(tx.conn())
            .await?;
    }
    Ok(rows.into_iter().map(|row| row.id).collect())
}

pub async fn insert_attempt(tx: &Tx<StoreScope>, row: payment_attempts::Model) -> Result<payment_attempts::Model> {
    Ok(tx.insert::<payment_attempts::Entity>(row.into_active_model().reset_all()).await?)
}

/// Writes the set columns of an attempt, whose payment is held.
pub async fn update_attempt(
    tx: &Tx<StoreScope>,
    id: PaymentAttemptId,
    mut row: payment_attempts::ActiveModel,
) -> Result<payment_attempts::Model> {
    row.id = Set(id);
    Ok(tx.update::<payment_attempts::Entity>(row).await?)
}

/// Ends the open attempts of one kind, or of one refund.
pub async fn end_attempts(
    tx: &Tx<StoreScope>,
    payment: PaymentId,
    (kind, refund): (PaymentAttemptKind, Option<RefundId>),
    state: PaymentAttemptState,
) -> Result<()> {
    use payment_attempts::{ActiveModel, Column, Entity};
    let ended = ActiveModel { state: Set(state), finished_at: Set(Some(tx.ctx().now())), ..Default::default() };
    let mut update = tx.update_many::<Entity>().set(ended).filter(Column::PaymentId.eq(payment));
    update = update.filter(Column::Kind.eq(kind)).filter(Column::State.is_in(OPEN));
    if let Some(refund) = refund {
        update = update.filter(Column::RefundId.eq(refund));
    }
    update.exec(tx.conn()).await?;
    Ok(())
}

// --- events ----------------------------------------------------------------------------------------

/// What happened to payments, in the order in which it was heard of.
pub async fn list_events(scope: &StoreScope, payments: &[PaymentId]) -> Result<Vec<payment_events::Model>> {
    use payment_events::Column;
    let of = db::any_of(scope.conn(), Column::PaymentId, payments.iter().map(|id| id.0));
    let select = scope.find::<payment_events::Entity>().filter(of).order_by_asc(Column::Id);
    Ok(select.list(scope.conn()).await?)
}

pub async fn list_events_by_ids(scope: &StoreScope, ids: &[PaymentEventId]) -> Result<Vec<payment_events::Model>> {
    let of = db::any_of(scope.conn(), payment_events::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<payment_events::Entity>().filter(of).list(scope.conn()).await?)
}

pub async fn insert_event(tx: &Tx<StoreScope>, row: payment_events::Model) -> Result<payment_events::Model> {
    Ok(tx.insert::<payment_events::Entity>(row.into_active_model().reset_all()).await?)
}

// --- refunds ---------------------------------------------------------------------------------------

pub async fn list_refunds(scope: &StoreScope, payments: &[PaymentId]) -> Result<Vec<refunds::Model>> {
    use refunds::Column;
    let of = db::any_of(scope.conn(), Column::PaymentId, payments.iter().map(|id| id.0));
    Ok(scope.find::<refunds::Entity>().filter(of).order_by_asc(Column::Id).list(scope.conn()).await?)
}

pub async fn list_refunds_by_ids(scope: &StoreScope, ids: &[RefundId]) -> Result<Vec<refunds::Model>> {
    let of = db::any_of(scope.conn(), refunds::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<refunds::Entity>().filter(of).list(scope.conn()).await?)
}

pub async fn find_refund(scope: &StoreScope, id: RefundId) -> Result<Option<refunds::Model>> {
    Ok(scope.find::<refunds::Entity>().filter(refunds::Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn find_refund_by_key(scope: &StoreScope, key: &str) -> Result<Option<refunds::Model>> {
    let select = scope.find::<refunds::Entity>().filter(refunds::Column::IdempotencyKey.eq(key));
    Ok(select.first(scope.conn()).await?)
}

/// Writes a new refund.
///
/// # Errors
/// `Retry` where another one has its key by now.
pub async fn insert_refund(tx: &Tx<StoreScope>, row: refunds::Model) -> Result<refunds::Model> {
    let written = tx.insert::<refunds::Entity>(row.into_active_model().reset_all()).await;
    written.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique => Error::Retry,
        _ => error.into(),
    })
}

/// Writes where a refund stands, and what the provider knows it by, where that was not known.
pub async fn update_refund(
    tx: &Tx<StoreScope>,
    before: &refunds::Model,
    state: RefundState,
    reference: Option<String>,
) -> Result<refunds::Model> {
    let mut row = refunds::ActiveModel { id: Set(before.id), state: Set(state), ..Default::default() };
    row.updated_at = Set(tx.ctx().now());
    if before.reference.is_none() && reference.is_some() {
        row.reference = Set(reference);
    }
    Ok(tx.update::<refunds::Entity>(row).await?)
}

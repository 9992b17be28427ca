//! `orderCancel`: an order is called off.

use async_graphql::InputObject;
use entity::orders::orders::ActiveModel;
use rules::Money;
use rules::ids::OrderId;
use rules::state::order::CancelEffect;
use rules::states::OrderCancelReason;
use sea_orm::ActiveValue::Set;

use crate::customers::{OrderCount, count_order};
use crate::inventory::reservations::{self, Owner};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::orders::attributes::{MAX_NOTE, free_text};
use crate::orders::events::OrderCanceled;
use crate::orders::types::Order;
use crate::orders::{statuses, store, tasks, told};
use crate::promotions::redemption::give_back;

/// Why an order is called off.
#[derive(InputObject, Clone)]
pub struct OrderCancelInput {
    /// Why, as a word.
    pub reason: OrderCancelReason,
    /// Why, in words for the store's people; at most 5,000 characters.
    pub note: Option<String>,
}

/// Calls the order off: its stock is promised no longer, its codes and budgets are free again, and what its payments
/// hold is written down to be let go or given back. Once, however often it is asked (C24).
pub async fn run(ctx: &Ctx, (id, input, expected): (OrderId, OrderCancelInput, Option<i32>)) -> Result<Order> {
    let note = input.note.as_deref().map(|note| free_text("note", note, MAX_NOTE)).transpose()?;
    let mut tx = ctx.begin_store(Action::OrderCancel).await?;
    let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    if before.canceled_at.is_some() {
        return Ok(before.into());
    }
    input::expect_version(expected, before.version)?;
    let mut facts = statuses::facts(&tx, &before).await?;
    for effect in facts.cancel().map_err(Error::Conflict)? {
        match effect {
            CancelEffect::ReleaseStock => {
                reservations::release(&mut tx, &Owner::from(id), None).await?;
            }
            CancelEffect::GiveBackCodes => give_back(&tx, id).await?,
            // Written down below, payment by payment.
            CancelEffect::Void { .. } | CancelEffect::Refund { .. } => {}
        }
    }
    if let Some(customer) = before.customer_id {
        count_order(&tx, customer, OrderCount { orders: -1, spent: Money::zero(before.currency) }).await?;
    }
    let change = ActiveModel {
        canceled_at: Set(Some(ctx.now())),
        cancel_reason: Set(Some(input.reason)),
        ..ActiveModel::default()
    };
    let why = note.as_deref().unwrap_or(input.reason.name());
    let snapshot_before = told::snapshot(&tx, &before).await?;
    let after = statuses::restate(&tx, &before, change, &facts, Some(why)).await?;
    tasks::plan(&tx, &after).await?;
    let snapshot = told::snapshot(&tx, &after).await?;
    tx.emit(&OrderCanceled { order: snapshot.clone() })?;
    tx.commit(Audit::updated("order", id, &snapshot_before, &snapshot)).await?;
    Ok(after.into())
}

//! `orderLookup`: a letter that shows an order to whoever has the mailbox that it was placed with.
//!
//! The answer says nothing about whether there is such an order, and takes as long (rule A3): one letter is committed
//! either way. Where there is none it says so, to the owner of the mailbox alone.

use chrono::TimeDelta;
use entity::orders::orders::Model;
use rules::ids::{EmailMessageId, OrderId};
use rules::states::EmailTemplate;
use serde::Serialize;

use crate::identity::email;
use crate::identity::secret::Kind;
use crate::identity::throttle;
use crate::kernel::{Action, Audit, Ctx, Result};
use crate::messages::{self, Letter};
use crate::orders::events::OrderLookedUp;
use crate::orders::store;

/// How long the letter shows the order.
const SHOWN: TimeDelta = TimeDelta::hours(1);

/// What the audit log keeps.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LookedUp {
    order_id: OrderId,
}

/// Sends the letter. True, whether there is such an order or not.
pub async fn run(ctx: &Ctx, (number, raw): (i32, String)) -> Result<bool> {
    let store = ctx.store_context()?.id;
    let email = email::read("email", &raw)?;
    if let Some(until) = throttle::take(ctx, &throttle::customer_letters(ctx, store, &email.key)).await? {
        return Err(throttle::locked_out(until).into());
    }
    let found = store::find_by_number(&ctx.store().await?, number.into()).await?;
    let found = found.filter(|order| order.email_normalized.as_ref() == Some(&email.key));
    let recipient = email.address;
    match found {
        Some(order) => known(ctx, &order, recipient).await?,
        None => {
            let tx = ctx.begin_store(Action::OrderLookup).await?;
            let template = EmailTemplate::OrderLookupUnknown;
            messages::queue(&tx, Letter { template, recipient, name: None, token: None }).await?;
            tx.commit_unaudited("a letter to somebody who has no such order").await?;
        }
    }
    Ok(true)
}

async fn known(ctx: &Ctx, order: &Model, recipient: String) -> Result<()> {
    let mut tx = ctx.begin_store(Action::OrderLookup).await?;
    // It stands with the letter alone: the secret is made from it and the server's key, now and as the letter is sent.
    let token = ctx.id::<EmailMessageId>().0;
    let secret = messages::one_time(&ctx.settings().secret, Kind::Order, tx.id(), token);
    store::insert_token(&tx, order.id, &secret, ctx.now() + SHOWN).await?;
    let template = EmailTemplate::OrderLookup;
    messages::queue(&tx, Letter { template, recipient, name: None, token: Some(token) }).await?;
    tx.emit(&OrderLookedUp { order_id: order.id })?;
    tx.commit(Audit::done("order", &LookedUp { order_id: order.id })).await
}

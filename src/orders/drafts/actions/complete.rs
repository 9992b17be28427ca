//! `draftOrderComplete`: a draft becomes an order.

use entity::orders::draft_orders::{ActiveModel, Model};
use rules::ids::DraftOrderId;
use rules::states::DraftOrderStatus;
use sea_orm::ActiveValue::Set;

use crate::identity::secret::Secret;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::orders::attributes::from_json;
use crate::orders::drafts::events::{DraftOrderCompleted, DraftOrderSnapshot};
use crate::orders::drafts::priced::Facts;
use crate::orders::drafts::store;
use crate::orders::placing::{Placed, Placement, Source, place};
use crate::orders::store::find_by_source;
use crate::orders::types::Order;

/// Makes the order of the draft: once, whoever asks again gets the one that is there, without its secret. Its taxes are
/// worked out before the transaction, since a provider may have to be asked; where anything else is not what it was
/// then, all is worked out again.
pub async fn run(ctx: &Ctx, (id, expected): (DraftOrderId, Option<i32>)) -> Result<(Order, Option<Secret>)> {
    let (known, facts) = {
        let scope = ctx.store().await?;
        let known = store::find(&scope, id).await?.ok_or(Error::NotFound)?;
        if let Some(order) = find_by_source(&scope, Source::Draft(id)).await? {
            return Ok((order.into(), None));
        }
        input::expect_version(expected, known.version)?;
        let lines = store::list_lines(&scope, &[id]).await?;
        let facts = Facts::gather(ctx, &scope, &known, &lines).await?;
        (known, facts)
    };
    let refused = facts.refused_codes();
    if !refused.is_empty() {
        return Err(Error::Invalid(refused));
    }
    let taxes = facts.taxes(ctx).await?;

    let mut tx = ctx.begin_store(Action::DraftOrderComplete).await?;
    let draft = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    if let Some(order) = find_by_source(&tx, Source::Draft(id)).await? {
        return Ok((order.into(), None));
    }
    if draft.version != known.version {
        return Err(Error::Retry);
    }
    let lines = store::list_lines(&tx, &[id]).await?;
    let now = Facts::gather(ctx, &tx, &draft, &lines).await?;
    if now.basket != facts.basket || now.evaluation != facts.evaluation {
        return Err(Error::Retry);
    }
    let terms = now.terms(ctx, taxes);
    let Placed { order, secret } = place(&mut tx, placement(&draft, now, terms)?).await?;
    let change = ActiveModel {
        status: Set(DraftOrderStatus::Completed),
        completed_at: Set(Some(ctx.now())),
        ..ActiveModel::default()
    };
    let completed = store::update(&tx, &draft, change).await?;
    let snapshot = DraftOrderSnapshot::of(&completed, &lines);
    tx.emit(&DraftOrderCompleted { draft_order: snapshot.clone(), order_id: order.id })?;
    tx.commit(Audit::updated("draft_order", id, &DraftOrderSnapshot::of(&draft, &lines), &snapshot)).await?;
    Ok((order.into(), secret))
}

fn placement(draft: &Model, facts: Facts, terms: rules::totals::Terms) -> Result<Placement> {
    Ok(Placement {
        id: None,
        source: Source::Draft(draft.id),
        terms,
        lines: facts.lines,
        deliveries: facts.deliveries,
        own_discount: facts.own_discount,
        customer: draft.customer_id,
        email: facts.email,
        shipping_address: facts.shipping_address,
        billing_address: facts.billing_address,
        locale: draft.locale.clone(),
        note: draft.note.clone(),
        attributes: from_json(&draft.attributes)?,
        tags: from_json(&draft.tags)?,
        purchase_order_number: draft.purchase_order_number.clone(),
        organization_name: draft.organization_name.clone(),
        vat_number: draft.vat_number.clone(),
        attribution: None,
        payments: Vec::new(),
    })
}

//! `customerDelete`: a customer goes, and with it whatever says who it was.

use entity::customers::customers::ActiveModel;
use rules::ids::CustomerId;
use sea_orm::ActiveValue::Set;

use super::super::events::{CustomerDeleted, CustomerSnapshot};
use super::super::store;
use crate::customers::{accounts, addresses, segments};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Deletes the customer. The row stays, for orders that refer to it, and names nobody.
pub async fn run(ctx: &Ctx, id: CustomerId) -> Result<CustomerId> {
    let mut tx = ctx.begin_store(Action::CustomerDelete).await?;
    let before = store::hold_living(&tx, id).await?.ok_or(Error::NotFound)?;
    accounts::end_sessions(&mut tx, id, accounts::SessionEnd::Deleted).await?;
    accounts::forget(&tx, id).await?;
    addresses::delete_of(&tx, id).await?;
    segments::forget(&tx, id).await?;
    let tags = store::list_tags(&tx, &[id]).await?.into_iter().map(|row| row.tag).collect::<Vec<_>>();
    store::remove_tags(&tx, id, &tags).await?;
    let nobody = format!("{id}@deleted.invalid");
    let gone = ActiveModel {
        email: Set(nobody.clone()),
        email_normalized: Set(nobody.clone()),
        email_verified_at: Set(None),
        first_name: Set(None),
        last_name: Set(None),
        sort_name: Set(nobody),
        phone: Set(None),
        locale: Set(None),
        accepts_marketing: Set(false),
        marketing_changed_at: Set(None),
        marketing_source: Set(None),
        tax_exempt: Set(false),
        tax_exempt_reason: Set(None),
        company_name: Set(None),
        vat_number: Set(None),
        note: Set(None),
        metadata: Set(serde_json::json!({})),
        deleted_at: Set(Some(ctx.now())),
        ..Default::default()
    };
    store::update(&tx, &before, gone).await?.ok_or_else(input::stale)?;
    tx.emit(&CustomerDeleted { customer: CustomerSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("customer", id, &CustomerSnapshot::from(&before))).await?;
    Ok(id)
}

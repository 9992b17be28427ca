//! A guest becomes part of the account with the same mailbox, once that was proven (rule C3, never before).

use entity::customers::customers::{ActiveModel, Model};
use rules::states::CustomerKind;
use sea_orm::ActiveValue::Set;

use super::super::events::CustomerAbsorbed;
use super::super::store;
use crate::customers::{GuestAbsorbed, addresses, segments, totals};
use crate::kernel::{Action, Audit, Result, StoreScope, Tx, input};

/// Takes the guest with the account's mailbox in, where there is one: totals, addresses, tags and segments become the
/// account's, and the guest is no more. What else is the guest's follows through `H`, in the same transaction. The account is held by the
/// caller, who has just proven its mailbox.
///
/// # Errors
/// What the database says.
pub async fn absorb_guest<H: GuestAbsorbed>(tx: &mut Tx<StoreScope>, account: &Model) -> Result<()> {
    let Some(guest) = store::find_by_email(tx, CustomerKind::Guest, &account.email_normalized).await? else {
        return Ok(());
    };
    let Some(guest) = store::hold_living(tx, guest.id).await? else { return Ok(()) };
    // First: whoever notes what became of an order holds it before its customer's totals.
    H::absorbed(tx, guest.id, account.id).await?;
    totals::absorb(tx, guest.id, account.id).await?;
    addresses::absorb(tx, guest.id, account.id).await?;
    segments::absorb(tx, guest.id, account.id).await?;
    let tags = store::list_tags(tx, &[guest.id]).await?.into_iter().map(|row| row.tag).collect::<Vec<_>>();
    store::add_tags(tx, account.id, &tags).await?;
    let gone = ActiveModel {
        merged_into_id: Set(Some(account.id)),
        deleted_at: Set(Some(tx.ctx().now())),
        ..Default::default()
    };
    store::update(tx, &guest, gone).await?.ok_or_else(input::stale)?;
    let absorbed = CustomerAbsorbed { customer_id: account.id, guest_id: guest.id };
    tx.emit(&absorbed)?;
    tx.audit(Action::CustomerAbsorb, Audit::done("customer", &absorbed)).await
}

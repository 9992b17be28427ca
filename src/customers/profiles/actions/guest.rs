//! Who buys without an account: the door for checkouts.

use entity::customers::customers::Model;
use rules::ErrorCode;
use rules::ids::CustomerId;
use rules::states::CustomerKind;
use sea_orm::ActiveValue::Set;

use super::super::events::{CustomerCreated, CustomerSnapshot};
use super::super::store;
use super::create::empty;
use super::fields::sort_name;
use crate::identity::email::Email;
use crate::kernel::{Action, Audit, Error, Result, StoreScope, Tx};

/// The customer who buys, kept as it is until the transaction ends: the account, where a guest became part of one.
///
/// # Errors
/// `NotFound` where there is no such customer.
pub async fn hold_buyer(tx: &Tx<StoreScope>, id: CustomerId) -> Result<CustomerId> {
    let buyer = store::keep(tx, id).await?.ok_or(Error::NotFound)?;
    Ok(buyer.merged_into_id.unwrap_or(buyer.id))
}

/// The guest with this e-mail address, made where there is none. Never an account with it: a guest who types the
/// address of an account neither reads nor changes that one (rule C3). Works inside the caller's transaction, and
/// leaves an audit entry of its own there.
///
/// # Errors
/// `Retry` where another transaction makes the same guest.
pub async fn find_or_create_guest(tx: &mut Tx<StoreScope>, email: &Email) -> Result<Model> {
    if let Some(guest) = store::find_by_email(tx, CustomerKind::Guest, &email.key).await? {
        // Whoever is absorbed at this moment buys nothing any more.
        return store::keep(tx, guest.id).await?.filter(|guest| guest.deleted_at.is_none()).ok_or(Error::Retry);
    }
    let mut row = empty(tx.ctx());
    row.email = Set(email.address.clone());
    row.email_normalized = Set(email.key.clone());
    row.sort_name = Set(sort_name(&row, None));
    let guest = match store::insert(tx, row).await {
        Err(Error::Conflict(problem)) if problem.code == ErrorCode::Taken => return Err(Error::Retry),
        guest => guest?,
    };
    tx.emit(&CustomerCreated { customer: CustomerSnapshot::from(&guest) })?;
    tx.audit(Action::CustomerCreate, Audit::created("customer", guest.id, &CustomerSnapshot::from(&guest))).await?;
    Ok(guest)
}

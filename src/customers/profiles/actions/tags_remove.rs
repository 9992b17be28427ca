//! `customerTagsRemove`: words are taken off a customer.

use rules::ids::CustomerId;

use super::super::events::CustomerTagsChanged;
use super::super::store;
use super::super::types::Customer;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Takes the tags off.
pub async fn run(ctx: &Ctx, (id, tags): (CustomerId, Vec<String>)) -> Result<Customer> {
    let tags = super::tags(ctx, &tags)?;
    let mut tx = ctx.begin_store(Action::CustomerTagsRemove).await?;
    let customer = store::hold_living(&tx, id).await?.ok_or(Error::NotFound)?;
    store::remove_tags(&tx, id, &tags).await?;
    let changed = CustomerTagsChanged { customer_id: id, added: Vec::new(), removed: tags };
    tx.emit(&changed)?;
    tx.commit(Audit::done("customer", &changed)).await?;
    Ok(customer.into())
}

//! `customerTagsAdd`: a customer is marked with words.

use std::collections::HashSet;

use rules::ids::CustomerId;
use rules::{ErrorCode, Problem};

use super::super::events::CustomerTagsChanged;
use super::super::store;
use super::super::types::Customer;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, text};

/// Puts the tags on.
pub async fn run(ctx: &Ctx, (id, tags): (CustomerId, Vec<String>)) -> Result<Customer> {
    let tags = super::tags(ctx, &tags)?;
    let mut tx = ctx.begin_store(Action::CustomerTagsAdd).await?;
    let customer = store::hold_living(&tx, id).await?.ok_or(Error::NotFound)?;
    put_on(&tx, id, &tags).await?;
    let changed = CustomerTagsChanged { customer_id: id, added: tags, removed: Vec::new() };
    tx.emit(&changed)?;
    tx.commit(Audit::done("customer", &changed)).await?;
    Ok(customer.into())
}

/// Puts tags on a customer who is held, as long as there is room.
///
/// # Errors
/// `Conflict` with `LIMIT_REACHED`.
pub async fn put_on(tx: &Tx<StoreScope>, customer: CustomerId, tags: &[String]) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    let there = store::list_tags(tx, &[customer]).await?.into_iter().map(|row| row.tag_normalized);
    let all: HashSet<String> = there.chain(tags.iter().map(|tag| text::fold(tag))).collect();
    if all.len() > super::MAX_TAGS {
        let message = format!("A customer has {} tags at the most.", super::MAX_TAGS);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "tags", message)));
    }
    // Twins in the list are one tag: the first one's spelling stays.
    let mut seen = HashSet::new();
    let once: Vec<String> = tags.iter().filter(|tag| seen.insert(text::fold(tag))).cloned().collect();
    store::add_tags(tx, customer, &once).await
}

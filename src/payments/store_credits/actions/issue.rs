//! `storeCreditIssue`: a customer is given credit.

use rules::ErrorCode;
use rules::Problem;
use rules::ids::CustomerId;
use rules::money::MoneyInput;
use rules::states::{CustomerKind, StoreCreditEntryKind};

use super::super::events::{StoreCreditIssued, StoreCreditSnapshot};
use super::super::store;
use super::super::types::StoreCredit;
use super::{MAX_BALANCE, read, refuse};
use crate::customers;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Gives the credit. A guest can't be given any: nobody could prove that it is theirs.
pub async fn run(ctx: &Ctx, (id, amount, note): (CustomerId, MoneyInput, Option<String>)) -> Result<StoreCredit> {
    let (amount, note) = read(amount, note.as_deref())?;
    let currency = amount.currency();
    if !ctx.store_context()?.currencies.contains(&currency) {
        return refuse(ErrorCode::CurrencyNotEnabled, "The store does not sell in this currency.");
    }
    let mut tx = ctx.begin_store(Action::StoreCreditIssue).await?;
    let customer = customers::find_living(&tx, id).await?;
    let customer = customer.ok_or_else(|| input::not_found("customerId", "customer"))?;
    if customer.kind == CustomerKind::Guest {
        let message = "A guest has no account to keep credit in: invite the customer to sign up first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "customerId", message)));
    }
    let before = store::lock_of(&tx, id, currency).await?;
    let most = MAX_BALANCE.saturating_mul(currency.minor_units());
    let will_be = before.as_ref().map_or(0, |before| before.balance).checked_add(amount.minor());
    if will_be.is_none_or(|will_be| will_be >= most) {
        return refuse(ErrorCode::OutOfRange, "The customer would have too much: a thousand million at the most.");
    }
    let (after, audit) = match before {
        Some(before) => {
            let entry = (StoreCreditEntryKind::Issued, amount.minor());
            let after = store::book(&tx, &before, entry, (None, note)).await?.ok_or(Error::Retry)?;
            let (old, new) = (StoreCreditSnapshot::from(&before), StoreCreditSnapshot::from(&after));
            let audit = Audit::updated("store_credit", after.id, &old, &new);
            (after, audit)
        }
        None => {
            let after = store::begin(&tx, (id, currency), amount.minor(), note).await?.ok_or(Error::Retry)?;
            let audit = Audit::created("store_credit", after.id, &StoreCreditSnapshot::from(&after));
            (after, audit)
        }
    };
    tx.emit(&StoreCreditIssued { store_credit: StoreCreditSnapshot::from(&after), amount })?;
    tx.commit(audit).await?;
    Ok(after.into())
}

//! `storeCreditDebit`: credit is taken away from a customer.

use rules::ids::CustomerId;
use rules::money::MoneyInput;
use rules::states::StoreCreditEntryKind;
use rules::{ErrorCode, Money};

use super::super::events::{StoreCreditDebited, StoreCreditSnapshot};
use super::super::store;
use super::super::types::StoreCredit;
use super::{read, refuse};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Takes the credit away, of what is not kept for a payment at this moment.
pub async fn run(ctx: &Ctx, (id, amount, note): (CustomerId, MoneyInput, Option<String>)) -> Result<StoreCredit> {
    let (amount, note) = read(amount, note.as_deref())?;
    let mut tx = ctx.begin_store(Action::StoreCreditDebit).await?;
    let Some(before) = store::lock_of(&tx, id, amount.currency()).await? else {
        let message = format!("The customer has no store credit in {}.", amount.currency());
        return refuse(ErrorCode::StoreCreditShort, message);
    };
    let kept = store::kept_for_others(&tx, before.id, "", ctx.now()).await?;
    let left = Money::from_minor(before.balance.saturating_sub(kept), before.currency);
    if amount.minor() > left.minor() {
        return refuse(ErrorCode::StoreCreditShort, format!("At most {left} can be taken away."));
    }
    let entry = (StoreCreditEntryKind::Debited, -amount.minor());
    let after = store::book(&tx, &before, entry, (None, note)).await?.ok_or(Error::Retry)?;
    tx.emit(&StoreCreditDebited { store_credit: StoreCreditSnapshot::from(&after), amount })?;
    let (old, new) = (StoreCreditSnapshot::from(&before), StoreCreditSnapshot::from(&after));
    tx.commit(Audit::updated("store_credit", before.id, &old, &new)).await?;
    Ok(after.into())
}

//! What of store credit is kept for a checkout, taken, and given back.

use chrono::{DateTime, Utc};
use entity::payments::store_credit_holds;
use rules::ids::{CustomerId, StoreCreditId};
use rules::states::StoreCreditEntryKind;
use rules::{Currency, ErrorCode, Money, Problem};

use super::events::{StoreCreditGivenBack, StoreCreditSnapshot, StoreCreditTaken};
use super::store;
use crate::kernel::{Action, Audit, Error, Result, StoreScope, Tx};

/// The problem of store credit that is not there any more.
fn short() -> Error {
    let message = "There is less store credit than that by now: look at the cart again.";
    Error::Conflict(Problem::new(ErrorCode::StoreCreditShort, "storeCredit", message))
}

/// How much `owner` can pay with of a customer's, less what others keep.
///
/// # Errors
/// What the database says.
pub async fn available(
    scope: &StoreScope,
    owner: &str,
    (customer, currency): (CustomerId, Currency),
    now: DateTime<Utc>,
) -> Result<Money> {
    let Some(credit) = store::find_of(scope, customer, currency).await? else { return Ok(Money::zero(currency)) };
    let kept = store::kept_for_others(scope, credit.id, owner, now).await?;
    Ok(Money::from_minor(credit.balance.saturating_sub(kept).max(0), currency))
}

/// Keeps what there is of a customer's for `owner`, `most` at the most, until a moment; none where there is nothing.
///
/// # Errors
/// What the database says.
pub async fn hold(
    tx: &Tx<StoreScope>,
    owner: &str,
    customer: CustomerId,
    most: Money,
    until: DateTime<Utc>,
) -> Result<Option<(StoreCreditId, Money)>> {
    let now = tx.ctx().now();
    let Some(credit) = store::lock_of(tx, customer, most.currency()).await? else { return Ok(None) };
    let kept = store::kept_for_others(tx, credit.id, owner, now).await?;
    let amount = credit.balance.saturating_sub(kept).min(most.minor());
    if amount < 1 {
        return Ok(None);
    }
    let row = store_credit_holds::Model {
        store_id: tx.id(),
        credit_id: credit.id,
        owner: owner.to_owned(),
        amount,
        expires_at: until,
        created_at: now,
    };
    store::save_hold(tx, row).await?;
    Ok(Some((credit.id, Money::from_minor(amount, credit.currency))))
}

/// Takes what is kept for `owner`. A hold that is over is taken all the same where nobody else has spent or kept it
/// meanwhile.
///
/// # Errors
/// `Conflict` with `STORE_CREDIT_SHORT` where that can't be; then nothing is taken.
pub async fn take(tx: &mut Tx<StoreScope>, owner: &str) -> Result<Vec<(StoreCreditId, Money)>> {
    let now = tx.ctx().now();
    let ids: Vec<_> = store::list_holds(tx, owner).await?.iter().map(|hold| hold.credit_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let credits = store::lock(tx, &ids).await?;
    let mut taken = Vec::with_capacity(ids.len());
    // Read again behind the locks: another run of the same checkout may have taken it.
    for hold in store::list_holds(tx, owner).await? {
        let credit = credits.iter().find(|credit| credit.id == hold.credit_id).ok_or_else(short)?;
        let kept = store::kept_for_others(tx, credit.id, owner, now).await?;
        if credit.balance.saturating_sub(kept) < hold.amount {
            return Err(short());
        }
        let entry = (StoreCreditEntryKind::Taken, -hold.amount);
        let after = store::book(tx, credit, entry, (Some(owner.to_owned()), None)).await?.ok_or_else(short)?;
        let amount = Money::from_minor(hold.amount, credit.currency);
        let (old, new) = (StoreCreditSnapshot::from(credit), StoreCreditSnapshot::from(&after));
        tx.audit(Action::StoreCreditTake, Audit::updated("store_credit", credit.id, &old, &new)).await?;
        tx.emit(&StoreCreditTaken { store_credit: new, amount, owner: owner.to_owned() })?;
        taken.push((credit.id, amount));
    }
    store::delete_holds(tx, owner).await?;
    Ok(taken)
}

/// Lets go of what is kept for `owner`. What was taken stays taken.
///
/// # Errors
/// What the database says.
pub async fn release(tx: &Tx<StoreScope>, owner: &str) -> Result<()> {
    store::delete_holds(tx, owner).await
}

/// Gives back so much of what was taken for `owner`.
///
/// # Errors
/// `Internal` for more than was taken.
pub async fn give_back(tx: &mut Tx<StoreScope>, owner: &str, credit: StoreCreditId, amount: Money) -> Result<()> {
    let before = store::lock(tx, &[credit]).await?.pop().ok_or(Error::NotFound)?;
    if amount.currency() != before.currency || store::taken_by(tx, credit, owner).await? < amount.minor() {
        return Err(Error::internal("more store credit is given back than was taken"));
    }
    let entry = (StoreCreditEntryKind::GivenBack, amount.minor());
    let after = store::book(tx, &before, entry, (Some(owner.to_owned()), None)).await?.ok_or(Error::Retry)?;
    let (old, new) = (StoreCreditSnapshot::from(&before), StoreCreditSnapshot::from(&after));
    tx.audit(Action::StoreCreditGiveBack, Audit::updated("store_credit", credit, &old, &new)).await?;
    tx.emit(&StoreCreditGivenBack { store_credit: new, amount, owner: owner.to_owned() })
}

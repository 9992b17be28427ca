//! What of gift cards is kept for a checkout, taken, and given back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::payments::{gift_card_holds, gift_cards};
use rules::ids::GiftCardId;
use rules::states::{GiftCardEntryKind, GiftCardState};
use rules::{Currency, ErrorCode, Money, Problem};

use super::events::{GiftCardGivenBack, GiftCardSnapshot, GiftCardTaken};
use super::store;
use crate::kernel::{Action, Audit, Error, Result, StoreScope, Tx};
use crate::payments::stored::CardStanding;

/// What can be paid with a card now in a currency, where so much of it is kept for others; or why nothing can. Only
/// whoever knows the card's code is told.
///
/// # Errors
/// The problem, at `path`.
pub fn usable(
    card: &gift_cards::Model,
    (currency, kept): (Currency, i64),
    now: DateTime<Utc>,
    path: &str,
) -> Result<Money, Problem> {
    let ends = &card.last_four;
    let refuse = |code, message: String| Err(Problem::new(code, path, message));
    if card.state == GiftCardState::Disabled {
        return refuse(ErrorCode::GiftCardDisabled, format!("The gift card that ends in {ends} can't be used."));
    }
    if card.expires_at.is_some_and(|expires| expires <= now) {
        return refuse(ErrorCode::GiftCardExpired, format!("The gift card that ends in {ends} has expired."));
    }
    if card.currency != currency {
        let message = format!("The gift card that ends in {ends} is in {}, and this is in {currency}.", card.currency);
        return refuse(ErrorCode::GiftCardOtherCurrency, message);
    }
    let left = card.balance.saturating_sub(kept);
    if left < 1 {
        return refuse(ErrorCode::GiftCardEmpty, format!("Nothing is left of the gift card that ends in {ends}."));
    }
    Ok(Money::from_minor(left, currency))
}

/// The problem of a card that was kept and is not there any more.
fn gone() -> Error {
    let message = "A gift card is worth less than that by now: look at the cart again.";
    Error::Conflict(Problem::new(ErrorCode::GiftCardEmpty, "giftCards", message))
}

/// What could be paid with cards, in the order in which they are given.
///
/// # Errors
/// What the database says.
pub async fn standing(
    scope: &StoreScope,
    owner: &str,
    ids: &[GiftCardId],
    currency: Currency,
    now: DateTime<Utc>,
) -> Result<Vec<CardStanding>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (cards, kept) =
        tokio::try_join!(store::list_by_ids(scope, ids), store::kept_for_others(scope, ids, owner, now))?;
    let cards: HashMap<_, _> = cards.into_iter().map(|card| (card.id, card)).collect();
    let standing = ids.iter().enumerate().filter_map(|(place, id)| {
        let card = cards.get(id)?;
        let kept = kept.get(id).copied().unwrap_or_default();
        let available = usable(card, (currency, kept), now, &format!("giftCards.{place}"));
        Some(CardStanding { id: *id, last_four: card.last_four.clone(), available })
    });
    Ok(standing.collect())
}

/// Keeps what cards pay of a total for `owner` until a moment, the first first. What can't be used pays nothing. Kept
/// again, it is what is kept now.
///
/// # Errors
/// What the database says.
pub async fn hold(
    tx: &Tx<StoreScope>,
    owner: &str,
    ids: &[GiftCardId],
    total: Money,
    until: DateTime<Utc>,
) -> Result<Vec<(GiftCardId, Money)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.ctx().now();
    // Held first, read then: what others keep of them stands still.
    let cards = store::lock(tx, ids).await?;
    let kept = store::kept_for_others(tx, ids, owner, now).await?;
    store::delete_holds(tx, owner).await?;
    let (mut holds, mut left) = (Vec::new(), total.minor());
    for id in ids {
        let Some(card) = cards.iter().find(|card| card.id == *id) else { continue };
        let kept = kept.get(id).copied().unwrap_or_default();
        let Ok(available) = usable(card, (total.currency(), kept), now, "") else { continue };
        let amount = available.minor().min(left);
        if amount < 1 {
            continue;
        }
        left -= amount;
        let row = gift_card_holds::Model {
            store_id: tx.id(),
            card_id: card.id,
            owner: owner.to_owned(),
            amount,
            expires_at: until,
            created_at: now,
        };
        store::save_hold(tx, row).await?;
        holds.push((card.id, Money::from_minor(amount, card.currency)));
    }
    Ok(holds)
}

/// Takes what is kept for `owner`: each card is worth so much less. A hold that is over is taken all the same where
/// nobody else has spent or kept it meanwhile.
///
/// # Errors
/// `Conflict` with `GIFT_CARD_EMPTY`, or what else is wrong with a card, where that can't be; then nothing is taken.
pub async fn take(tx: &mut Tx<StoreScope>, owner: &str) -> Result<Vec<(GiftCardId, Money)>> {
    let now = tx.ctx().now();
    let ids: Vec<GiftCardId> = store::list_holds(tx, owner).await?.iter().map(|hold| hold.card_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let cards = store::lock(tx, &ids).await?;
    let kept = store::kept_for_others(tx, &ids, owner, now).await?;
    let mut taken = Vec::with_capacity(ids.len());
    // Read again behind the locks: another run of the same checkout may have taken it.
    for hold in store::list_holds(tx, owner).await? {
        let card = cards.iter().find(|card| card.id == hold.card_id).ok_or_else(gone)?;
        let kept = kept.get(&card.id).copied().unwrap_or_default();
        let available = usable(card, (card.currency, kept), now, "giftCards").map_err(Error::Conflict)?;
        if available.minor() < hold.amount {
            return Err(gone());
        }
        let entry = (GiftCardEntryKind::Taken, -hold.amount);
        let after = store::book(tx, card, entry, (Some(owner.to_owned()), None)).await?.ok_or_else(gone)?;
        let amount = Money::from_minor(hold.amount, card.currency);
        tx.emit(&GiftCardTaken { gift_card: GiftCardSnapshot::from(&after), amount, owner: owner.to_owned() })?;
        let (old, new) = (GiftCardSnapshot::from(card), GiftCardSnapshot::from(&after));
        tx.audit(Action::GiftCardTake, Audit::updated("gift_card", card.id, &old, &new)).await?;
        taken.push((card.id, amount));
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

/// Gives back so much of what was taken of a card for `owner`; one that was disabled or has expired gets it all the
/// same.
///
/// # Errors
/// `Internal` for more than was taken.
pub async fn give_back(tx: &mut Tx<StoreScope>, owner: &str, card: GiftCardId, amount: Money) -> Result<()> {
    let before = store::lock(tx, &[card]).await?.pop().ok_or(Error::NotFound)?;
    if amount.currency() != before.currency || store::taken_by(tx, card, owner).await? < amount.minor() {
        return Err(Error::internal("more is given back to a gift card than was taken"));
    }
    let entry = (GiftCardEntryKind::GivenBack, amount.minor());
    let after = store::book(tx, &before, entry, (Some(owner.to_owned()), None)).await?.ok_or(Error::Retry)?;
    tx.emit(&GiftCardGivenBack { gift_card: GiftCardSnapshot::from(&after), amount, owner: owner.to_owned() })?;
    let (old, new) = (GiftCardSnapshot::from(&before), GiftCardSnapshot::from(&after));
    tx.audit(Action::GiftCardGiveBack, Audit::updated("gift_card", card, &old, &new)).await
}

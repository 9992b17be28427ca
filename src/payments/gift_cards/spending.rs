//! The doors of checkout: what of gift cards is kept, taken and given back.

use chrono::{DateTime, Utc};
use entity::payments::{gift_card_holds, gift_cards};
use rules::ids::{GiftCardId, TypedId};
use rules::states::{GiftCardEntryKind, GiftCardState};
use rules::{ErrorCode, Money, Problem};

use super::events::{GiftCardGivenBack, GiftCardSnapshot, GiftCardTaken};
use super::{code, store};
use crate::kernel::{Action, Audit, Error, Result, StoreScope, Tx};

/// What is kept of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The card.
    pub card: GiftCardId,
    /// How much.
    pub amount: Money,
}

/// What was taken of a card, or given back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The card.
    pub card: GiftCardId,
    /// How much.
    pub amount: Money,
}

/// Whether a card can be paid with at a moment.
pub(super) fn is_usable(card: &gift_cards::Model, now: DateTime<Utc>) -> bool {
    card.state == GiftCardState::Active && card.expires_at.is_none_or(|expires| now < expires)
}

/// One answer for whatever is wrong with a card: nobody learns which codes there are.
fn unusable() -> Error {
    let message = "There is no such gift card, or it is worth nothing here now.";
    Error::Conflict(Problem::new(ErrorCode::GiftCardUnusable, "giftCard", message))
}

/// Keeps as much of a card for `owner` as it is worth, `most` at the most, until a moment. Kept again, it is what is
/// kept now. The code is as the buyer typed it.
///
/// # Errors
/// `Conflict` with `GIFT_CARD_UNUSABLE` where it can't be used, is of another currency, or nothing of it is left.
pub async fn hold(
    tx: &Tx<StoreScope>,
    typed: &str,
    owner: impl TypedId,
    most: Money,
    until: DateTime<Utc>,
) -> Result<Kept> {
    let (owner, now) = (owner.to_string(), tx.ctx().now());
    let signs = code::read(typed).ok_or_else(unusable)?;
    let found = store::find_by_hash(tx, code::hash(tx.id(), &signs)).await?.ok_or_else(unusable)?;
    // Held first, read then: what others keep of it stands still.
    let card = store::lock(tx, &[found.id]).await?.into_iter().next().ok_or_else(unusable)?;
    let kept = store::kept_for_others(tx, card.id, &owner, now).await?;
    let amount = card.balance.saturating_sub(kept).min(most.minor());
    if !is_usable(&card, now) || card.currency != most.currency() || amount < 1 || until <= now {
        return Err(unusable());
    }
    let row = gift_card_holds::Model {
        store_id: tx.id(),
        card_id: card.id,
        owner,
        amount,
        expires_at: until,
        created_at: now,
    };
    store::save_hold(tx, row).await?;
    Ok(Kept { card: card.id, amount: Money::from_minor(amount, card.currency) })
}

/// Takes what is kept for `owner`: each card is worth so much less. A hold that is over is taken all the same where
/// nobody else has spent or kept it meanwhile.
///
/// # Errors
/// `Conflict` with `GIFT_CARD_UNUSABLE` where that can't be; then nothing is taken.
pub async fn take(tx: &mut Tx<StoreScope>, owner: impl TypedId) -> Result<Vec<Taken>> {
    let (owner, now) = (owner.to_string(), tx.ctx().now());
    let holds = store::list_holds(tx, &owner).await?;
    let ids: Vec<GiftCardId> = holds.iter().map(|hold| hold.card_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let cards = store::lock(tx, &ids).await?;
    // Read again behind the locks: another run of the same checkout may have taken it.
    let holds = store::list_holds(tx, &owner).await?;
    let mut taken = Vec::with_capacity(holds.len());
    for hold in &holds {
        let card = cards.iter().find(|card| card.id == hold.card_id).ok_or_else(unusable)?;
        let kept = store::kept_for_others(tx, card.id, &owner, now).await?;
        if !is_usable(card, now) || card.balance.saturating_sub(kept) < hold.amount {
            return Err(unusable());
        }
        let entry = (GiftCardEntryKind::Taken, -hold.amount);
        let after = store::book(tx, card, entry, (Some(owner.clone()), None)).await?.ok_or_else(unusable)?;
        let amount = Money::from_minor(hold.amount, card.currency);
        tx.emit(&GiftCardTaken { gift_card: GiftCardSnapshot::from(&after), amount, owner: owner.clone() })?;
        let (old, new) = (GiftCardSnapshot::from(card), GiftCardSnapshot::from(&after));
        tx.audit(Action::GiftCardTake, Audit::updated("gift_card", card.id, &old, &new)).await?;
        taken.push(Taken { card: card.id, amount });
    }
    store::delete_holds(tx, &owner).await?;
    Ok(taken)
}

/// Lets go of what is kept for `owner`. What was taken stays taken.
///
/// # Errors
/// What the database says.
pub async fn release(tx: &Tx<StoreScope>, owner: impl TypedId) -> Result<()> {
    store::delete_holds(tx, &owner.to_string()).await.map(drop)
}

/// Gives back what was taken for `owner`, `most` at the most or all of it. Never gives back more than was taken,
/// however often it is asked; a card that was disabled or has expired gets it all the same.
///
/// # Errors
/// What the database says.
pub async fn give_back(tx: &mut Tx<StoreScope>, owner: impl TypedId, most: Option<Money>) -> Result<Vec<Taken>> {
    let owner = owner.to_string();
    let ids: Vec<GiftCardId> = store::taken_by(tx, &owner).await?.iter().map(|(card, _)| *card).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let cards = store::lock(tx, &ids).await?;
    let (mut given, mut left) = (Vec::new(), most);
    for (id, taken) in store::taken_by(tx, &owner).await? {
        let Some(card) = cards.iter().find(|card| card.id == id) else { continue };
        let wanted = match left {
            None => taken,
            Some(left) if left.currency() == card.currency => taken.min(left.minor()),
            Some(_) => 0,
        };
        if wanted < 1 {
            continue;
        }
        let entry = (GiftCardEntryKind::GivenBack, wanted);
        let after = store::book(tx, card, entry, (Some(owner.clone()), None)).await?.ok_or_else(unusable)?;
        let amount = Money::from_minor(wanted, card.currency);
        left = left.map(|left| Money::from_minor(left.minor() - wanted, left.currency()));
        tx.emit(&GiftCardGivenBack { gift_card: GiftCardSnapshot::from(&after), amount, owner: owner.clone() })?;
        let (old, new) = (GiftCardSnapshot::from(card), GiftCardSnapshot::from(&after));
        tx.audit(Action::GiftCardGiveBack, Audit::updated("gift_card", id, &old, &new)).await?;
        given.push(Taken { card: id, amount });
    }
    Ok(given)
}

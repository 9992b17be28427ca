//! `giftCardAdjust`: what a card is worth changes by hand.

use rules::ids::GiftCardId;
use rules::money::MoneyInput;
use rules::states::GiftCardEntryKind;
use rules::{ErrorCode, Problem, Problems};

use super::super::events::{GiftCardAdjusted, GiftCardSnapshot};
use super::super::store;
use super::super::types::GiftCard;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Changes what the card is worth.
pub async fn run(ctx: &Ctx, (id, amount, note): (GiftCardId, MoneyInput, Option<String>)) -> Result<GiftCard> {
    let mut problems = Problems::new();
    let amount = problems.keep(amount.to_money().map_err(|problem| problem.under("amount")));
    let note = problems.keep(input::optional_line("note", note.as_deref(), super::MAX_NOTE));
    if amount.is_some_and(|amount| amount.is_zero()) {
        problems.add(ErrorCode::OutOfRange, "amount", "Nothing would change: give another amount.");
    }
    problems.finish()?;
    let (Some(amount), Some(note)) = (amount, note) else { return Err(input::unread()) };

    let mut tx = ctx.begin_store(Action::GiftCardAdjust).await?;
    let before = store::lock(&tx, &[id]).await?.into_iter().next().ok_or(Error::NotFound)?;
    let refuse = |code, message: String| Err(Error::Conflict(Problem::new(code, "amount", message)));
    if amount.currency() != before.currency {
        return refuse(ErrorCode::Invalid, format!("The card is in {}.", before.currency));
    }
    let most = super::MAX_WORTH.saturating_mul(before.currency.minor_units());
    let worth = before.balance.checked_add(amount.minor());
    if !worth.is_some_and(|worth| (0..most).contains(&worth)) {
        return refuse(ErrorCode::OutOfRange, "It would be worth less than nothing, or too much.".to_owned());
    }
    let entry = (GiftCardEntryKind::Adjusted, amount.minor());
    let after = store::book(&tx, &before, entry, (None, note)).await?.ok_or(Error::Retry)?;
    tx.emit(&GiftCardAdjusted { gift_card: GiftCardSnapshot::from(&after), amount })?;
    let (old, new) = (GiftCardSnapshot::from(&before), GiftCardSnapshot::from(&after));
    tx.commit(Audit::updated("gift_card", id, &old, &new)).await?;
    Ok(after.into())
}

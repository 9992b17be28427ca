//! `giftCardCheck`: what a card is worth, for whoever knows its code.

use super::super::events::GiftCardSnapshot;
use super::super::finding::find;
use super::super::spending::usable;
use super::super::types::GiftCardBalance;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Looks the card up, and says what is wrong with one that can't be used.
pub async fn run(ctx: &Ctx, typed: String) -> Result<GiftCardBalance> {
    let card = find(ctx, &typed, "code").await?;
    usable(&card, (card.currency, 0), ctx.now(), "code").map_err(Error::Conflict)?;
    let tx = ctx.begin_store(Action::GiftCardCheck).await?;
    tx.commit(Audit::done("gift_card", &GiftCardSnapshot::from(&*card))).await?;
    Ok(GiftCardBalance(card))
}

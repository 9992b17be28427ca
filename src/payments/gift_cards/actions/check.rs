//! `giftCardCheck`: what a card is worth, for whoever knows its code.

use std::sync::Arc;

use rules::{ErrorCode, Problem};

use super::super::events::GiftCardSnapshot;
use super::super::spending::is_usable;
use super::super::types::GiftCardBalance;
use super::super::{code, store};
use crate::identity::throttle::{self, Outcome};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Looks the card up, where its address has not guessed wrong too often. Every guess is counted before it is looked at;
/// a right one is given back.
pub async fn run(ctx: &Ctx, typed: String) -> Result<GiftCardBalance> {
    let store = ctx.store_context()?.id;
    let keys = throttle::gift_card_check(ctx);
    if let Some(until) = throttle::take(ctx, &keys).await? {
        let message = format!("Too many wrong codes: try again after {}.", until.format("%H:%M:%S UTC"));
        return Err(Error::Conflict(Problem::new(ErrorCode::LockedOut, "code", message)));
    }
    let card = match code::read(&typed) {
        Some(signs) => store::find_by_hash(&ctx.store().await?, code::hash(store, &signs)).await,
        None => Ok(None),
    };
    let card = match card {
        Ok(card) => card.filter(|card| is_usable(card, ctx.now())),
        Err(error) => {
            throttle::give_back(ctx, &keys).await?;
            return Err(error);
        }
    };
    let Some(card) = card else {
        let message = "There is no such gift card, or it is worth nothing here now.";
        return Err(Error::Conflict(Problem::new(ErrorCode::GiftCardUnusable, "code", message)));
    };
    let tx = ctx.begin_store(Action::GiftCardCheck).await?;
    throttle::settle(&*tx, &keys, Outcome::Untried).await?;
    tx.commit(Audit::done("gift_card", &GiftCardSnapshot::from(&card))).await?;
    Ok(GiftCardBalance(Arc::new(card)))
}

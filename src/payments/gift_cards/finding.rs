//! How a card is found by its code, and guessing is not worth it.

use std::sync::Arc;

use entity::payments::gift_cards;
use rules::{ErrorCode, Problem};

use super::{code, store};
use crate::identity::throttle;
use crate::kernel::{Ctx, Error, Result};

/// The card of a code, whether it can be used or not, where the caller's address has not guessed wrong too often. Every
/// guess is counted before it is looked at, in a write of its own; a right one is given back. Belongs before any write
/// is open.
///
/// # Errors
/// `Conflict` with `GIFT_CARD_UNUSABLE` where there is no such card, and `LOCKED_OUT`, both at `path`.
pub async fn find(ctx: &Ctx, typed: &str, path: &str) -> Result<Arc<gift_cards::Model>> {
    let store = ctx.store_context()?.id;
    let keys = throttle::gift_card_codes(ctx);
    if let Some(until) = throttle::take(ctx, &keys).await? {
        let message = format!("Too many wrong codes: try again after {}.", until.format("%H:%M:%S UTC"));
        return Err(Error::Conflict(Problem::new(ErrorCode::LockedOut, path, message)));
    }
    let card = match code::read(typed) {
        Some(signs) => store::find_by_hash(&ctx.store().await?, code::hash(store, &signs)).await,
        None => Ok(None),
    };
    if !matches!(card, Ok(None)) {
        throttle::give_back(ctx, &keys).await?;
    }
    card?.map(Arc::new).ok_or_else(|| {
        Error::Conflict(Problem::new(ErrorCode::GiftCardUnusable, path, "There is no gift card with this code."))
    })
}

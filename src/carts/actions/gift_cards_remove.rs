//! `cartGiftCardsRemove`: a cart is not to be paid with some gift cards after all.

use rules::ids::GiftCardId;
use rules::{ErrorCode, Problems};

use crate::carts::access::CartRef;
use crate::carts::edit::{self, Edited};
use crate::carts::store;
use crate::kernel::{Action, Ctx, Error, Result};

/// Takes the cards off the cart.
pub async fn run(ctx: &Ctx, (cart, cards): (CartRef, Vec<GiftCardId>)) -> Result<Edited> {
    if cards.is_empty() {
        return Err(Error::invalid(ErrorCode::Required, "giftCardIds", "Name one gift card at least."));
    }
    let mut edit = edit::begin(ctx, &cart, Action::CartGiftCardsRemove).await?;
    let mut problems = Problems::new();
    for (place, card) in cards.iter().enumerate() {
        if !edit.parts.gift_cards.contains(card) {
            problems.add(ErrorCode::NotFound, &format!("giftCardIds.{place}"), "There is no such gift card here.");
        }
    }
    problems.finish()?;
    edit.parts.gift_cards.retain(|card| !cards.contains(card));
    store::save_gift_cards(&edit.tx, edit.parts.cart.id, &edit.parts.gift_cards).await?;
    edit.finish(Default::default()).await
}

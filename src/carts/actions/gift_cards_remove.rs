//! `cartGiftCardsRemove`: a cart is not to be paid with some gift cards after all.

use rules::ids::GiftCardId;

use crate::carts::access::CartRef;
use crate::carts::edit::{self, Edited};
use crate::carts::store;
use crate::kernel::{Action, Ctx, Result};

/// Takes the cards off the cart; those that it does not have are passed over.
pub async fn run(ctx: &Ctx, (cart, cards): (CartRef, Vec<GiftCardId>)) -> Result<Edited> {
    let mut edit = edit::begin(ctx, &cart, Action::CartGiftCardsRemove).await?;
    let before = edit.parts.gift_cards.len();
    edit.parts.gift_cards.retain(|card| !cards.contains(card));
    if edit.parts.gift_cards.len() == before {
        return Ok(edit.unchanged());
    }
    store::save_gift_cards(&edit.tx, edit.parts.cart.id, &edit.parts.gift_cards).await?;
    edit.finish(Default::default()).await
}

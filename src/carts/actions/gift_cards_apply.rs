//! `cartGiftCardsApply`: a cart is to be paid with gift cards (rule P1).

use rules::ids::GiftCardId;
use rules::{ErrorCode, Problem, Problems};

use crate::carts::access::{CartRef, Proof, no_such_cart};
use crate::carts::edit::{self, Edited};
use crate::carts::store;
use crate::kernel::{Action, Ctx, Error, Result};
use crate::payments::gift_cards;

/// Gift cards of a cart at the most.
pub const MAX_CARDS: usize = 10;
/// Codes in one request at the most: each counts as a guess.
const MAX_CODES: usize = 5;

/// Puts the cards to those that the cart has. Each code is looked up before the cart is held, and counted where it is
/// wrong, but none for a cart that is not the caller's; what can't be used is refused with the reason, and nothing is
/// changed then.
pub async fn run(ctx: &Ctx, (cart, codes): (CartRef, Vec<String>)) -> Result<Edited> {
    if !(1..=MAX_CODES).contains(&codes.len()) {
        let message = format!("Give 1 to {MAX_CODES} codes at a time.");
        return Err(Error::invalid(ErrorCode::OutOfRange, "codes", message));
    }
    let proof = Proof::of(ctx, cart.token.as_deref());
    store::find_proven(&ctx.store().await?, cart.id, &proof, ctx.now()).await?.ok_or_else(no_such_cart)?;
    let mut problems = Problems::new();
    let mut found: Vec<(usize, GiftCardId)> = Vec::with_capacity(codes.len());
    for (place, code) in codes.iter().enumerate() {
        match gift_cards::find(ctx, code, &format!("codes.{place}")).await {
            Ok(card) if found.iter().any(|(_, other)| *other == card.id) => {}
            Ok(card) => found.push((place, card.id)),
            Err(Error::Conflict(problem)) => problems.push(problem),
            Err(error) => return Err(error),
        }
    }
    problems.finish()?;

    let mut edit = edit::begin(ctx, &cart, Action::CartGiftCardsApply).await?;
    let before = edit.parts.gift_cards.len();
    for (_, card) in &found {
        if !edit.parts.gift_cards.contains(card) {
            edit.parts.gift_cards.push(*card);
        }
    }
    if edit.parts.gift_cards.len() == before {
        return Ok(edit.unchanged());
    }
    if edit.parts.gift_cards.len() > MAX_CARDS {
        let message = format!("A cart takes at most {MAX_CARDS} gift cards: remove one first.");
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "codes", message)));
    }
    let mut problems = Problems::new();
    for card in edit.standing().await?.cards.into_iter().skip(before) {
        let place = found.iter().find(|(_, id)| *id == card.id).map_or(0, |(place, _)| *place);
        if let Err(problem) = card.available {
            problems.push(Problem::new(problem.code, &format!("codes.{place}"), problem.message));
        }
    }
    problems.finish()?;
    store::save_gift_cards(&edit.tx, edit.parts.cart.id, &edit.parts.gift_cards).await?;
    edit.finish(Default::default()).await
}

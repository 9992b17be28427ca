//! `giftCardCreate`: a new gift card.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::payments::gift_cards;
use rules::money::MoneyInput;
use rules::states::{GiftCardEntryKind, GiftCardState};
use rules::{ErrorCode, Money, Problem, Problems};

use super::super::events::{GiftCardCreated, GiftCardSnapshot};
use super::super::types::IssuedGiftCard;
use super::super::{code, store};
use crate::kernel::{Action, Audit, Ctx, Result, input};

/// A new gift card.
#[derive(InputObject, Clone)]
pub struct GiftCardCreateInput {
    /// What it is worth, in one of the store's currencies.
    pub amount: MoneyInput,
    /// The first moment at which it can't be used any more; never where it is left out.
    pub expires_at: Option<DateTime<Utc>>,
    /// What the store writes down of it; at most 500 characters.
    pub note: Option<String>,
}

/// Issues the card.
pub async fn run(ctx: &Ctx, input: GiftCardCreateInput) -> Result<IssuedGiftCard> {
    let mut problems = Problems::new();
    let amount = problems.keep(worth(ctx, input.amount)?);
    let expires_at = input.expires_at.and_then(|given| problems.keep(input::moment("expiresAt", given)));
    if expires_at.is_some_and(|expires| expires <= ctx.now()) {
        problems.add(ErrorCode::OutOfRange, "expiresAt", "It would have expired already: choose a later time.");
    }
    let note = problems.keep(input::optional_line("note", input.note.as_deref(), super::MAX_NOTE));
    problems.finish()?;
    let (Some(amount), Some(note)) = (amount, note) else { return Err(input::unread()) };

    let mut tx = ctx.begin_store(Action::GiftCardCreate).await?;
    let code = code::draw(&*ctx.system().entropy);
    let signs = code::read(&code).ok_or_else(input::unread)?;
    let row = gift_cards::Model {
        store_id: tx.id(),
        id: ctx.id(),
        code_hash: code::hash(tx.id(), &signs),
        last_four: signs[signs.len() - 4..].to_owned(),
        state: GiftCardState::Active,
        currency: amount.currency(),
        issued: amount.minor(),
        balance: amount.minor(),
        entry_count: 1,
        expires_at,
        note,
        version: 1,
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    let card = store::insert(&tx, row).await?;
    store::append(&tx, &card, (GiftCardEntryKind::Issued, card.balance), (None, None)).await?;
    tx.emit(&GiftCardCreated { gift_card: GiftCardSnapshot::from(&card) })?;
    tx.commit(Audit::created("gift_card", card.id, &GiftCardSnapshot::from(&card))).await?;
    Ok(IssuedGiftCard { card: card.into(), code })
}

/// Reads what a card is to be worth.
fn worth(ctx: &Ctx, given: MoneyInput) -> Result<Result<Money, Problem>> {
    let currencies = &ctx.store_context()?.currencies;
    Ok(given.to_money().map_err(|problem| problem.under("amount")).and_then(|amount| {
        let problem = |code, message: &str| Err(Problem::new(code, "amount", message));
        if !currencies.contains(&amount.currency()) {
            return problem(ErrorCode::CurrencyNotEnabled, "The store does not sell in this currency.");
        }
        if amount.minor() < 1 || amount.minor() / amount.currency().minor_units() >= super::MAX_WORTH {
            return problem(ErrorCode::OutOfRange, "Give an amount above nothing and below a thousand million.");
        }
        Ok(amount)
    }))
}

//! `giftCardDisable`: nobody can pay with a card any more.

use entity::payments::gift_cards::ActiveModel;
use rules::ids::GiftCardId;
use rules::states::GiftCardState;
use sea_orm::ActiveValue::Set;

use super::super::events::{GiftCardDisabled, GiftCardSnapshot};
use super::super::store;
use super::super::types::GiftCard;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Disables the card. One that is disabled already stays so.
pub async fn run(ctx: &Ctx, id: GiftCardId) -> Result<GiftCard> {
    let mut tx = ctx.begin_store(Action::GiftCardDisable).await?;
    let before = store::lock(&tx, &[id]).await?.into_iter().next().ok_or(Error::NotFound)?;
    if before.state == GiftCardState::Disabled {
        return Ok(before.into());
    }
    let row = ActiveModel { state: Set(GiftCardState::Disabled), ..Default::default() };
    let after = store::update(&tx, &before, row).await?;
    tx.emit(&GiftCardDisabled { gift_card: GiftCardSnapshot::from(&after) })?;
    let (old, new) = (GiftCardSnapshot::from(&before), GiftCardSnapshot::from(&after));
    tx.commit(Audit::updated("gift_card", id, &old, &new)).await?;
    Ok(after.into())
}

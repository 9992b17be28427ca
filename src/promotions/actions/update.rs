//! `promotionUpdate`: a promotion changes.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};
use entity::promotions::promotions::{ActiveModel, Model};
use rules::ids::PromotionId;
use rules::promotion::{Caps, Condition, Stacking};
use rules::{ErrorCode, Money, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{PromotionSnapshot, PromotionUpdated};
use super::super::store;
use super::super::terms::{self, VERSION, write};
use super::super::types::Promotion;
use super::references;
use super::terms::{PromotionActionInput, PromotionCapsInput, PromotionConditionInput, PromotionStackingInput, Reader};
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input, text};

/// What changes of a promotion. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct PromotionUpdateInput {
    /// What buyers see it called.
    pub name: Option<String>,
    /// Whether it counts at all.
    pub enabled: Option<bool>,
    /// Its place inside its phase.
    pub priority: Option<i32>,
    /// The first moment at which it holds; null for always.
    pub valid_from: MaybeUndefined<DateTime<Utc>>,
    /// The first moment at which it no longer holds; null for never.
    pub valid_to: MaybeUndefined<DateTime<Utc>>,
    /// What must be so, as a whole; null for always.
    pub condition: MaybeUndefined<PromotionConditionInput>,
    /// What the buyer gets, as a whole.
    pub action: Option<PromotionActionInput>,
    /// How much of it there is, as a whole; null for no end. Never less than was used.
    pub caps: MaybeUndefined<PromotionCapsInput>,
    /// What it may stand beside, as a whole; null for nothing.
    pub stacking: MaybeUndefined<PromotionStackingInput>,
}

/// Changes the promotion.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (PromotionId, PromotionUpdateInput, Option<i32>),
) -> Result<Promotion> {
    let mut problems = Problems::new();
    let name = input.name.as_deref().and_then(|name| problems.keep(super::name(name)));
    let mut moment = |field, given: MaybeUndefined<DateTime<Utc>>| match given {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(given) => problems.keep(input::moment(field, given)).map(Some),
    };
    let (valid_from, valid_to) = (moment("validFrom", input.valid_from), moment("validTo", input.valid_to));
    let mut reader = Reader::of(ctx)?;
    let condition = whole(&input.condition, Condition::always, |condition| condition.read(&mut reader));
    let action = input.action.as_ref().and_then(|action| action.read(&mut reader));
    let caps = whole(&input.caps, Caps::default, |caps| caps.read(&mut reader));
    let stacking = whole(&input.stacking, Stacking::default, |stacking| stacking.read(&mut reader));
    let references = reader.finish(problems)?;

    let mut tx = ctx.begin_store(Action::PromotionUpdate).await?;
    if input.enabled == Some(true) || valid_to.is_some() {
        tx.hold_store().await?;
    }
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    // The whole is checked as it will be, whatever part of it changes.
    let mut rule = terms::promotion(&before)?;
    rule.name = name.unwrap_or(rule.name);
    rule.priority = input.priority.unwrap_or(rule.priority);
    rule.valid_from = valid_from.unwrap_or(rule.valid_from);
    rule.valid_to = valid_to.unwrap_or(rule.valid_to);
    rule.condition = condition.unwrap_or(rule.condition);
    rule.action = action.unwrap_or(rule.action);
    rule.caps = caps.unwrap_or(rule.caps);
    rule.stacking = stacking.unwrap_or(rule.stacking);
    rule.check()?;
    let enabled = input.enabled.unwrap_or(before.enabled);
    if enabled && rule.valid_to.is_none_or(|to| ctx.now() < to) && !counts(&before, ctx.now()) {
        super::expect_room(&tx, Some(id)).await?;
    }
    references::expect_living(&tx, &references).await?;
    limit(&tx, id, &rule.caps).await?;

    let row = ActiveModel {
        sort_name: Set(text::sort_key(&rule.name)),
        name: Set(rule.name),
        enabled: Set(enabled),
        priority: Set(rule.priority.into()),
        valid_from: Set(rule.valid_from),
        valid_to: Set(rule.valid_to),
        rules_version: Set(VERSION),
        condition: Set(write(&rule.condition)?),
        action: Set(write(&rule.action)?),
        caps: Set(write(&rule.caps)?),
        stacking: Set(write(&rule.stacking)?),
        ..Default::default()
    };
    let promotion = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    let (was, is) = (PromotionSnapshot::of(&before)?, PromotionSnapshot::of(&promotion)?);
    let audit = Audit::updated("promotion", id, &was, &is);
    tx.emit(&PromotionUpdated { promotion: is })?;
    tx.commit(audit).await?;
    Ok(promotion.into())
}

/// The new value of a part that is given as a whole, or cleared; `None` where it stays.
fn whole<I, T>(given: &MaybeUndefined<I>, empty: impl FnOnce() -> T, read: impl FnOnce(&I) -> T) -> Option<T> {
    match given {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(empty()),
        MaybeUndefined::Value(given) => Some(read(given)),
    }
}

/// Whether a promotion is enabled and not over.
fn counts(row: &Model, now: DateTime<Utc>) -> bool {
    row.enabled && row.valid_to.is_none_or(|to| now < to)
}

/// Writes what may be used, where no more was used already.
async fn limit(tx: &Tx<StoreScope>, id: PromotionId, caps: &Caps) -> Result<()> {
    let usage = store::lock_usage(tx, &[id]).await?;
    let uses = usage.first().map_or(0, |usage| usage.uses);
    if caps.maximum_uses.is_some_and(|most| i64::try_from(most).is_ok_and(|most| most < uses)) {
        let message = format!("It was used {uses} times already: give that or more.");
        return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, "caps.maximumUses", message)));
    }
    for spending in store::list_spending(tx, &[id], None).await? {
        let budget = caps.budget.as_ref().and_then(|budget| budget.in_currency(spending.currency));
        if budget.is_some_and(|budget| budget.minor() < spending.spent) {
            let spent = Money::from_minor(spending.spent, spending.currency);
            let message = format!("It took off {spent} already: give that or more.");
            return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, "caps.budget", message)));
        }
    }
    store::set_limits(tx, id, caps).await
}

//! `promotionCreate`: a new promotion.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::promotions::promotions::ActiveModel;
use rules::Problems;
use rules::ids::PromotionId;
use rules::promotion::{Condition, Promotion as Rule, Spent};
use sea_orm::ActiveValue::Set;

use super::super::events::{PromotionCreated, PromotionSnapshot};
use super::super::store;
use super::super::terms::{VERSION, write};
use super::super::types::Promotion;
use super::references;
use super::terms::{PromotionActionInput, PromotionCapsInput, PromotionConditionInput, PromotionStackingInput, Reader};
use crate::kernel::{Action, Audit, Ctx, Result, input, text};

/// A new promotion.
#[derive(InputObject, Clone)]
pub struct PromotionCreateInput {
    /// What buyers see it called; at most 200 characters.
    pub name: String,
    /// Whether it counts at all.
    #[graphql(default = true)]
    pub enabled: bool,
    /// Its place inside its phase: the lower number goes first, of equal ones the older promotion.
    #[graphql(default = 0)]
    pub priority: i32,
    /// The first moment at which it holds; always where it is left out.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which it no longer holds; without end where it is left out.
    pub valid_to: Option<DateTime<Utc>>,
    /// What must be so; always where it is left out. A promotion that its codes shall open says `codeGiven: true`.
    pub condition: Option<PromotionConditionInput>,
    /// What the buyer gets.
    pub action: PromotionActionInput,
    /// How much of it there is; without end where it is left out.
    #[graphql(default)]
    pub caps: PromotionCapsInput,
    /// What it may stand beside; it stands alone where it is left out.
    #[graphql(default)]
    pub stacking: PromotionStackingInput,
}

/// Creates the promotion.
pub async fn run(ctx: &Ctx, input: PromotionCreateInput) -> Result<Promotion> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name));
    let mut moment =
        |field, given: Option<DateTime<Utc>>| given.and_then(|given| problems.keep(input::moment(field, given)));
    let (valid_from, valid_to) = (moment("validFrom", input.valid_from), moment("validTo", input.valid_to));
    let mut reader = Reader::of(ctx)?;
    let condition = input.condition.as_ref().map_or_else(Condition::always, |condition| condition.read(&mut reader));
    let action = input.action.read(&mut reader);
    let caps = input.caps.read(&mut reader);
    let stacking = input.stacking.read(&mut reader);
    let references = reader.finish(problems)?;
    let rule = Rule {
        id: ctx.id::<PromotionId>(),
        name: name.ok_or_else(input::unread)?,
        created_at: ctx.now(),
        priority: input.priority,
        valid_from,
        valid_to,
        condition,
        action: action.ok_or_else(input::unread)?,
        caps,
        stacking,
        spent: Spent::default(),
    };
    rule.check()?;

    let row = ActiveModel {
        id: Set(rule.id),
        sort_name: Set(text::sort_key(&rule.name)),
        name: Set(rule.name.clone()),
        enabled: Set(input.enabled),
        priority: Set(rule.priority.into()),
        valid_from: Set(rule.valid_from),
        valid_to: Set(rule.valid_to),
        rules_version: Set(VERSION),
        condition: Set(write(&rule.condition)?),
        action: Set(write(&rule.action)?),
        caps: Set(write(&rule.caps)?),
        stacking: Set(write(&rule.stacking)?),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let mut tx = ctx.begin_store(Action::PromotionCreate).await?;
    if input.enabled {
        tx.hold_store().await?;
        super::expect_room(&tx, None).await?;
    }
    references::expect_living(&tx, &references).await?;
    let promotion = store::insert(&tx, row, &rule.caps).await?;
    tx.emit(&PromotionCreated { promotion: PromotionSnapshot::of(&promotion)? })?;
    tx.commit(Audit::created("promotion", promotion.id, &PromotionSnapshot::of(&promotion)?)).await?;
    Ok(promotion.into())
}

//! `discountCodeCreate`: a new code.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::promotions::discount_codes::ActiveModel;
use rules::Problems;
use rules::ids::{DiscountCodeId, PromotionId};
use sea_orm::ActiveValue::Set;

use super::super::events::{DiscountCodeCreated, DiscountCodeSnapshot};
use super::super::store;
use super::super::types::DiscountCode;
use super::Limits;
use crate::kernel::{Action, Audit, Ctx, Result, input, text};

/// A new code.
#[derive(InputObject, Clone)]
pub struct DiscountCodeCreateInput {
    /// The promotion that it opens; one whose condition says `codeGiven: true`.
    pub promotion_id: PromotionId,
    /// The word, at most 60 characters; unique in the store, whatever its case.
    pub code: String,
    /// Whether it can be used at all.
    #[graphql(default = true)]
    pub enabled: bool,
    /// How many orders may use it; any number where it is left out.
    pub usage_limit: Option<i32>,
    /// How many orders of one customer, or of one guest's e-mail address, may use it; any number where it is left out.
    pub limit_per_buyer: Option<i32>,
    /// The first moment at which it may be used; always where it is left out.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which it no longer may; never where it is left out.
    pub valid_to: Option<DateTime<Utc>>,
}

/// Creates the code.
pub async fn run(ctx: &Ctx, input: DiscountCodeCreateInput) -> Result<DiscountCode> {
    let mut problems = Problems::new();
    let code = problems.keep(super::code(&input.code));
    let counts = (input.usage_limit, input.limit_per_buyer);
    let limits = Limits::read(counts, (input.valid_from, input.valid_to), &mut problems);
    problems.finish()?;
    let code = code.ok_or_else(input::unread)?;

    let mut tx = ctx.begin_store(Action::DiscountCodeCreate).await?;
    super::hold_promotion(&tx, input.promotion_id).await?;
    let row = ActiveModel {
        id: Set(ctx.id::<DiscountCodeId>()),
        promotion_id: Set(input.promotion_id),
        code_normalized: Set(text::fold(&code)),
        code: Set(code),
        enabled: Set(input.enabled),
        used: Set(0),
        usage_limit: Set(limits.usage_limit),
        limit_per_buyer: Set(limits.limit_per_buyer),
        valid_from: Set(limits.valid_from),
        valid_to: Set(limits.valid_to),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let code = store::insert(&tx, row).await?;
    tx.emit(&DiscountCodeCreated { discount_code: DiscountCodeSnapshot::from(&code) })?;
    tx.commit(Audit::created("discount_code", code.id, &DiscountCodeSnapshot::from(&code))).await?;
    Ok(code.into())
}

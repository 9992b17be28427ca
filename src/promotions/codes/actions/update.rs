//! `discountCodeUpdate`: a code changes.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};
use entity::promotions::discount_codes::ActiveModel;
use rules::ids::DiscountCodeId;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{DiscountCodeSnapshot, DiscountCodeUpdated};
use super::super::store;
use super::super::types::DiscountCode;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input, text};

/// What changes of a code. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct DiscountCodeUpdateInput {
    /// The word.
    pub code: Option<String>,
    /// Whether it can be used at all.
    pub enabled: Option<bool>,
    /// How many orders may use it; never fewer than did. Null for any number.
    pub usage_limit: MaybeUndefined<i32>,
    /// How many orders of one customer, or of one guest's e-mail address, may use it; null for any number.
    pub limit_per_buyer: MaybeUndefined<i32>,
    /// The first moment at which it may be used; null for always.
    pub valid_from: MaybeUndefined<DateTime<Utc>>,
    /// The first moment at which it no longer may; null for never.
    pub valid_to: MaybeUndefined<DateTime<Utc>>,
}

/// Changes the code.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (DiscountCodeId, DiscountCodeUpdateInput, Option<i32>),
) -> Result<DiscountCode> {
    let mut problems = Problems::new();
    let code = input.code.as_deref().and_then(|code| problems.keep(super::code(code)));
    let usage_limit = read(&input.usage_limit, |given| problems.keep(super::limit("usageLimit", *given)));
    let limit_per_buyer = read(&input.limit_per_buyer, |given| problems.keep(super::limit("limitPerBuyer", *given)));
    let valid_from = read(&input.valid_from, |given| problems.keep(input::moment("validFrom", *given)));
    let valid_to = read(&input.valid_to, |given| problems.keep(input::moment("validTo", *given)));
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::DiscountCodeUpdate).await?;
    let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    super::window(valid_from.unwrap_or(before.valid_from), valid_to.unwrap_or(before.valid_to))?;
    let usage_limit = usage_limit.unwrap_or(before.usage_limit);
    if usage_limit.is_some_and(|limit| limit < before.used) {
        let message = format!("{} orders used it already: give that or more, or disable it.", before.used);
        return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, "usageLimit", message)));
    }
    let code = code.unwrap_or_else(|| before.code.clone());
    let row = ActiveModel {
        code_normalized: Set(text::fold(&code)),
        code: Set(code),
        enabled: Set(input.enabled.unwrap_or(before.enabled)),
        usage_limit: Set(usage_limit),
        limit_per_buyer: Set(limit_per_buyer.unwrap_or(before.limit_per_buyer)),
        valid_from: Set(valid_from.unwrap_or(before.valid_from)),
        valid_to: Set(valid_to.unwrap_or(before.valid_to)),
        ..Default::default()
    };
    let code = store::update(&tx, &before, row).await?;
    tx.emit(&DiscountCodeUpdated { discount_code: DiscountCodeSnapshot::from(&code) })?;
    let (was, is) = (DiscountCodeSnapshot::from(&before), DiscountCodeSnapshot::from(&code));
    tx.commit(Audit::updated("discount_code", id, &was, &is)).await?;
    Ok(code.into())
}

/// The new value of what is given or cleared; `None` where it stays, or can't be read.
fn read<I, T>(given: &MaybeUndefined<I>, read: impl FnOnce(&I) -> Option<T>) -> Option<Option<T>> {
    match given {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(given) => read(given).map(Some),
    }
}

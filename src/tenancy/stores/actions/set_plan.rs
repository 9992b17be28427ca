//! `stoa plan`: how much of the platform a store may use. No field of the schema: a merchant does not choose.

use entity::tenancy::stores::ActiveModel;
use rules::states::StorePlan;
use sea_orm::ActiveValue::Set;

use super::super::events::{StoreSnapshot, StoreUpdated};
use super::super::store;
use crate::kernel::{Action, Actor, Audit, Ctx, Error, Result, input};

/// Gives the store of the request another plan.
///
/// # Errors
/// `Refused` for everybody but the operator.
pub async fn run(ctx: &Ctx, plan: StorePlan) -> Result<()> {
    if !matches!(ctx.actor(), Actor::Operator) {
        return Err(Error::Refused("Only the operator gives stores their plan."));
    }
    let mut tx = ctx.begin_store(Action::StorePlanSet).await?;
    let before = store::lock(&tx).await?;
    let lists = store::lists(&tx).await?;
    let row = ActiveModel { plan: Set(plan), ..Default::default() };
    let store = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&StoreUpdated { store: StoreSnapshot::of(&store, &lists) })?;
    let (was, is) = (StoreSnapshot::of(&before, &lists), StoreSnapshot::of(&store, &lists));
    tx.commit(Audit::updated("store", store.id, &was, &is)).await
}

//! The question.

use async_graphql::{Context, Object};
use chrono::TimeDelta;
use rules::ids::PromotionId;
use rules::permission::Permission;

use super::replay::replay;
use super::types::PromotionSimulation;
use crate::gate::directives::{cost, requires};
use crate::kernel::{Ctx, Error, Result};

/// What it counts for in an operation's cost: hundreds of orders are worked out twice.
const COST: i32 = 1_000;

/// Days that are looked back at the most.
const MAX_DAYS: i32 = 365;

/// What promotions would have done.
#[derive(Default)]
pub struct PromotionSimulationQuery;

#[Object]
impl PromotionSimulationQuery {
    /// What a promotion would have done to the orders of the last days, before it goes live: what it would have cost, and
    /// which orders it would have touched. It is tried as if it were enabled, held all the time, and nothing had been used
    /// of it; of the offers of then, those stand beside it that were applied. The newest 500 orders are looked at, without
    /// those that were called off. Null where the store has no such promotion.
    #[graphql(directive = requires::apply(Permission::PromotionsRead), directive = cost::apply(COST, None))]
    async fn promotion_simulation(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which promotion; it may be disabled.")] promotion_id: PromotionId,
        #[graphql(desc = "How many days are looked back; 1 to 365.", default = 30)] days: i32,
        #[graphql(desc = "Whether every buyer is taken to have typed a code of it.", default)] as_if_code_given: bool,
    ) -> Result<Option<PromotionSimulation>> {
        if !(1..=MAX_DAYS).contains(&days) {
            return Err(Error::BadInput(format!("Look back 1 to {MAX_DAYS} days.")));
        }
        let ctx = Ctx::of(gql)?;
        let from = ctx.now() - TimeDelta::days(days.into());
        // Boxed: the engine holds a field's future inside that of every root around it.
        Box::pin(replay(ctx, promotion_id, from, as_if_code_given)).await
    }
}

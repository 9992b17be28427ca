//! From orders to what a promotion would have done to them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use rules::ids::{OrderId, PromotionId};
use rules::promotion::{Action, GiftStock};
use rules::simulation::{Replayed, Simulation};
use rules::totals::Terms;
use rules::{Currency, Money, Problem};

use super::types::{Example, PromotionSimulation, Total};
use crate::baskets;
use crate::kernel::{Ctx, Result, StoreScope};
use crate::orders::attributes::from_json;
use crate::orders::store;
use crate::promotions;

/// Orders that are looked at, at the most.
const MAX_ORDERS: u64 = 500;

/// Orders that are shown.
const EXAMPLES: usize = 10;

/// Tries a promotion on the orders that were placed since a moment.
pub async fn replay(
    ctx: &Ctx,
    id: PromotionId,
    from: DateTime<Utc>,
    as_if_given: bool,
) -> Result<Option<PromotionSimulation>> {
    let scope = ctx.store().await?;
    let Some(promotion) = promotions::find_rule(&scope, id).await? else { return Ok(None) };
    let mut orders = store::list_placed_from(&scope, from, MAX_ORDERS + 1).await?;
    let capped = orders.len() as u64 > MAX_ORDERS;
    orders.truncate(usize::try_from(MAX_ORDERS).unwrap_or(usize::MAX));
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let terms: HashMap<OrderId, _> =
        store::list_terms(&scope, &ids).await?.into_iter().map(|row| (row.order_id, row.terms)).collect();
    let gifts = gifts(ctx, &scope, &promotion.action).await?;

    let mut simulation = Simulation::new(promotion, as_if_given);
    let mut totals: BTreeMap<Currency, Total> = BTreeMap::new();
    let mut touched: Vec<Example> = Vec::new();
    // The oldest first: what it takes off counts against its budget.
    for order in orders.iter().rev() {
        let Some(terms) = terms.get(&order.id) else { continue };
        let terms: Terms = from_json(terms)?;
        let none = Vec::new();
        let gifts = gifts.get(&order.currency).unwrap_or(&none);
        let Some(Replayed { discount, cost }) = simulation.replay(&terms, gifts)? else { continue };
        let zero = Money::zero(order.currency);
        let total = totals.entry(order.currency).or_insert(Total { orders: 0, discount: zero, cost: zero });
        total.orders += 1;
        total.discount = total.discount.checked_add(discount).map_err(Problem::from)?;
        total.cost = total.cost.checked_add(cost).map_err(Problem::from)?;
        touched.push(Example { order: order.id, discount, cost });
    }
    let orders_touched = touched.len();
    touched.sort_by_key(|example| (Reverse(example.cost.minor()), Reverse(example.discount.minor()), example.order));
    touched.truncate(EXAMPLES);
    Ok(Some(PromotionSimulation {
        promotion: id,
        from,
        orders_considered: orders.len(),
        capped,
        orders_touched,
        totals: totals.into_values().collect(),
        examples: touched,
    }))
}

/// What the promotion gives away, in each of the store's currencies, as there is of it now.
async fn gifts(ctx: &Ctx, scope: &StoreScope, action: &Action) -> Result<HashMap<Currency, Vec<GiftStock>>> {
    let mut gifts = HashMap::new();
    if let Action::Gift { variant, .. } = action {
        for currency in &ctx.store_context()?.currencies {
            gifts.insert(*currency, baskets::gifts(scope, &[*variant], *currency, ctx.now()).await?);
        }
    }
    Ok(gifts)
}

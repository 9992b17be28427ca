//! How the answer looks in the schema.

use chrono::{DateTime, Utc};
use rules::Money;
use rules::ids::{OrderId, PromotionId};
use rules::permission::Permission;

use crate::gate::directives::{cost, requires};
use crate::kernel::graph::{Load, object};
use crate::orders::loaders::OrderById;
use crate::orders::types::{Order, number};
use crate::promotions::{Promotion, PromotionById};

/// What a promotion would have done to the orders of the last days.
pub struct PromotionSimulation {
    pub promotion: PromotionId,
    pub from: DateTime<Utc>,
    pub orders_considered: usize,
    pub capped: bool,
    pub orders_touched: usize,
    pub totals: Vec<Total>,
    pub examples: Vec<Example>,
}

/// What a promotion would have done to the orders of the last days. Amounts are in the store's tax mode, before taxes.
#[object]
impl PromotionSimulation {
    /// The promotion.
    fn promotion(&self) -> Load<PromotionById, Option<Promotion>> {
        Load::<PromotionById, _>::of(self.promotion, |row| row.map(Promotion))
    }

    /// The moment from which orders were looked at.
    fn from(&self) -> DateTime<Utc> {
        self.from
    }

    /// How many orders were looked at.
    fn orders_considered(&self) -> i32 {
        number(self.orders_considered)
    }

    /// Whether there were more than are looked at: then these are the newest.
    fn is_capped(&self) -> bool {
        self.capped
    }

    /// How many of them it would have touched.
    fn orders_touched(&self) -> i32 {
        number(self.orders_touched)
    }

    /// What it would have come to, one for each currency of an order that it touches.
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn totals(&self) -> Vec<PromotionSimulationTotal> {
        self.totals.iter().map(PromotionSimulationTotal::from).collect()
    }

    /// The orders that it would have cost most with; 10 at the most.
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn examples(&self) -> Vec<PromotionSimulationExample> {
        self.examples.iter().map(|example| PromotionSimulationExample(*example)).collect()
    }
}

/// Sums over orders of one currency.
#[derive(Debug, Clone, Copy)]
pub struct Total {
    pub orders: usize,
    pub discount: Money,
    pub cost: Money,
}

/// What a promotion would have come to, over the orders in one currency.
#[object]
pub struct PromotionSimulationTotal {
    /// How many orders it would have touched.
    orders: i32,
    /// What it would have taken off, or given away.
    discount: Money,
    /// How much less buyers would have paid: less than the discount where another promotion steps back for it.
    cost: Money,
}

impl From<&Total> for PromotionSimulationTotal {
    fn from(total: &Total) -> Self {
        Self { orders: number(total.orders), discount: total.discount, cost: total.cost }
    }
}

/// An order that was touched.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    pub order: OrderId,
    pub discount: Money,
    pub cost: Money,
}

/// An order that a promotion would have touched.
pub struct PromotionSimulationExample(Example);

/// An order that a promotion would have touched.
#[object]
impl PromotionSimulationExample {
    /// The order.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    fn order(&self) -> Load<OrderById, Option<Order>> {
        Load::<OrderById, _>::of(self.0.order, |row| row.map(Order))
    }

    /// What it would have taken off, or given away.
    fn discount(&self) -> Money {
        self.0.discount
    }

    /// How much less the buyer would have paid.
    fn cost(&self) -> Money {
        self.0.cost
    }
}

//! How benefits look in the schema: one object for each kind, each with its sentence.

use async_graphql::Enum;
use rules::ids::{ProductVariantId, ShippingRateId};
use rules::promotion::{Action, Change, OrderTier, Spread, UnitTier};
use rules::{Decimal, Money};
use serde::Serialize;

use super::number;
use super::selection::LineSelection;
use crate::catalog::variants::ProductVariant;
use crate::gate::directives::cost;
use crate::interface;
use crate::kernel::graph::object;
use crate::kernel::{ById, Ctx, Result};

interface! {
    /// What a buyer gets by a promotion.
    pub enum PromotionAction {
        /// Off the order.
        Order(OrderDiscount),
        /// Off the order, more the more it costs.
        OrderTiers(OrderTiersDiscount),
        /// Off units.
        Units(UnitsDiscount),
        /// Off units, more the more there are.
        UnitTiers(UnitTiersDiscount),
        /// Buy so many, get so many cheaper.
        BuyGet(BuyGetDiscount),
        /// One of so many is free.
        CheapestFree(CheapestFreeDiscount),
        /// Off shipping.
        Shipping(ShippingDiscount),
        /// A gift.
        Gift(PromotionGift),
    }
    fields {
        "summary": "String!" = "The benefit as a sentence.",
    }
}

impl From<Action> for PromotionAction {
    fn from(action: Action) -> Self {
        let summary = action.to_string();
        match action {
            Action::Order(change) => Self::Order(OrderDiscount { summary, change: change.into() }),
            Action::OrderTiers(tiers) => {
                let tiers = tiers.into_iter().map(Into::into).collect();
                Self::OrderTiers(OrderTiersDiscount { summary, tiers })
            }
            Action::Units { of, change, spread } => {
                let (spread, groups) = match spread {
                    Spread::Each => (UnitSpread::Each, None),
                    Spread::Across => (UnitSpread::Across, None),
                    Spread::Groups(size) => (UnitSpread::Groups, Some(number(size))),
                };
                Self::Units(UnitsDiscount { summary, of: of.into(), change: change.into(), spread, groups })
            }
            Action::UnitTiers { of, tiers } => {
                let tiers = tiers.into_iter().map(Into::into).collect();
                Self::UnitTiers(UnitTiersDiscount { summary, of: of.into(), tiers })
            }
            Action::BuyGet { buy, buy_quantity, get, get_quantity, percent } => Self::BuyGet(BuyGetDiscount {
                summary,
                buy: buy.into(),
                buy_quantity: number(buy_quantity),
                get: get.into(),
                get_quantity: number(get_quantity),
                percent: percent.value(),
            }),
            Action::CheapestFree { of, out_of } => {
                Self::CheapestFree(CheapestFreeDiscount { summary, of: of.into(), out_of: number(out_of) })
            }
            Action::Shipping { change, rates } => {
                Self::Shipping(ShippingDiscount { summary, change: change.into(), rate_ids: rates })
            }
            Action::Gift { variant, quantity } => Self::Gift(PromotionGift { summary, variant, quantity }),
        }
    }
}

/// What becomes of a price: one of the three is there.
#[object]
#[derive(Clone)]
pub struct PriceChange {
    /// So much of it is taken off: "12.5" is an eighth.
    percent: Option<Decimal>,
    /// An amount is taken off, in each currency that it is given in; never more than there is.
    #[graphql(directive = cost::apply(1, Some(3)))]
    amount: Option<Vec<Money>>,
    /// It is this instead, where that is less, in each currency that it is given in.
    #[graphql(directive = cost::apply(1, Some(3)))]
    price: Option<Vec<Money>>,
}

impl From<Change> for PriceChange {
    fn from(change: Change) -> Self {
        let nothing = Self { percent: None, amount: None, price: None };
        match change {
            Change::Percent(percent) => Self { percent: Some(percent.value()), ..nothing },
            Change::Amount(amounts) => Self { amount: Some(amounts.all().to_vec()), ..nothing },
            Change::Price(prices) => Self { price: Some(prices.all().to_vec()), ..nothing },
        }
    }
}

/// How a change of price is spread over units.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnitSpread {
    /// Each unit for itself.
    Each,
    /// All of them together, split by what they cost.
    Across,
    /// So many together, the dearest first; what is left over stays as it is.
    Groups,
}

/// Off the order: never more than it costs, and never off shipping.
#[object]
#[derive(Clone)]
pub struct OrderDiscount {
    /// The benefit as a sentence.
    summary: String,
    /// What becomes of what the order costs.
    change: PriceChange,
}

/// Off the order, more the more it costs: the highest tier that it reaches.
#[object]
#[derive(Clone)]
pub struct OrderTiersDiscount {
    /// The benefit as a sentence.
    summary: String,
    /// The tiers. At most 50.
    #[graphql(directive = cost::apply(1, Some(3)))]
    tiers: Vec<OrderDiscountTier>,
}

/// One tier of an order.
#[object]
#[derive(Clone)]
pub struct OrderDiscountTier {
    /// What the order costs at least, in each currency that it is given in; the amount itself is enough.
    #[graphql(directive = cost::apply(1, Some(3)))]
    at_least: Vec<Money>,
    /// What it gets off.
    change: PriceChange,
}

impl From<OrderTier> for OrderDiscountTier {
    fn from(tier: OrderTier) -> Self {
        Self { at_least: tier.at_least.all().to_vec(), change: tier.change.into() }
    }
}

/// Off units of chosen lines.
#[object]
#[derive(Clone)]
pub struct UnitsDiscount {
    /// The benefit as a sentence.
    summary: String,
    /// Which lines.
    of: LineSelection,
    /// What becomes of their price.
    change: PriceChange,
    /// Whether each unit is meant, or several together.
    spread: UnitSpread,
    /// How many units go together; null where they do not.
    groups: Option<i32>,
}

/// Off each unit of chosen lines, more the more there are: the highest tier that they reach.
#[object]
#[derive(Clone)]
pub struct UnitTiersDiscount {
    /// The benefit as a sentence.
    summary: String,
    /// Which lines.
    of: LineSelection,
    /// The tiers. At most 50.
    #[graphql(directive = cost::apply(1, Some(3)))]
    tiers: Vec<UnitDiscountTier>,
}

/// One tier of units.
#[object]
#[derive(Clone)]
pub struct UnitDiscountTier {
    /// How many units there are at least.
    at_least: i32,
    /// What each of them gets off.
    change: PriceChange,
}

impl From<UnitTier> for UnitDiscountTier {
    fn from(tier: UnitTier) -> Self {
        Self { at_least: number(tier.at_least), change: tier.change.into() }
    }
}

/// For so many units bought, so many others get a percentage off, the cheapest first. A unit that qualifies is never
/// one that is made cheap.
#[object]
#[derive(Clone)]
pub struct BuyGetDiscount {
    /// The benefit as a sentence.
    summary: String,
    /// Which lines qualify.
    buy: LineSelection,
    /// How many units qualify once.
    buy_quantity: i32,
    /// Which lines are made cheap.
    get: LineSelection,
    /// How many units are made cheap each time; only whole times count.
    get_quantity: i32,
    /// What these get off, in per cent.
    percent: Decimal,
}

/// Of so many units one is free: the cheapest of all that were chosen.
#[object]
#[derive(Clone)]
pub struct CheapestFreeDiscount {
    /// The benefit as a sentence.
    summary: String,
    /// Which lines.
    of: LineSelection,
    /// One unit is free in this many.
    out_of: i32,
}

/// Off the shipping; 100 per cent is free shipping.
#[object]
#[derive(Clone)]
pub struct ShippingDiscount {
    /// The benefit as a sentence.
    summary: String,
    /// What becomes of its price.
    change: PriceChange,
    /// The ways to ship that it is for; none is all of them.
    rate_ids: Vec<ShippingRateId>,
}

/// A line of its own at the price 0, where there is enough in stock.
#[derive(Clone)]
pub struct PromotionGift {
    summary: String,
    variant: ProductVariantId,
    quantity: u32,
}

/// A line of its own at the price 0, where there is enough in stock.
#[object]
impl PromotionGift {
    /// The benefit as a sentence.
    fn summary(&self) -> &str {
        &self.summary
    }

    /// What is given.
    fn variant_id(&self) -> ProductVariantId {
        self.variant
    }

    /// The variant; null where it was deleted, or is not yours to see.
    async fn variant(&self, ctx: &Ctx) -> Result<Option<ProductVariant>> {
        ProductVariant::by_id(ctx, self.variant).await
    }

    /// How many.
    fn quantity(&self) -> i32 {
        number(self.quantity)
    }
}

//! Benefits, as they are sent (rule P3).

use async_graphql::{Enum, InputObject, OneofObject};
use rules::ids::{ProductVariantId, ShippingRateId};
use rules::money::MoneyInput;
use rules::promotion::{Action, Change, OrderTier, Spread, Target, UnitTier};
use rules::{Decimal, Percent};

use super::super::references::Reference;
use super::Reader;
use super::selection::LineSelectionInput;

/// What the buyer gets.
#[derive(OneofObject, Clone)]
pub enum PromotionActionInput {
    /// Off the order: never more than it costs, and never off shipping.
    Order(PriceChangeInput),
    /// Off the order, more the more it costs: the highest tier that it reaches. At most 50 tiers.
    OrderTiers(Vec<OrderTierInput>),
    /// Off units of chosen lines.
    Units(UnitsDiscountInput),
    /// Off each unit of chosen lines, more the more there are: the highest tier that they reach.
    UnitTiers(UnitTiersDiscountInput),
    /// For so many units bought, so many others get a percentage off, the cheapest first.
    BuyGet(BuyGetDiscountInput),
    /// Of so many units one is free: the cheapest of all that were chosen.
    CheapestFree(CheapestFreeDiscountInput),
    /// Off the shipping; 100 per cent is free shipping.
    Shipping(ShippingDiscountInput),
    /// A line of its own at the price 0, where there is enough in stock.
    Gift(PromotionGiftInput),
}

/// What becomes of a price.
#[derive(OneofObject, Clone)]
pub enum PriceChangeInput {
    /// So much of it is taken off, from 0 to 100 with four decimals at the most: "12.5" is an eighth.
    Percent(Decimal),
    /// An amount is taken off, one in each currency, in the store's tax mode; never more than there is.
    Amount(Vec<MoneyInput>),
    /// It is this instead, where that is less, one amount in each currency.
    Price(Vec<MoneyInput>),
}

/// One tier of an order.
#[derive(InputObject, Clone)]
pub struct OrderTierInput {
    /// What the order costs at least, one amount in each currency; the amount itself is enough.
    pub at_least: Vec<MoneyInput>,
    /// What it gets off.
    pub change: PriceChangeInput,
}

/// Off units of chosen lines.
#[derive(InputObject, Clone)]
pub struct UnitsDiscountInput {
    /// Which lines; all where it is left out.
    #[graphql(default)]
    pub of: LineSelectionInput,
    /// What becomes of their price.
    pub change: PriceChangeInput,
    /// How it is spread over them; each unit is meant where it is left out.
    pub spread: Option<UnitSpreadInput>,
}

/// How a change of price is spread over units.
#[derive(OneofObject, Clone, Copy)]
pub enum UnitSpreadInput {
    /// Over each unit for itself, or over all of them together.
    Over(UnitSpreadOver),
    /// Over so many units together, the dearest first, such as "three for 10.00"; what is left over stays as it is.
    Groups(i32),
}

/// What a change of price is spread over.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum UnitSpreadOver {
    /// Each unit for itself.
    Each,
    /// All of them together, split by what they cost.
    Across,
}

/// Off each unit of chosen lines, more the more there are.
#[derive(InputObject, Clone)]
pub struct UnitTiersDiscountInput {
    /// Which lines; all where it is left out.
    #[graphql(default)]
    pub of: LineSelectionInput,
    /// The tiers. At most 50.
    pub tiers: Vec<UnitTierInput>,
}

/// One tier of units.
#[derive(InputObject, Clone)]
pub struct UnitTierInput {
    /// How many units there are at least.
    pub at_least: i32,
    /// What each of them gets off.
    pub change: PriceChangeInput,
}

/// For so many units bought, so many others get a percentage off. A unit that qualifies is never one that is made
/// cheap.
#[derive(InputObject, Clone)]
pub struct BuyGetDiscountInput {
    /// Which lines qualify; all where it is left out.
    #[graphql(default)]
    pub buy: LineSelectionInput,
    /// How many units qualify once.
    pub buy_quantity: i32,
    /// Which lines are made cheap; all where it is left out.
    #[graphql(default)]
    pub get: LineSelectionInput,
    /// How many units are made cheap each time; only whole times count.
    pub get_quantity: i32,
    /// What these get off, in per cent.
    pub percent: Decimal,
}

/// Of so many units one is free.
#[derive(InputObject, Clone)]
pub struct CheapestFreeDiscountInput {
    /// Which lines; all where it is left out.
    #[graphql(default)]
    pub of: LineSelectionInput,
    /// One unit is free in this many.
    pub out_of: i32,
}

/// Off the shipping.
#[derive(InputObject, Clone)]
pub struct ShippingDiscountInput {
    /// What becomes of its price.
    pub change: PriceChangeInput,
    /// The ways to ship that it is for; all where there is none. At most 250.
    #[graphql(default)]
    pub rate_ids: Vec<ShippingRateId>,
}

/// A line of its own at the price 0.
#[derive(InputObject, Clone, Copy)]
pub struct PromotionGiftInput {
    /// What is given.
    pub variant_id: ProductVariantId,
    /// How many.
    #[graphql(default = 1)]
    pub quantity: i32,
}

impl PromotionActionInput {
    /// As the rules have it; `None` where a part of it can't be read, which is noted.
    pub fn read(&self, reader: &mut Reader<'_>) -> Option<Action> {
        Some(match self {
            Self::Order(change) => Action::Order(change.read("action.order", reader)?),
            Self::OrderTiers(tiers) => {
                let path = "action.orderTiers";
                let tiers = reader.list(path, tiers).iter().enumerate();
                let tiers = tiers.filter_map(|(place, tier)| tier.read(&format!("{path}.{place}"), reader));
                Action::OrderTiers(tiers.collect())
            }
            Self::Units(units) => Action::Units {
                of: units.of.read("action.units.of", reader),
                change: units.change.read("action.units.change", reader)?,
                spread: match units.spread {
                    None | Some(UnitSpreadInput::Over(UnitSpreadOver::Each)) => Spread::Each,
                    Some(UnitSpreadInput::Over(UnitSpreadOver::Across)) => Spread::Across,
                    Some(UnitSpreadInput::Groups(size)) => {
                        Spread::Groups(reader.count("action.units.spread.groups", size))
                    }
                },
            },
            Self::UnitTiers(units) => {
                let path = "action.unitTiers.tiers";
                let of = units.of.read("action.unitTiers.of", reader);
                let tiers = reader.list(path, &units.tiers).iter().enumerate();
                let tiers = tiers.filter_map(|(place, tier)| tier.read(&format!("{path}.{place}"), reader));
                Action::UnitTiers { of, tiers: tiers.collect() }
            }
            Self::BuyGet(units) => Action::BuyGet {
                buy: units.buy.read("action.buyGet.buy", reader),
                buy_quantity: reader.count("action.buyGet.buyQuantity", units.buy_quantity),
                get: units.get.read("action.buyGet.get", reader),
                get_quantity: reader.count("action.buyGet.getQuantity", units.get_quantity),
                percent: reader.keep("action.buyGet.percent", Percent::try_new(units.percent))?,
            },
            Self::CheapestFree(units) => Action::CheapestFree {
                of: units.of.read("action.cheapestFree.of", reader),
                out_of: reader.count("action.cheapestFree.outOf", units.out_of),
            },
            Self::Shipping(shipping) => {
                let path = "action.shipping.rateIds";
                let rates = reader.list(path, &shipping.rate_ids).to_vec();
                for (place, rate) in rates.iter().enumerate() {
                    reader.name(format!("{path}.{place}"), Reference::Rate(*rate));
                }
                Action::Shipping { change: shipping.change.read("action.shipping.change", reader)?, rates }
            }
            Self::Gift(gift) => {
                let target = Target::Variant(gift.variant_id);
                reader.name("action.gift.variantId".to_owned(), Reference::Target(target));
                let quantity = reader.count("action.gift.quantity", gift.quantity);
                Action::Gift { variant: gift.variant_id, quantity }
            }
        })
    }
}

impl PriceChangeInput {
    fn read(&self, path: &str, reader: &mut Reader<'_>) -> Option<Change> {
        Some(match self {
            Self::Percent(percent) => {
                Change::Percent(reader.keep(&format!("{path}.percent"), Percent::try_new(*percent))?)
            }
            Self::Amount(amounts) => Change::Amount(reader.amounts(&format!("{path}.amount"), amounts)),
            Self::Price(prices) => Change::Price(reader.amounts(&format!("{path}.price"), prices)),
        })
    }
}

impl OrderTierInput {
    fn read(&self, path: &str, reader: &mut Reader<'_>) -> Option<OrderTier> {
        let at_least = reader.amounts(&format!("{path}.atLeast"), &self.at_least);
        Some(OrderTier { at_least, change: self.change.read(&format!("{path}.change"), reader)? })
    }
}

impl UnitTierInput {
    fn read(&self, path: &str, reader: &mut Reader<'_>) -> Option<UnitTier> {
        let at_least = reader.count(&format!("{path}.atLeast"), self.at_least);
        Some(UnitTier { at_least, change: self.change.read(&format!("{path}.change"), reader)? })
    }
}

//! How a merchant writes a basket down, and what the rules make of it.

mod words;

use std::collections::BTreeMap;

use chrono::DateTime;
use rules::basket::{Basket, Buyer, Line, ShippingCharge};
use rules::ids::{ProductVariantId, PromotionId};
use rules::place::{Place, Territory};
use rules::promotion::{
    Action, Caps, Change, Condition, DiscountCode, GiftStock, Offers, OrderTier, Promotion, Selector, Spent, Stacking,
    Target, UnitTier,
};
use rules::tax::{Places, ShippingTax, StoreTaxes, TaxRate, TaxRules, TaxZone, Taxation};
use rules::totals::Terms;
use rules::{Currency, Decimal, Money, PerCurrency};
use uuid::Uuid;
pub use words::Expected;
use words::{File, Gives, Off, Tier, When, Written, WrittenGift, WrittenLine, WrittenPromotion, WrittenTax};

/// A case, ready to be worked out.
pub struct Case {
    pub name: String,
    pub store: Store,
    pub expected: Expected,
}

/// A store with a basket, and the names of things in it.
pub struct Store {
    pub terms: Terms,
    names: BTreeMap<Uuid, String>,
}

impl Store {
    pub fn promotion_name(&self, id: PromotionId) -> &str {
        &self.names[&id.0]
    }

    pub fn variant_name(&self, id: ProductVariantId) -> &str {
        &self.names[&id.0]
    }
}

pub fn read(text: &str) -> Vec<Case> {
    let file: File = serde_json::from_str(text).expect("a file of cases");
    file.cases.into_iter().map(Written::into_case).collect()
}

/// The same name of the same kind is the same thing.
fn id<T: From<Uuid>>(kind: &str, name: &str) -> T {
    let hash =
        kind.bytes().chain([0]).chain(name.bytes()).fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
    Uuid::from_u128(hash).into()
}

fn ids<T: From<Uuid>>(kind: &str, names: &[String]) -> Vec<T> {
    names.iter().map(|name| id(kind, name)).collect()
}

/// Reads `tag sale` or `except product mug`.
fn selector(words: &[String]) -> Selector {
    let mut selector = Selector::everything();
    for word in words {
        let (list, target) = match word.strip_prefix("except ") {
            Some(rest) => (&mut selector.except, rest),
            None => (&mut selector.any_of, word.as_str()),
        };
        let (kind, name) = target.split_once(' ').expect("a kind and a name");
        list.push(match kind {
            "product" => Target::Product(id(kind, name)),
            "variant" => Target::Variant(id(kind, name)),
            "brand" => Target::Brand(id(kind, name)),
            "category" => Target::Category(id(kind, name)),
            "collection" => Target::Collection(id(kind, name)),
            "tag" => Target::Tag(id(kind, name)),
            other => panic!("nothing is chosen by its {other}"),
        });
    }
    selector
}

/// Reads amounts in the currency of the case.
#[derive(Clone, Copy)]
struct Reader(Currency);

impl Reader {
    fn money(self, amount: Decimal) -> Money {
        Money::try_from_decimal(amount, self.0).expect("an amount with the currency's decimals")
    }

    fn amounts(self, amount: Decimal) -> PerCurrency {
        PerCurrency::from(self.money(amount))
    }

    fn change(self, off: Off) -> Change {
        match off {
            Off::Percent(percent) => Change::Percent(percent),
            Off::Amount(amount) => Change::Amount(self.amounts(amount)),
            Off::Price(price) => Change::Price(self.amounts(price)),
        }
    }

    fn condition(self, when: When) -> Condition {
        let list = |conditions: Vec<When>| conditions.into_iter().map(|when| self.condition(when)).collect();
        match when {
            When::All(conditions) => Condition::All(list(conditions)),
            When::Any(conditions) => Condition::Any(list(conditions)),
            When::Not(condition) => Condition::Not(Box::new(self.condition(*condition))),
            When::Subtotal { at_least, of } => {
                Condition::Subtotal { at_least: self.amounts(at_least), of: selector(&of) }
            }
            When::Quantity { at_least, of } => Condition::Quantity { at_least, of: selector(&of) },
            When::Contains(of) => Condition::Contains(selector(&of)),
            When::Segments(names) => Condition::Segments(ids("segment", &names)),
            When::FirstOrder => Condition::FirstOrder,
            When::Currencies(currencies) => Condition::Currencies(currencies),
            When::Countries(countries) => Condition::Countries(countries),
            When::Channels(channels) => Condition::Channels(channels),
            When::Between { from, until } => Condition::During { from: Some(from), until: Some(until) },
            When::CodeGiven => Condition::CodeGiven,
        }
    }

    fn action(self, gives: Gives) -> Action {
        match gives {
            Gives::Order(off) => Action::Order(self.change(off)),
            Gives::OrderTiers(tiers) => {
                let tier = |tier: Tier<Decimal>| OrderTier {
                    at_least: self.amounts(tier.at_least),
                    change: self.change(tier.off),
                };
                Action::OrderTiers(tiers.into_iter().map(tier).collect())
            }
            Gives::Units { of, off, spread } => Action::Units { of: selector(&of), change: self.change(off), spread },
            Gives::UnitTiers { of, tiers } => {
                let tier = |tier: Tier<u32>| UnitTier { at_least: tier.at_least, change: self.change(tier.off) };
                Action::UnitTiers { of: selector(&of), tiers: tiers.into_iter().map(tier).collect() }
            }
            Gives::BuyGet { buy, buy_quantity, get, get_quantity, percent } => {
                Action::BuyGet { buy: selector(&buy), buy_quantity, get: selector(&get), get_quantity, percent }
            }
            Gives::CheapestFree { of, out_of } => Action::CheapestFree { of: selector(&of), out_of },
            Gives::Shipping(off) => Action::Shipping { change: self.change(off), rates: Vec::new() },
            Gives::Gift { product, quantity } => Action::Gift { variant: id("variant", &product), quantity },
        }
    }

    fn promotion(self, index: usize, written: WrittenPromotion) -> (Promotion, Vec<DiscountCode>) {
        let promotion: PromotionId = id("promotion", &written.name);
        let codes = written.codes.into_iter().map(|code| DiscountCode {
            code: code.code,
            promotion,
            customer: code.customer.map(|name| id("customer", &name)),
            valid_from: code.from,
            valid_to: code.until,
            limit: code.limit,
            limit_per_buyer: code.limit_per_buyer,
            used: code.used,
            used_by_buyer: code.used_by_buyer,
        });
        let codes: Vec<DiscountCode> = codes.collect();
        let when = written.when.map(|when| self.condition(when));
        // Whoever writes a code means that it has to be given.
        let condition = match (when, codes.is_empty()) {
            (Some(when), true) => when,
            (None, true) => Condition::always(),
            (when, false) => Condition::All([Condition::CodeGiven].into_iter().chain(when).collect()),
        };
        let promotion = Promotion {
            id: promotion,
            name: written.name,
            // Those that stand first in the case are the oldest.
            created_at: DateTime::from_timestamp(index as i64, 0).expect("a time"),
            priority: written.priority,
            valid_from: written.from,
            valid_to: written.until,
            condition,
            action: self.action(written.gives),
            caps: Caps {
                maximum_discount: written.at_most.map(|amount| self.amounts(amount)),
                maximum_applications: written.times,
                budget: written.budget.map(|amount| self.amounts(amount)),
                maximum_uses: written.maximum_uses,
            },
            stacking: Stacking { combines_with: written.combines_with, exclusive_group: written.group },
            spent: Spent {
                discount: written.spent.map(|amount| self.amounts(amount)).unwrap_or_default(),
                uses: written.uses,
            },
        };
        (promotion, codes)
    }

    fn line(self, line: &WrittenLine) -> Line {
        let variant = line.variant.as_ref().unwrap_or(&line.product);
        Line {
            variant: id("variant", variant),
            product: id("product", &line.product),
            brand: line.brand.as_ref().map(|name| id("brand", name)),
            categories: ids("category", &line.categories),
            collections: ids("collection", &line.collections),
            tags: ids("tag", &line.tags),
            tax_category: line.tax_category.as_ref().map(|name| id("tax category", name)),
            untaxed: false,
            quantity: line.quantity,
            unit_price: self.money(line.price),
        }
    }
}

/// A zone for each country and region.
fn zones(taxes: Vec<WrittenTax>) -> Vec<TaxZone> {
    let mut zones: BTreeMap<(String, Option<String>), Vec<TaxRate>> = BTreeMap::new();
    for tax in taxes {
        let category = tax.category.map(|name| id("tax category", &name));
        zones.entry((tax.country, tax.region)).or_default().push(TaxRate { name: tax.name, rate: tax.rate, category });
    }
    let zone = |((country, region), rates): ((String, Option<String>), Vec<TaxRate>)| TaxZone {
        id: id("tax zone", &format!("{country} {region:?}")),
        territories: vec![Territory { country: Some(country), region, postal_codes: Vec::new() }],
        rates,
    };
    zones.into_iter().map(zone).collect()
}

impl Written {
    fn into_case(self) -> Case {
        let reader = Reader(self.currency);
        let mut names = BTreeMap::new();
        for line in &self.basket {
            let variant = line.variant.as_ref().unwrap_or(&line.product);
            names.insert(id("variant", variant), variant.clone());
        }
        for gift in &self.gifts {
            names.insert(id("variant", &gift.product), gift.product.clone());
        }
        let gift = |gift: &WrittenGift| GiftStock {
            variant: id("variant", &gift.product),
            product: id("product", &gift.product),
            tax_category: None,
            price: gift.price.map(|price| reader.money(price)),
            available: gift.available,
        };
        let mut offers = Offers { gifts: self.gifts.iter().map(gift).collect(), ..Offers::default() };
        for (index, written) in self.promotions.into_iter().enumerate() {
            let (promotion, codes) = reader.promotion(index, written);
            names.insert(promotion.id.0, promotion.name.clone());
            offers.promotions.push(promotion);
            offers.codes.extend(codes);
        }
        let place = match self.ships_to.split_once('-') {
            Some((country, region)) => Place::region(country, region),
            None => Place::country(&self.ships_to),
        };
        let basket = Basket {
            currency: self.currency,
            tax_mode: self.prices,
            rounding: self.rounding,
            lines: self.basket.iter().map(|line| reader.line(line)).collect(),
            shipping: self.shipping.map(|amount| ShippingCharge { rate: None, amount: reader.money(amount) }),
            codes: self.codes,
            buyer: Buyer {
                customer: self.buyer.name.map(|name| id("customer", &name)),
                segments: ids("segment", &self.buyer.segments),
                first_order: self.buyer.first_order,
            },
            country: Some(place.country.clone()),
            channel: self.channel,
        };
        let taxation = Taxation::Rules(Box::new(StoreTaxes {
            rules: TaxRules {
                zones: zones(self.taxes),
                shipping: if self.shipping_by_lines { ShippingTax::ByLines } else { ShippingTax::default() },
            },
            places: Places { shipping: Some(place), billing: None, store: Place::country("DE") },
            exempt: self.exempt,
        }));
        let terms = Terms::new(self.at, basket, offers, taxation);
        Case { name: self.name, store: Store { terms, names }, expected: self.expect }
    }
}

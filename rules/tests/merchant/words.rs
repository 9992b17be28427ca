//! The words that a case is written in.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rules::promotion::{Phase, Spread};
use rules::{Currency, Decimal, Percent, Rounding, TaxMode};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(rename = "about")]
    pub _about: Vec<String>,
    pub cases: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    pub name: String,
    #[serde(default = "eur")]
    pub currency: Currency,
    #[serde(default)]
    pub prices: TaxMode,
    #[serde(default)]
    pub rounding: Rounding,
    #[serde(default = "noon")]
    pub at: DateTime<Utc>,
    pub basket: Vec<WrittenLine>,
    #[serde(default)]
    pub shipping: Option<Decimal>,
    #[serde(default)]
    pub codes: Vec<String>,
    #[serde(default)]
    pub buyer: WrittenBuyer,
    #[serde(default = "germany", rename = "ships to")]
    pub ships_to: String,
    #[serde(default)]
    pub channel: Option<String>,
    #[serde(default)]
    pub promotions: Vec<WrittenPromotion>,
    #[serde(default)]
    pub gifts: Vec<WrittenGift>,
    #[serde(default)]
    pub taxes: Vec<WrittenTax>,
    #[serde(default, rename = "shipping is taxed like the goods")]
    pub shipping_by_lines: bool,
    #[serde(default, rename = "pays no tax")]
    pub exempt: bool,
    pub expect: Expected,
}

/// What comes of a case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    #[serde(default)]
    pub promotions: BTreeMap<String, String>,
    pub lines: Vec<String>,
    #[serde(default)]
    pub shipping: Option<String>,
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    #[serde(default)]
    pub taxes: Option<Vec<String>>,
    pub total: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenLine {
    pub product: String,
    #[serde(default)]
    pub variant: Option<String>,
    #[serde(default = "one")]
    pub quantity: u32,
    pub price: Decimal,
    #[serde(default)]
    pub brand: Option<String>,
    #[serde(default)]
    pub categories: Vec<String>,
    #[serde(default)]
    pub collections: Vec<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default, rename = "tax category")]
    pub tax_category: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct WrittenBuyer {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub segments: Vec<String>,
    #[serde(default, rename = "first order")]
    pub first_order: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenGift {
    pub product: String,
    #[serde(default)]
    pub price: Option<Decimal>,
    #[serde(default)]
    pub available: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenTax {
    pub name: String,
    pub rate: Decimal,
    #[serde(default, rename = "on")]
    pub category: Option<String>,
    #[serde(default = "germany", rename = "in")]
    pub country: String,
    #[serde(default)]
    pub region: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenPromotion {
    pub name: String,
    #[serde(default)]
    pub when: Option<When>,
    pub gives: Gives,
    #[serde(default)]
    pub priority: i32,
    #[serde(default = "all_classes", rename = "combines with")]
    pub combines_with: Vec<Phase>,
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    pub from: Option<DateTime<Utc>>,
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
    #[serde(default, rename = "at most")]
    pub at_most: Option<Decimal>,
    #[serde(default)]
    pub times: Option<u32>,
    #[serde(default)]
    pub budget: Option<Decimal>,
    #[serde(default)]
    pub spent: Option<Decimal>,
    #[serde(default, rename = "orders at most")]
    pub maximum_uses: Option<u64>,
    #[serde(default, rename = "orders so far")]
    pub uses: u64,
    #[serde(default)]
    pub codes: Vec<WrittenCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenCode {
    pub code: String,
    #[serde(default)]
    pub customer: Option<String>,
    #[serde(default)]
    pub from: Option<DateTime<Utc>>,
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
    #[serde(default)]
    pub limit: Option<u64>,
    #[serde(default)]
    pub used: u64,
    #[serde(default, rename = "limit per buyer")]
    pub limit_per_buyer: Option<u64>,
    #[serde(default, rename = "used by buyer")]
    pub used_by_buyer: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub enum When {
    #[serde(rename = "all")]
    All(Vec<When>),
    #[serde(rename = "any")]
    Any(Vec<When>),
    #[serde(rename = "not")]
    Not(Box<When>),
    #[serde(rename = "subtotal")]
    Subtotal {
        #[serde(rename = "at least")]
        at_least: Decimal,
        #[serde(default)]
        of: Vec<String>,
    },
    #[serde(rename = "quantity")]
    Quantity {
        #[serde(rename = "at least")]
        at_least: u32,
        #[serde(default)]
        of: Vec<String>,
    },
    #[serde(rename = "contains")]
    Contains(Vec<String>),
    #[serde(rename = "segments")]
    Segments(Vec<String>),
    #[serde(rename = "first order")]
    FirstOrder,
    #[serde(rename = "currencies")]
    Currencies(Vec<Currency>),
    #[serde(rename = "countries")]
    Countries(Vec<String>),
    #[serde(rename = "channels")]
    Channels(Vec<String>),
    #[serde(rename = "between")]
    Between { from: DateTime<Utc>, until: DateTime<Utc> },
    #[serde(rename = "code given")]
    CodeGiven,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Gives {
    #[serde(rename = "off the order")]
    Order(Off),
    #[serde(rename = "off the order by tiers")]
    OrderTiers(Vec<Tier<Decimal>>),
    #[serde(rename = "off units")]
    Units {
        #[serde(default)]
        of: Vec<String>,
        off: Off,
        #[serde(default)]
        spread: Spread,
    },
    #[serde(rename = "off units by tiers")]
    UnitTiers {
        #[serde(default)]
        of: Vec<String>,
        tiers: Vec<Tier<u32>>,
    },
    #[serde(rename = "buy and get")]
    BuyGet {
        #[serde(default)]
        buy: Vec<String>,
        #[serde(rename = "buy quantity")]
        buy_quantity: u32,
        #[serde(default)]
        get: Vec<String>,
        #[serde(rename = "get quantity")]
        get_quantity: u32,
        percent: Percent,
    },
    #[serde(rename = "cheapest free")]
    CheapestFree {
        #[serde(default)]
        of: Vec<String>,
        #[serde(rename = "out of")]
        out_of: u32,
    },
    #[serde(rename = "off shipping")]
    Shipping(Off),
    #[serde(rename = "gift")]
    Gift { product: String, quantity: u32 },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Off {
    #[serde(rename = "percent")]
    Percent(Percent),
    #[serde(rename = "amount")]
    Amount(Decimal),
    #[serde(rename = "price")]
    Price(Decimal),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier<T> {
    #[serde(rename = "at least")]
    pub at_least: T,
    pub off: Off,
}

fn eur() -> Currency {
    Currency::EUR
}

fn noon() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().expect("a time")
}

fn germany() -> String {
    "DE".to_owned()
}

fn one() -> u32 {
    1
}

fn all_classes() -> Vec<Phase> {
    vec![Phase::Line, Phase::Order, Phase::Shipping]
}

//! The answers, in the order of the questions' fields.

use rules::ids::{ProductId, ProductVariantId};
use rules::{Currency, Decimal, Money};
use serde::Serialize;

#[derive(Serialize)]
pub struct Answer<T> {
    pub data: T,
}

#[derive(Serialize)]
pub struct One<'a> {
    pub product: Option<Product<'a>>,
}

#[derive(Serialize)]
pub struct Many<T> {
    pub products: Nodes<T>,
}

#[derive(Serialize)]
pub struct Nodes<T> {
    pub nodes: Vec<T>,
}

#[derive(Serialize)]
pub struct Title<'a> {
    pub id: ProductId,
    pub title: &'a str,
}

#[derive(Serialize)]
pub struct Product<'a> {
    pub id: ProductId,
    pub title: &'a str,
    pub slug: &'a str,
    pub media: Vec<Medium<'a>>,
    pub variants: Vec<Variant<'a>>,
}

#[derive(Serialize)]
pub struct Medium<'a> {
    pub url: &'a str,
    pub alt: Option<&'a str>,
}

#[derive(Serialize)]
pub struct Variant<'a> {
    pub id: ProductVariantId,
    pub sku: Option<&'a str>,
    pub price: Option<Price>,
}

#[derive(Serialize)]
pub struct Price {
    pub amount: Amount,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    pub amount: Decimal,
    pub currency_code: &'static str,
}

impl Price {
    pub fn new(minor: i64, currency: Currency) -> Self {
        let money = Money::from_minor(minor, currency);
        Self { amount: Amount { amount: money.amount(), currency_code: currency.code() } }
    }
}

//! Stories of taxes.

mod categories;
mod preview;
mod provider;
mod rates;
mod settings;
mod zones;

use serde_json::Value;

use crate::harness::ledger::Told;
use crate::harness::{Actor, Answer, Shop, json};

const PREVIEW: &str = "query($input: TaxPreviewInput!) { taxPreview(input: $input) {
    source zone { id } taxMode
    lines { variantId quantity unitPrice { amount } amount { net { amount } tax { amount } gross { amount } exempted { amount }
        taxes { name rate net { amount } tax { amount } } } }
    shipping { net { amount } tax { amount } gross { amount } taxes { name rate tax { amount } } }
    net { amount } tax { amount } gross { amount } exempted { amount }
    taxes { name rate net { amount } tax { amount } } } }";

fn told(audit: &str, events: &[&str]) -> Told {
    Told { audit: vec![audit.to_owned()], events: events.iter().map(|event| (*event).to_owned()).collect() }
}

fn eur(amount: &str) -> Value {
    json!({ "amount": amount, "currencyCode": "EUR" })
}

/// A line of one variant with its own price.
fn line(variant: &str, quantity: i32, price: &str) -> Value {
    json!({ "variantId": variant, "quantity": quantity, "unitPrice": eur(price) })
}

async fn preview(who: &Actor, input: Value) -> Answer {
    who.query(PREVIEW, json!({ "input": input })).await
}

/// A product's only variant: its id, and that of the product.
async fn variant(shop: &Shop, input: Value) -> (String, String) {
    let product = shop.product(&shop.owner(), input).await;
    (product.variants[0].clone(), product.id)
}

/// A tax category that is not the default.
async fn books(shop: &Shop) -> String {
    shop.tax_category(&shop.owner(), "Goods").await;
    shop.tax_category(&shop.owner(), "Books").await
}

/// Germany at 19 per cent, and 7 on this category.
async fn germany(shop: &Shop, books: &str) -> String {
    let zone = shop.tax_zone(&shop.owner(), json!([{ "country": "DE" }])).await;
    shop.tax_rate(&shop.owner(), &zone, None, "0.19").await;
    shop.tax_rate(&shop.owner(), &zone, Some(books), "0.07").await;
    zone
}

pub async fn set_store(shop: &Shop, input: Value) {
    let document = "mutation($input: StoreUpdateInput!) { storeUpdate(input: $input) { userErrors { code field } } }";
    shop.owner().query(document, json!({ "input": input })).await.ok();
}

async fn set_taxes(shop: &Shop, input: Value) -> Answer {
    let document = "mutation($input: TaxSettingsUpdateInput!, $expectedVersion: Int) {
        taxSettingsUpdate(input: $input, expectedVersion: $expectedVersion) {
            taxSettings { origin { country region postalCode } shippingTax shippingCategory { id } provider onProviderFailure version }
            userErrors { code field message } } }";
    shop.owner().query(document, json!({ "input": input })).await
}

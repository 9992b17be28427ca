//! Documents of prices.

use rules::permission::Permission::{PricesManage, PricesRead};

use super::Rightful::May;
use super::{Entry, document};
use crate::harness::json;
use crate::pricing::Stock;

pub fn documents() -> Vec<Entry> {
    vec![
        document!("price", May(&[PricesRead]), shop, _ => {
            let answer = Stock::of_linden(shop, 1).await.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "5" }])).await.ok();
            json!({ "id": answer.text("pricesSet.prices.0.id") })
        }),
        document!("prices", May(&[PricesRead]), shop, _ => {
            let mug = Stock::of_linden(shop, 1).await;
            mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "5" }])).await.ok();
            json!({ "first": 100, "filter": { "currency": "EUR", "holdsAt": "2026-03-01T12:00:00Z" } })
        }),
        document!("pricesSet", May(&[PricesManage]), shop, _ => {
            let mug = Stock::of_linden(shop, 1).await;
            let prices = json!([{ "currency": "EUR", "amount": "5", "compareAt": "6", "variantId": mug.variants[0] }]);
            json!({ "productId": mug.product, "prices": prices })
        }),
        document!("priceDelete", May(&[PricesManage]), shop, _ => {
            let answer = Stock::of_linden(shop, 1).await.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "5" }])).await.ok();
            json!({ "id": answer.text("pricesSet.prices.0.id") })
        }),
    ]
}

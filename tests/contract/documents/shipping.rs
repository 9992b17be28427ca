//! Documents of shipping.

use rules::permission::Permission::{ShippingManage, ShippingRead};

use super::Rightful::May;
use super::{Entry, document};
use crate::harness::{Shop, json};

async fn profile(shop: &Shop) -> String {
    shop.shipping_profile(&shop.owner(), &shop.word()).await
}

async fn zone(shop: &Shop) -> String {
    let profile = profile(shop).await;
    shop.shipping_zone(&shop.owner(), &profile, json!([{ "country": "DE" }])).await
}

async fn rate(shop: &Shop) -> String {
    let zone = zone(shop).await;
    shop.shipping_rate(&shop.owner(), &zone, "Post", json!({})).await
}

async fn product(shop: &Shop) -> String {
    shop.product_row(shop.linden.store(), "Kettle").await.to_string()
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("shippingProfile", May(&[ShippingRead]), shop, _ => json!({ "id": profile(shop).await })),
        document!("shippingProfiles", May(&[ShippingRead]), shop, _ => {
            rate(shop).await;
            json!({ "first": 5 })
        }),
        document!("shippingProfileCreate", May(&[ShippingManage]), shop, _ => json!({ "input": { "name": shop.word() } })),
        document!("shippingProfileUpdate", May(&[ShippingManage]), shop, _ => {
            profile(shop).await;
            json!({ "id": profile(shop).await, "input": { "name": shop.word() }, "expectedVersion": 1 })
        }),
        document!("shippingProfileProductsAssign", May(&[ShippingManage]), shop, _ => {
            profile(shop).await;
            json!({ "id": profile(shop).await, "productIds": [product(shop).await, product(shop).await] })
        }),
        document!("shippingProfileDelete", May(&[ShippingManage]), shop, _ => {
            profile(shop).await;
            json!({ "id": profile(shop).await, "expectedVersion": 1 })
        }),
        document!("shippingZone", May(&[ShippingRead]), shop, _ => json!({ "id": zone(shop).await })),
        document!("shippingZones", May(&[ShippingRead]), shop, _ => {
            rate(shop).await;
            json!({ "first": 5 })
        }),
        document!("shippingZoneCreate", May(&[ShippingManage]), shop, _ => {
            let territories = json!([{ "country": "US", "region": "CA" }, {}]);
            json!({ "input": { "profileId": profile(shop).await, "name": shop.word(), "territories": territories } })
        }),
        document!("shippingZoneUpdate", May(&[ShippingManage]), shop, _ => {
            json!({ "id": zone(shop).await, "input": { "territories": [{ "country": "FR" }] }, "expectedVersion": 1 })
        }),
        document!("shippingZoneDelete", May(&[ShippingManage]), shop, _ => {
            json!({ "id": zone(shop).await, "expectedVersion": 1 })
        }),
        document!("shippingRate", May(&[ShippingRead]), shop, _ => json!({ "id": rate(shop).await })),
        document!("shippingRates", May(&[ShippingRead]), shop, _ => {
            rate(shop).await;
            json!({ "first": 5 })
        }),
        document!("shippingRateCreate", May(&[ShippingManage]), shop, _ => {
            let eur = |amount: &str| json!({ "amount": amount, "currencyCode": "EUR" });
            let steps = json!([{ "upToGrams": 1000, "prices": [eur("4.90")] }]);
            let location = shop.location(&shop.owner(), "Shop").await;
            json!({ "input": { "zoneId": zone(shop).await, "name": "Post", "pricing": { "byWeight": steps }, "pickupLocationId": location } })
        }),
        document!("shippingRateUpdate", May(&[ShippingManage]), shop, _ => {
            let free = json!([{ "amount": "50.00", "currencyCode": "EUR" }]);
            let location = shop.location(&shop.owner(), "Shop").await;
            let input = json!({ "freeFrom": free, "pickupLocationId": location });
            json!({ "id": rate(shop).await, "input": input, "expectedVersion": 1 })
        }),
        document!("shippingRateDelete", May(&[ShippingManage]), shop, _ => {
            json!({ "id": rate(shop).await, "expectedVersion": 1 })
        }),
        document!("shippingQuote", May(&[ShippingRead]), shop, _ => {
            let profile = profile(shop).await;
            let zone = shop.shipping_zone(&shop.owner(), &profile, json!([{ "country": "DE" }])).await;
            shop.shipping_rate(&shop.owner(), &zone, "Post", json!({})).await;
            let variant = shop.variant_row(shop.linden.store()).await.to_string();
            let price = json!({ "amount": "10.00", "currencyCode": "EUR" });
            let line = json!({ "variantId": variant, "quantity": 1, "unitPrice": price });
            json!({ "input": { "lines": [line], "shippingTo": { "country": "DE" } } })
        }),
    ]
}

//! Documents of taxes.

use rules::permission::Permission::{TaxesManage, TaxesRead};

use super::Rightful::May;
use super::{Entry, document};
use crate::harness::{Shop, json};

async fn category(shop: &Shop) -> String {
    shop.tax_category(&shop.owner(), &shop.word()).await
}

async fn zone(shop: &Shop) -> String {
    shop.any_tax_zone(&shop.owner()).await
}

async fn rate(shop: &Shop) -> String {
    let (zone, category) = (zone(shop).await, category(shop).await);
    shop.tax_rate(&shop.owner(), &zone, Some(&category), "0.19").await
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("taxCategory", May(&[TaxesRead]), shop, _ => json!({ "id": category(shop).await })),
        document!("taxCategories", May(&[TaxesRead]), shop, _ => {
            category(shop).await;
            json!({ "first": 100 })
        }),
        document!("taxCategoryCreate", May(&[TaxesManage]), shop, _ => json!({ "input": { "name": shop.word() } })),
        document!("taxCategoryUpdate", May(&[TaxesManage]), shop, _ => {
            category(shop).await;
            json!({ "id": category(shop).await, "input": { "name": shop.word() }, "expectedVersion": 1 })
        }),
        document!("taxCategoryDelete", May(&[TaxesManage]), shop, _ => {
            category(shop).await;
            json!({ "id": category(shop).await, "expectedVersion": 1 })
        }),
        document!("taxZone", May(&[TaxesRead]), shop, _ => json!({ "id": zone(shop).await })),
        document!("taxZones", May(&[TaxesRead]), shop, _ => {
            rate(shop).await;
            json!({ "first": 20 })
        }),
        document!("taxZoneCreate", May(&[TaxesManage]), shop, _ => {
            let code = &shop.word()[21..37];
            let territory = json!({ "country": "US", "region": "CA", "postalCodes": [{ "from": code, "to": code }] });
            json!({ "input": { "name": shop.word(), "territories": [territory] } })
        }),
        document!("taxZoneUpdate", May(&[TaxesManage]), shop, _ => {
            let code = &shop.word()[21..37];
            let territories = json!([{ "country": "FR", "postalCodes": [{ "from": code, "to": code }] }]);
            json!({ "id": zone(shop).await, "input": { "territories": territories }, "expectedVersion": 1 })
        }),
        document!("taxZoneDelete", May(&[TaxesManage]), shop, _ => {
            json!({ "id": zone(shop).await, "expectedVersion": 1 })
        }),
        document!("taxRate", May(&[TaxesRead]), shop, _ => json!({ "id": rate(shop).await })),
        document!("taxRates", May(&[TaxesRead]), shop, _ => {
            rate(shop).await;
            json!({ "first": 20 })
        }),
        document!("taxRateCreate", May(&[TaxesManage]), shop, _ => {
            let input = json!({ "zoneId": zone(shop).await, "categoryId": category(shop).await, "name": "VAT", "rate": "0.07" });
            json!({ "input": input })
        }),
        document!("taxRateUpdate", May(&[TaxesManage]), shop, _ => {
            json!({ "id": rate(shop).await, "input": { "categoryId": category(shop).await }, "expectedVersion": 1 })
        }),
        document!("taxRateDelete", May(&[TaxesManage]), shop, _ => {
            json!({ "id": rate(shop).await, "expectedVersion": 1 })
        }),
        document!("taxSettings", May(&[TaxesRead]), _, _ => json!({})),
        document!("taxSettingsUpdate", May(&[TaxesManage]), shop, _ => {
            json!({ "input": { "origin": { "country": "DE" }, "shippingCategoryId": category(shop).await } })
        }),
        document!("taxPreview", May(&[TaxesRead]), shop, _ => {
            let variant = shop.variant_row(shop.linden.store()).await.to_string();
            let price = json!({ "amount": "119.00", "currencyCode": "EUR" });
            let line = json!({ "variantId": variant, "quantity": 1, "unitPrice": price });
            json!({ "input": { "lines": [line], "shippingTo": { "country": "DE" } } })
        }),
    ]
}

//! Documents of locations and stock.

use rules::permission::Permission::{InventoryManage, InventoryRead};

use super::Rightful::May;
use super::{Entry, document};
use crate::harness::{Shop, json};

async fn variant(shop: &Shop) -> String {
    shop.variant_row(shop.linden.store()).await.to_string()
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("location", May(&[InventoryRead]), shop, _ => {
            json!({ "id": shop.location(&shop.owner(), "Warehouse").await })
        }),
        document!("locations", May(&[InventoryRead]), shop, _ => {
            shop.location(&shop.owner(), "Warehouse").await;
            json!({ "first": 100 })
        }),
        document!("locationCreate", May(&[InventoryManage]), shop, _ => {
            json!({ "input": { "name": shop.word(), "country": "DE" } })
        }),
        document!("locationUpdate", May(&[InventoryManage]), shop, _ => {
            let id = shop.location(&shop.owner(), "Warehouse").await;
            json!({ "id": id, "input": { "name": "Shop floor", "isDefault": true } })
        }),
        document!("locationDeactivate", May(&[InventoryManage]), shop, _ => {
            shop.location(&shop.owner(), "Default").await;
            json!({ "id": shop.location(&shop.owner(), "Warehouse").await, "expectedVersion": 1 })
        }),
        document!("locationActivate", May(&[InventoryManage]), shop, _ => {
            shop.location(&shop.owner(), "Default").await;
            let id = shop.location(&shop.owner(), "Warehouse").await;
            let close = "mutation($id: ID!) { locationDeactivate(id: $id) { userErrors { code } } }";
            shop.owner().query(close, json!({ "id": id })).await.ok();
            json!({ "id": id, "expectedVersion": 2 })
        }),
        document!("locationDelete", May(&[InventoryManage]), shop, _ => {
            shop.location(&shop.owner(), "Default").await;
            json!({ "id": shop.location(&shop.owner(), "Warehouse").await, "expectedVersion": 1 })
        }),
        document!("inventoryItem", May(&[InventoryRead]), shop, _ => {
            let variant = variant(shop).await;
            shop.stock(&shop.owner(), &variant, 5).await;
            json!({ "variantId": variant })
        }),
        document!("inventoryMovements", May(&[InventoryRead]), shop, _ => {
            let variant = variant(shop).await;
            shop.stock(&shop.owner(), &variant, 5).await;
            json!({ "first": 100 })
        }),
        document!("inventoryAdjust", May(&[InventoryManage]), shop, _ => {
            let variant = variant(shop).await;
            shop.stock(&shop.owner(), &variant, 9).await;
            json!({ "input": { "variantId": variant, "delta": -2, "reason": "DAMAGED", "reference": "Report 7" } })
        }),
        document!("inventoryTransfer", May(&[InventoryManage]), shop, _ => {
            let variant = variant(shop).await;
            let (main, barn) = (shop.location(&shop.owner(), "Main").await, shop.location(&shop.owner(), "Barn").await);
            let input = json!({ "variantId": variant, "locationId": main, "onHand": 9, "ignoreExpected": true });
            let set = "mutation($input: InventorySetInput!) { inventorySet(input: $input) { userErrors { code } } }";
            shop.owner().query(set, json!({ "input": input })).await.ok();
            json!({ "input": { "variantId": variant, "fromLocationId": main, "toLocationId": barn, "quantity": 3 } })
        }),
        document!("inventoryReceive", May(&[InventoryManage]), shop, _ => {
            let lines = [json!({ "variantId": variant(shop).await, "quantity": 3 })];
            let place = shop.location(&shop.owner(), "Warehouse").await;
            json!({ "input": { "locationId": place, "lines": lines, "reference": "Note 9" } })
        }),
        document!("inventorySettings", May(&[InventoryRead]), _, _ => json!({})),
        document!("inventorySettingsUpdate", May(&[InventoryManage]), _, _ => {
            json!({ "input": { "strategy": "MOST_STOCK", "lowStock": 5 } })
        }),
        document!("stockReservations", May(&[InventoryRead]), shop, _ => {
            shop.held(shop.linden.store()).await;
            json!({ "first": 100 })
        }),
        document!("inventorySet", May(&[InventoryManage]), shop, _ => {
            let variant = variant(shop).await;
            shop.stock(&shop.owner(), &variant, 5).await;
            json!({ "input": { "variantId": variant, "onHand": 4, "expectedOnHand": 5, "reason": "DAMAGED" } })
        }),
        document!("inventoryItemUpdate", May(&[InventoryManage]), shop, _ => {
            json!({ "variantId": variant(shop).await, "input": { "policy": "CONTINUE" } })
        }),
    ]
}

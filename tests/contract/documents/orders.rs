//! Documents of orders and drafts.

use chrono::TimeDelta;
use rules::permission::Permission::{OrdersManage, OrdersRead, PaymentsManage, PromotionsRead};

use super::Rightful::{Anybody, May, Shopper};
use super::{Entry, document};
use crate::harness::orders::address;
use crate::harness::{Shop, json};

async fn order(shop: &Shop) -> String {
    shop.order(&shop.owner(), json!({})).await.id
}

async fn draft(shop: &Shop) -> String {
    shop.draft_order(&shop.owner(), json!({})).await
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("order", May(&[OrdersRead]), shop, _ => json!({ "id": order(shop).await })),
        document!("orderByNumber", May(&[OrdersRead]), shop, _ => {
            // The rival has no order of this number.
            for _ in 0..3 {
                order(shop).await;
            }
            json!({ "number": 1_003 })
        }),
        document!("orderByToken", Anybody, shop, _ => {
            json!({ "token": shop.order(&shop.owner(), json!({})).await.token })
        }),
        document!("customerOrders", Shopper, _, _ => json!({ "first": 5 })),
        document!("orders", May(&[OrdersRead]), shop, _ => {
            // The newest are these: others were made at the same moment.
            for _ in 0..5 {
                shop.wait(TimeDelta::milliseconds(1));
                order(shop).await;
            }
            json!({ "first": 5, "sort": "NEWEST" })
        }),
        document!("orderUpdate", May(&[OrdersManage, OrdersRead]), shop, _ => {
            json!({ "id": order(shop).await, "input": { "note": "Ring", "tags": ["a"], "shippingAddress": address() } })
        }),
        document!("orderCancel", May(&[OrdersManage, OrdersRead]), shop, _ => {
            json!({ "id": order(shop).await, "input": { "reason": "CUSTOMER" } })
        }),
        document!("promotionSimulation", May(&[PromotionsRead, OrdersRead]), shop, _ => {
            order(shop).await;
            let name = json!({ "name": shop.word(), "enabled": false });
            json!({ "promotionId": crate::promotions::promotion(&shop.owner(), name).await, "days": 7 })
        }),
        document!("orderMarkAsPaid", May(&[PaymentsManage, OrdersRead]), shop, _ => json!({ "id": order(shop).await })),
        document!("orderLookup", Anybody, shop, _ => {
            let email = format!("{}@people.example", shop.word());
            let id = shop.order(&shop.owner(), json!({ "email": email })).await.id;
            let seen = shop.owner().query("query($id: ID!) { order(id: $id) { number } }", json!({ "id": id })).await.ok();
            json!({ "number": seen.number("order.number"), "email": email })
        }),
        document!("orderNoteAdd", May(&[OrdersManage]), shop, _ => {
            json!({ "id": order(shop).await, "body": "She called." })
        }),
        document!("draftOrder", May(&[OrdersRead]), shop, _ => json!({ "id": draft(shop).await })),
        document!("draftOrderPreview", May(&[OrdersRead]), shop, _ => json!({ "id": draft(shop).await })),
        document!("draftOrders", May(&[OrdersRead]), shop, _ => {
            draft(shop).await;
            json!({ "first": 10, "status": "OPEN" })
        }),
        document!("draftOrderCreate", May(&[OrdersManage, OrdersRead]), shop, _ => {
            let variant = shop.variant_row(shop.linden.store()).await;
            json!({ "input": { "lines": [{ "variantId": variant, "quantity": 1 }], "shippingAddress": address() } })
        }),
        document!("draftOrderUpdate", May(&[OrdersManage, OrdersRead]), shop, _ => {
            let variant = shop.variant_row(shop.linden.store()).await;
            json!({
                "id": draft(shop).await,
                "input": { "lines": [{ "variantId": variant, "quantity": 1 }], "note": null },
            })
        }),
        document!("draftOrderDelete", May(&[OrdersManage]), shop, _ => json!({ "id": draft(shop).await })),
        document!("draftOrderComplete", May(&[OrdersManage, OrdersRead]), shop, _ => json!({ "id": draft(shop).await })),
    ]
}

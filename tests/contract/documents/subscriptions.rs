//! Documents of what can be listened to.

use rules::permission::Permission::{InventoryRead, OrdersRead, PricesRead, ProductsRead};

use super::Rightful::{Anybody, May};
use super::{Entry, document};
use crate::harness::json;

pub fn documents() -> Vec<Entry> {
    vec![
        document!("productChanged", May(&[ProductsRead]), shop, _ => {
            json!({ "ids": [shop.product(&shop.owner(), json!({})).await.id], "topics": ["UPDATED"] })
        }),
        document!("publishedProductChanged", Anybody, shop, _ => {
            json!({ "ids": [shop.product(&shop.owner(), json!({})).await.id] })
        }),
        document!("priceChanged", May(&[PricesRead]), shop, _ => {
            json!({ "productIds": [shop.product(&shop.owner(), json!({})).await.id] })
        }),
        document!("orderChanged", May(&[OrdersRead]), shop, _ => {
            json!({ "ids": [shop.order(&shop.owner(), json!({})).await.id], "topics": ["CANCELED"] })
        }),
        document!("inventoryChanged", May(&[InventoryRead]), shop, _ => {
            json!({ "variantIds": [shop.variant_row(shop.linden.store()).await] })
        }),
    ]
}

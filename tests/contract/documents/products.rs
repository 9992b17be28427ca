//! Documents of products, variants and media.

use rules::permission::Permission::{PricesManage, ProductsManage};

use super::Rightful::{Anybody, May};
use super::{Entry, document};
use crate::harness::json;

pub fn documents() -> Vec<Entry> {
    vec![
        document!("product", Anybody, shop, _ => json!({ "id": shop.product(&shop.owner(), json!({})).await.id })),
        document!("products", Anybody, shop, _ => {
            shop.product(&shop.owner(), json!({ "tags": ["Kitchen"] })).await;
            json!({ "first": 50, "filter": { "tag": "kitchen" } })
        }),
        document!("productCreate", May(&[ProductsManage, PricesManage]), shop, _ => {
            let sku = shop.word();
            json!({ "input": {
                "title": shop.word(),
                "brandId": shop.brand(&shop.word()).await,
                "options": [{ "name": "Size", "values": ["S"] }],
                "media": [{ "url": "https://cdn.example/s.jpg" }],
                "variants": [{
                    "selectedOptions": [{ "name": "Size", "value": "S" }],
                    "sku": sku,
                    "cost": { "amount": "1.00", "currencyCode": "EUR" },
                    "mediaUrl": "https://cdn.example/s.jpg",
                }],
                "tags": ["new"],
            } })
        }),
        document!("productUpdate", May(&[ProductsManage]), shop, _ => {
            let input = json!({ "title": shop.word(), "descriptionHtml": "<p>Glazed.</p>", "tags": ["old"] });
            json!({ "id": shop.product(&shop.owner(), json!({})).await.id, "input": input, "expectedVersion": 1 })
        }),
        document!("productDelete", May(&[ProductsManage]), shop, _ => {
            json!({ "id": shop.product(&shop.owner(), json!({})).await.id })
        }),
        document!("productRestore", May(&[ProductsManage]), shop, _ => {
            let id = shop.product(&shop.owner(), json!({})).await.id;
            let delete = "mutation($id: ID!) { productDelete(id: $id) { deletedProductId userErrors { code } } }";
            shop.owner().query(delete, json!({ "id": id })).await.ok();
            json!({ "id": id })
        }),
        document!("productPublish", May(&[ProductsManage]), shop, _ => {
            json!({ "id": shop.product(&shop.owner(), json!({})).await.id, "at": "2027-01-01T00:00:00Z" })
        }),
        document!("productUnpublish", May(&[ProductsManage]), shop, _ => {
            json!({ "id": shop.product(&shop.owner(), json!({})).await.id })
        }),
        document!("productOptionsSet", May(&[ProductsManage]), shop, _ => {
            let id = shop.product(&shop.owner(), json!({})).await.id;
            json!({ "id": id, "options": [{ "name": "Size", "values": ["S", "M"] }], "expectedVersion": 1 })
        }),
        document!("productVariant", Anybody, shop, _ => {
            json!({ "id": shop.product(&shop.owner(), json!({})).await.variants[0] })
        }),
        document!("productVariantCreate", May(&[ProductsManage]), shop, _ => {
            let product = shop.product_in_sizes(&shop.owner()).await;
            let input = json!({ "selectedOptions": [{ "name": "Size", "value": "L" }], "sku": shop.word() });
            json!({ "productId": product.id, "input": input })
        }),
        document!("productVariantUpdate", May(&[ProductsManage, PricesManage]), shop, _ => {
            let input = json!({ "sku": shop.word(), "cost": { "amount": "1.00", "currencyCode": "EUR" } });
            let variant = shop.product(&shop.owner(), json!({})).await.variants.remove(0);
            json!({ "id": variant, "input": input, "expectedVersion": 1 })
        }),
        document!("productVariantDelete", May(&[ProductsManage]), shop, _ => {
            json!({ "id": shop.product_in_sizes(&shop.owner()).await.variants[1] })
        }),
        document!("productVariantsBulkUpdate", May(&[ProductsManage]), shop, _ => {
            let product = shop.product_in_sizes(&shop.owner()).await;
            let change = |variant: &String| json!({ "id": variant, "weightGrams": 250 });
            json!({ "productId": product.id, "variants": product.variants.iter().map(change).collect::<Vec<_>>() })
        }),
        document!("productMediaCreate", May(&[ProductsManage]), shop, _ => {
            let id = shop.product(&shop.owner(), json!({})).await.id;
            json!({ "productId": id, "media": [{ "url": "https://cdn.example/b.jpg", "alt": "From above" }] })
        }),
        document!("productMediaUpdate", May(&[ProductsManage]), shop, _ => {
            json!({ "id": shop.product(&shop.owner(), json!({})).await.media[0], "input": { "alt": null } })
        }),
        document!("productMediaDelete", May(&[ProductsManage]), shop, _ => {
            json!({ "id": shop.product(&shop.owner(), json!({})).await.media[0] })
        }),
        document!("productMediaReorder", May(&[ProductsManage]), shop, _ => {
            let mut product = shop.product(&shop.owner(), json!({})).await;
            product.media.reverse();
            json!({ "productId": product.id, "mediaIds": product.media })
        }),
    ]
}

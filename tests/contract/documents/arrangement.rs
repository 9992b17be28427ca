//! Documents of categories, collections and tags.

use rules::permission::Permission::{CollectionsManage, ProductsManage};

use super::Rightful::{Anybody, May};
use super::{Entry, document};
use crate::harness::{Shop, json};

async fn category(shop: &Shop) -> String {
    shop.category(&shop.owner(), &shop.word(), None).await
}

async fn collection(shop: &Shop) -> String {
    shop.collection(&shop.owner(), &shop.word()).await
}

async fn product(shop: &Shop) -> String {
    shop.product_row(shop.linden.store(), "Kettle").await.to_string()
}

async fn tag(shop: &Shop) -> String {
    let store = shop.linden.store();
    let product = shop.product_row(store, "Kettle").await;
    shop.tag_row(store, &shop.word(), &[product]).await.to_string()
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("category", Anybody, shop, _ => json!({ "id": category(shop).await })),
        document!("categories", Anybody, shop, _ => {
            let parent = category(shop).await;
            shop.category(&shop.owner(), &shop.word(), Some(&parent)).await;
            json!({ "first": 100, "sort": "NAME" })
        }),
        document!("categoryCreate", May(&[CollectionsManage]), shop, _ => {
            json!({ "input": { "name": shop.word(), "parentId": category(shop).await } })
        }),
        document!("categoryUpdate", May(&[CollectionsManage]), shop, _ => {
            json!({ "id": category(shop).await, "input": { "parentId": category(shop).await }, "expectedVersion": 1 })
        }),
        document!("categoryDelete", May(&[CollectionsManage]), shop, _ => json!({ "id": category(shop).await })),
        document!("categoryRestore", May(&[CollectionsManage]), shop, _ => {
            let id = category(shop).await;
            let delete = "mutation($id: ID!) { categoryDelete(id: $id) { deletedCategoryId userErrors { code } } }";
            shop.owner().query(delete, json!({ "id": id })).await.ok();
            json!({ "id": id })
        }),
        document!("collection", Anybody, shop, _ => json!({ "id": collection(shop).await })),
        document!("collections", Anybody, shop, _ => {
            collection(shop).await;
            json!({ "first": 100 })
        }),
        document!("collectionCreate", May(&[CollectionsManage]), shop, _ => {
            json!({ "input": { "title": shop.word(), "publishedAt": "2026-01-01T00:00:00Z" } })
        }),
        document!("collectionUpdate", May(&[CollectionsManage]), shop, _ => {
            json!({ "id": collection(shop).await, "input": { "publishedAt": null }, "expectedVersion": 1 })
        }),
        document!("collectionDelete", May(&[CollectionsManage]), shop, _ => json!({ "id": collection(shop).await })),
        document!("collectionRestore", May(&[CollectionsManage]), shop, _ => {
            let id = collection(shop).await;
            let delete = "mutation($id: ID!) { collectionDelete(id: $id) { deletedCollectionId userErrors { code } } }";
            shop.owner().query(delete, json!({ "id": id })).await.ok();
            json!({ "id": id })
        }),
        document!("collectionProductsSet", May(&[CollectionsManage]), shop, _ => {
            let products = [product(shop).await, product(shop).await];
            json!({ "id": collection(shop).await, "productIds": products, "expectedVersion": 1 })
        }),
        document!("collectionProductsAdd", May(&[CollectionsManage]), shop, _ => {
            json!({ "id": collection(shop).await, "productIds": [product(shop).await] })
        }),
        document!("collectionProductsRemove", May(&[CollectionsManage]), shop, _ => {
            json!({ "id": collection(shop).await, "productIds": [product(shop).await] })
        }),
        document!("tag", Anybody, shop, _ => json!({ "id": tag(shop).await })),
        document!("tags", Anybody, shop, _ => {
            tag(shop).await;
            json!({ "first": 100 })
        }),
        document!("tagUpdate", May(&[ProductsManage]), shop, _ => {
            json!({ "id": tag(shop).await, "input": { "name": shop.word() } })
        }),
        document!("tagDelete", May(&[ProductsManage]), shop, _ => json!({ "id": tag(shop).await })),
    ]
}

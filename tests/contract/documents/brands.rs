//! Documents of brands.

use rules::permission::Permission::CollectionsManage;

use super::Rightful::{Anybody, May};
use super::{Entry, document};
use crate::harness::json;

pub fn documents() -> Vec<Entry> {
    vec![
        document!("brand", Anybody, shop, _ => json!({ "id": shop.brand(&shop.word()).await })),
        document!("brands", Anybody, shop, _ => {
            shop.brand(&shop.word()).await;
            json!({ "first": 100 })
        }),
        document!("brandCreate", May(&[CollectionsManage]), shop, _ => {
            json!({ "input": { "name": shop.word(), "descriptionHtml": "<p>Since 1949.</p>" } })
        }),
        document!("brandUpdate", May(&[CollectionsManage]), shop, _ => {
            json!({ "id": shop.brand(&shop.word()).await, "input": { "name": shop.word() }, "expectedVersion": 1 })
        }),
        document!("brandDelete", May(&[CollectionsManage]), shop, _ => json!({ "id": shop.brand(&shop.word()).await })),
        document!("brandRestore", May(&[CollectionsManage]), shop, _ => {
            let id = shop.brand(&shop.word()).await;
            let delete = "mutation($id: ID!) { brandDelete(id: $id) { deletedBrandId userErrors { code } } }";
            shop.owner().query(delete, json!({ "id": id })).await.ok();
            json!({ "id": id })
        }),
    ]
}

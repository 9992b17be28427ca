//! Documents of imports.

use rules::permission::Permission::ProductsManage;

use super::Rightful::May;
use super::{Entry, document};
use crate::harness::json;

pub fn documents() -> Vec<Entry> {
    vec![document!("productsImport", May(&[ProductsManage]), shop, _ => {
        let word = shop.word();
        json!({ "input": { "format": "SHOPIFY_CSV", "csv": format!("Handle,Title,Tags\n{word},Mug,new\n") } })
    })]
}

//! Documents of anything by its id.

use super::Rightful::Anybody;
use super::{Entry, document};
use crate::harness::json;

pub fn documents() -> Vec<Entry> {
    vec![
        document!("node", Anybody, shop, _ => json!({ "id": shop.brand(&shop.word()).await })),
        document!("nodes", Anybody, shop, _ => json!({ "ids": [shop.brand(&shop.word()).await] })),
    ]
}

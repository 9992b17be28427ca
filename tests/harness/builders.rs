//! Things that stories need to stand there first, made as a merchant would make them.
//!
//! Each builder asks the API as the owner and answers the id. To add one, add a method; a story that
//! needs something out of the ordinary writes its own mutation.

use super::{Actor, Shop, json};

impl Shop {
    /// A brand of Linden's first store.
    pub async fn brand(&self, name: &str) -> String {
        brand(&self.owner(), name).await
    }

    /// A brand of the rival's store.
    pub async fn brand_of_rival(&self, name: &str) -> String {
        brand(&self.rival(), name).await
    }
}

async fn brand(owner: &Actor, name: &str) -> String {
    let document =
        "mutation($input: BrandCreateInput!) { brandCreate(input: $input) { brand { id } userErrors { message } } }";
    let answer = owner.query(document, json!({ "input": { "name": name } })).await.ok();
    answer.text("brandCreate.brand.id").to_owned()
}

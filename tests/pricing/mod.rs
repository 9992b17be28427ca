//! Stories of prices.

mod delete;
mod list;
mod ranges;
mod resolve;
mod set;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};

/// Sets prices, and answers them as they are then.
const SET: &str = "mutation($product: ID!, $prices: [PriceInput!]!, $removeOthers: Boolean! = false) {
    pricesSet(productId: $product, prices: $prices, removeOthers: $removeOthers) {
        prices { id variantId minimumQuantity amount { amount currencyCode } compareAt { amount } validFrom validTo }
        userErrors { code field message }
    }
}";

/// A product that storefronts show, with its variants.
pub struct Stock {
    pub product: String,
    pub variants: Vec<String>,
}

impl Stock {
    /// A product of Linden's first store with so many variants.
    pub async fn of_linden(shop: &Shop, variants: usize) -> Self {
        Self::of(shop, &shop.owner(), variants).await
    }

    async fn of_rival(shop: &Shop) -> Self {
        Self::of(shop, &shop.rival(), 1).await
    }

    async fn of(shop: &Shop, owner: &Actor, variants: usize) -> Self {
        let sizes: Vec<String> = (0..variants).map(|size| format!("Size {size}")).collect();
        let each = sizes.iter().map(|size| json!({ "selectedOptions": [{ "name": "Size", "value": size }] }));
        let input = json!({
            "title": shop.word(),
            "status": "ACTIVE",
            "publishedAt": "2026-01-01T00:00:00Z",
            "options": [{ "name": "Size", "values": sizes }],
            "variants": each.collect::<Vec<Value>>(),
        });
        let document = "mutation($input: ProductCreateInput!) {
            productCreate(input: $input) { product { id variants { id } } userErrors { code field message } }
        }";
        let answer = owner.query(document, json!({ "input": input })).await.ok();
        let variants = answer.texts("productCreate.product.variants", "id").into_iter().map(str::to_owned).collect();
        Self { product: answer.text("productCreate.product.id").to_owned(), variants }
    }

    /// Asks for these prices to be set.
    pub async fn set(&self, actor: &Actor, prices: Value) -> Answer {
        actor.query(SET, json!({ "product": self.product, "prices": prices })).await
    }

    /// The same, and every other price of the product goes.
    async fn set_only(&self, actor: &Actor, prices: Value) -> Answer {
        let variables = json!({ "product": self.product, "prices": prices, "removeOthers": true });
        actor.query(SET, variables).await
    }

    /// What a caller is told of the product's range, as `20.00-30.00`; `none` where there is none.
    async fn range(&self, actor: &Actor) -> String {
        let document = "query($id: ID!) { product(id: $id) { priceRange { min { amount } max { amount } } } }";
        let answer = actor.query(document, json!({ "id": self.product })).await.ok();
        if answer.data("product.priceRange").is_null() {
            return "none".to_owned();
        }
        let end = |end: &str| answer.text(&format!("product.priceRange.{end}.amount")).to_owned();
        format!("{}-{}", end("min"), end("max"))
    }

    /// What one unit of the first variant costs for a caller; `arguments` are those of `price`.
    async fn price(&self, actor: &Actor, arguments: &str) -> String {
        let document = format!(
            "query($id: ID!) {{ productVariant(id: $id) {{ price{arguments} {{ amount {{ amount currencyCode }} }} }} }}"
        );
        let answer = actor.query(&document, json!({ "id": self.variants[0] })).await.ok();
        if answer.data("productVariant.price").is_null() {
            return "none".to_owned();
        }
        let part = |part: &str| answer.text(&format!("productVariant.price.amount.{part}")).to_owned();
        format!("{} {}", part("amount"), part("currencyCode"))
    }
}

/// A moment from its text.
fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// The stored ranges as `EUR 1000-2000`, in the order of currency and time.
async fn ranges(shop: &Shop, stock: &Stock) -> Vec<String> {
    let sql = format!(
        "SELECT currency || ' ' || min_amount || '-' || max_amount FROM product_price_ranges WHERE product_id = {} \
         ORDER BY currency, valid_from",
        shop.literal_of(&stock.product)
    );
    shop.texts(&sql).await.into_iter().flatten().collect()
}

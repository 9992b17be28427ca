//! Stories of answers that are remembered.

mod cost;
mod documents;
mod http;
mod keys;
mod nodes;
mod remembering;
mod rules;
mod time;

use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};
use crate::pricing::Stock;

/// What a storefront shows of one product.
const PRODUCT: &str = "query($id: ID!) { product(id: $id) { id title priceRange { min { amount currencyCode } } } }";

/// A product with a price, as visitors see it.
struct Mug {
    stock: Stock,
}

impl Mug {
    async fn of(shop: &Shop) -> Self {
        let mug = Self { stock: Stock::of_linden(shop, 1).await };
        mug.cost(shop, "5.00").await;
        mug
    }

    /// Sets the price in euros.
    async fn cost(&self, shop: &Shop, amount: &str) {
        self.stock.set(&shop.owner(), json!([{ "currency": "EUR", "amount": amount }])).await.ok();
    }

    fn variables(&self) -> Value {
        json!({ "id": self.stock.product })
    }

    async fn ask(&self, actor: &Actor) -> Answer {
        actor.query(PRODUCT, self.variables()).await.ok()
    }

    /// The price that a caller is told.
    async fn price(&self, actor: &Actor) -> String {
        self.ask(actor).await.text("product.priceRange.min.amount").to_owned()
    }
}

/// Whether an answer came from memory: the database was not asked.
pub fn is_remembered(answer: &Answer) -> bool {
    answer.statements() == 0
}

/// Asks until the answer is remembered, so that the next one is.
pub async fn remember(actor: &Actor, document: &str, variables: &Value) -> Answer {
    actor.query(document, variables.clone()).await.ok();
    let answer = actor.query(document, variables.clone()).await.ok();
    assert!(is_remembered(&answer), "it is not remembered: {document}\n{answer}");
    answer
}

//! Stories of those who listen: subscriptions over WebSockets and event streams.

mod drain;
mod events;
mod limits;
mod nodes;
mod protocol;
mod rights;
mod storefront;

use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};
use crate::kernel::until;

/// Everything that happens to products.
const PRODUCTS: &str = "subscription { productChanged { topic productId sequence product { title } } }";

/// Waits until so many subscriptions listen on the shop's first node.
async fn until_heard_by(shop: &Shop, listeners: usize) {
    until(async || shop.node.system.feed.listeners() == listeners).await;
}

/// Gives a product another title.
async fn retitle(actor: &Actor, product: &str, title: &str) -> Answer {
    let document = "mutation($id: ID!, $title: String!) { productUpdate(id: $id, input: { title: $title }) \
        { product { title } userErrors { message } } }";
    actor.query(document, json!({ "id": product, "title": title })).await
}

/// The code of the first error of an `error` message or of a response.
fn code(errors: &Value) -> &str {
    errors[0]["extensions"]["code"].as_str().unwrap_or_default()
}

//! Documents of checkouts.

use super::Rightful::Anybody;
use super::{Entry, document};
use crate::checkout::{pay, ready};
use crate::harness::carts::CartIds;
use crate::harness::{Shop, json};

/// A cart that can be ordered, and the provider that it can be paid with.
async fn cart(shop: &Shop) -> (CartIds, String) {
    let input = json!({ "kind": "TEST", "name": "AUTOMATIC", "captureMode": "AUTOMATIC" });
    let provider = super::payments::one(shop, input).await;
    let (variant, _, _) = super::carts::shipped(shop).await;
    (ready(&shop.anonymous(), shop, &[(&variant, 2)]).await, provider)
}

/// A cart whose buyer is to do something at the bank.
async fn at_the_bank(shop: &Shop) -> CartIds {
    let (cart, provider) = cart(shop).await;
    pay(&shop.anonymous(), &cart, &provider, "tok_action").await.ok();
    cart
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("checkout", Anybody, shop, _ => {
            let (cart, provider) = cart(shop).await;
            pay(&shop.anonymous(), &cart, &provider, "tok_approve").await.ok();
            cart.with(json!({}))
        }),
        document!("checkoutPay", Anybody, shop, _ => {
            let (cart, provider) = cart(shop).await;
            let total = json!({ "amount": "14.90", "currencyCode": "EUR" });
            let payment = json!({ "providerId": provider, "token": "tok_approve" });
            cart.with(json!({ "input": { "total": total, "payment": payment } }))
        }),
        document!("checkoutConfirm", Anybody, shop, _ => at_the_bank(shop).await.with(json!({}))),
        document!("checkoutCancel", Anybody, shop, _ => at_the_bank(shop).await.with(json!({}))),
    ]
}

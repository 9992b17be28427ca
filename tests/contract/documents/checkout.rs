//! Documents of checkouts.

use super::Rightful::Anybody;
use super::{Entry, document};
use crate::checkout::{pay, ready};
use crate::harness::carts::CartIds;
use crate::harness::{Shop, json};
use crate::pricing::Stock;

/// A cart that can be ordered, and the provider that it can be paid with.
async fn cart(shop: &Shop) -> (CartIds, String) {
    let owner = shop.owner();
    let input = json!({ "kind": "TEST", "name": "AUTOMATIC", "captureMode": "AUTOMATIC" });
    let provider = super::payments::one(shop, input).await;
    let product = shop.product(&owner, json!({})).await;
    let stock = Stock { product: product.id.clone(), variants: product.variants.clone() };
    stock.set(&owner, json!([{ "currency": "EUR", "amount": "5.00" }])).await.ok();
    shop.stock(&owner, &product.variants[0], 9).await;
    let (profile, _) = shop.ships_to_germany(&owner).await;
    shop.ship_by(&owner, &profile, &[&product.id]).await;
    (ready(&shop.anonymous(), shop, &[(&product.variants[0], 2)]).await, provider)
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

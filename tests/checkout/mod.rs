//! From a cart to an order and its money, or to neither.

mod cards;
mod crowds;
mod invariants;
mod killed;
mod money;
mod paying;
mod storms;

use stoa::worker::{Resting, pass};
use tokio_util::sync::CancellationToken;

use crate::carts::{choose, edit, look, ship_to};
use crate::harness::carts::CartIds;
use crate::harness::{Actor, Answer, Shop, json};

/// What a checkout shows.
const SHOWN: &str = "checkout { status failure action { redirectUrl clientSecret instructions }
    order { number paymentStatus total { amount } } } userErrors { code field message }";

/// A shop that ships to Germany and takes the test provider: the provider.
pub async fn till(shop: &Shop) -> String {
    shop.ships_to_germany(&shop.owner()).await;
    shop.test_provider(&shop.owner(), "AUTOMATIC").await
}

/// A cart that can be ordered, with these variants.
pub async fn ready(buyer: &Actor, shop: &Shop, lines: &[(&str, i32)]) -> CartIds {
    let cart = shop.cart(buyer, lines).await;
    let email = json!({ "email": format!("{}@people.example", shop.word()) });
    edit(buyer, &cart, "cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", email)]).await.ok();
    let answer = ship_to(buyer, &cart, "DE").await.ok();
    let group = answer.text("cartShippingAddressUpdate.cart.deliveryGroups.0.deliveryGroupId").to_owned();
    let rate = answer.text("cartShippingAddressUpdate.cart.deliveryGroups.0.options.0.shippingRateId").to_owned();
    choose(buyer, &cart, &group, &rate).await.ok();
    cart
}

/// What a cart costs now.
pub async fn total(buyer: &Actor, cart: &CartIds) -> String {
    look(buyer, cart).await.text("cart.pricing.total.amount").to_owned()
}

/// Pays what the cart costs with a token of the test provider.
pub async fn pay(buyer: &Actor, cart: &CartIds, provider: &str, token: &str) -> Answer {
    let total = total(buyer, cart).await;
    pay_total(buyer, cart, provider, token, &total).await
}

/// Pays what is left of what the cart costs once gift cards and store credit are used; without a provider where it is
/// none.
pub async fn pay_due(buyer: &Actor, cart: &CartIds, provider: Option<&str>, token: &str, due: Option<&str>) -> Answer {
    let document = format!(
        "mutation($cartId: ID!, $token: String, $input: CheckoutPayInput!) \
         {{ checkoutPay(cartId: $cartId, token: $token, input: $input) {{ {SHOWN} }} }}"
    );
    let eur = |amount: &str| json!({ "amount": amount, "currencyCode": "EUR" });
    let payment = provider
        .map(|provider| json!({ "providerId": provider, "token": token, "returnUrl": "https://shop.example/back" }));
    let total = total(buyer, cart).await;
    let input = json!({ "total": eur(&total), "amountDue": due.map(eur), "payment": payment });
    buyer.query(&document, cart.with(json!({ "input": input }))).await
}

/// Pays a total that the buyer was shown.
pub async fn pay_total(buyer: &Actor, cart: &CartIds, provider: &str, token: &str, total: &str) -> Answer {
    let document = format!(
        "mutation($cartId: ID!, $token: String, $input: CheckoutPayInput!) \
         {{ checkoutPay(cartId: $cartId, token: $token, input: $input) {{ {SHOWN} }} }}"
    );
    let payment = json!({ "providerId": provider, "token": token, "returnUrl": "https://shop.example/back" });
    let input = json!({ "total": { "amount": total, "currencyCode": "EUR" }, "payment": payment });
    buyer.query(&document, cart.with(json!({ "input": input }))).await
}

/// `checkoutConfirm` or `checkoutCancel`.
pub async fn then(buyer: &Actor, cart: &CartIds, mutation: &str) -> Answer {
    let document = format!(
        "mutation($cartId: ID!, $token: String) {{ {mutation}(cartId: $cartId, token: $token) {{ {SHOWN} }} }}"
    );
    buyer.query(&document, cart.with(json!({}))).await
}

/// What the worker does at this moment.
pub async fn work(shop: &Shop) {
    let done = pass(&shop.node.system, &mut Resting::default(), &CancellationToken::new()).await;
    assert_eq!(done.failures, 0);
}

/// Units that are held for carts, and promised to orders.
pub async fn kept(shop: &Shop) -> (i64, i64) {
    let of = |kind: &str| {
        format!("SELECT CAST(COALESCE(SUM(quantity), 0) AS bigint) FROM stock_reservations WHERE kind = '{kind}'")
    };
    (shop.number(&of("HOLD")).await, shop.number(&of("PROMISE")).await)
}

//! Documents of carts.

use chrono::TimeDelta;
use rules::permission::Permission::{OrdersManage, OrdersRead};
use stoa::carts::abandonment;

use super::Rightful::{Anybody, May, Shopper};
use super::{Entry, document};
use crate::carts::{gift_cards, ship_to, ten_off};
use crate::harness::carts::CartIds;
use crate::harness::{Shop, json};
use crate::inventory::operator;
use crate::pricing::Stock;

/// A cart with two units of something.
async fn cart(shop: &Shop) -> CartIds {
    shop.any_cart(&shop.owner()).await
}

/// A variant for 5.00 EUR that is shipped to Germany by a profile of its own: the variant, the profile and its rate.
pub async fn shipped(shop: &Shop) -> (String, String, String) {
    let owner = shop.owner();
    let product = shop.product(&owner, json!({})).await;
    let stock = Stock { product: product.id.clone(), variants: product.variants.clone() };
    stock.set(&owner, json!([{ "currency": "EUR", "amount": "5.00" }])).await.ok();
    shop.stock(&owner, &product.variants[0], 9).await;
    let (profile, rate) = shop.ships_to_germany(&owner).await;
    shop.ship_by(&owner, &profile, &[&product.id]).await;
    (product.variants[0].clone(), profile, rate)
}

/// The secret that leads back to a cart that was left.
async fn link(shop: &Shop) -> String {
    let cart = cart(shop).await;
    let ctx = operator(&shop.node.system, shop, shop.linden.store());
    let long_ago =
        format!("UPDATE carts SET active_at = '2025-12-31 00:00:00+00:00' WHERE id = {}", shop.literal_of(&cart.id));
    shop.execute(&long_ago).await;
    abandonment::notice(&ctx, 100).await.expect("noticed");
    let sql = format!(
        "SELECT CAST(payload AS TEXT) FROM domain_events WHERE topic = 'cart.abandoned' AND aggregate_id = '{}'",
        cart.id
    );
    let event: serde_json::Value = serde_json::from_str(&shop.texts(&sql).await[0][0]).expect("JSON");
    let id = event["abandonmentId"].as_str().expect("an id").parse().expect("an id");
    abandonment::recovery_secret(&ctx, shop.linden.store(), id).expose().to_owned()
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("cart", Anybody, shop, _ => {
            let cart = cart(shop).await;
            json!({ "id": cart.id, "token": cart.token })
        }),
        document!("customerCart", Shopper, shop, me => {
            let variant = shop.for_sale(&shop.owner(), "5.00", 9).await;
            shop.cart(me, &[(&variant, 2)]).await;
            json!({})
        }),
        document!("cartMerge", Shopper, shop, _ => cart(shop).await.with(json!({}))),
        document!("carts", May(&[OrdersRead]), shop, _ => {
            // The newest are these: others were made at the same moment.
            for _ in 0..3 {
                shop.wait(TimeDelta::milliseconds(1));
                cart(shop).await;
            }
            json!({ "first": 3, "filter": { "state": "OPEN", "abandoned": false } })
        }),
        document!("cartSettings", May(&[OrdersRead]), _, _ => json!({})),
        document!("cartSettingsUpdate", May(&[OrdersManage]), _, _ => json!({ "input": { "abandonedAfterMinutes": 90 } })),
        document!("cartCreate", Anybody, shop, _ => {
            let line = json!({ "variantId": shop.for_sale(&shop.owner(), "5.00", 9).await, "quantity": 2 });
            json!({ "input": { "lines": [line], "currency": "EUR", "email": "ann@people.example" } })
        }),
        document!("cartLinesAdd", Anybody, shop, _ => {
            let line = json!({ "variantId": shop.for_sale(&shop.owner(), "5.00", 9).await, "quantity": 2 });
            cart(shop).await.with(json!({ "lines": [line] }))
        }),
        document!("cartLinesUpdate", Anybody, shop, _ => {
            let cart = cart(shop).await;
            cart.with(json!({ "lines": [{ "lineId": cart.lines[0], "quantity": 3 }] }))
        }),
        document!("cartLinesRemove", Anybody, shop, _ => {
            let cart = cart(shop).await;
            cart.with(json!({ "lineIds": [cart.lines[0]] }))
        }),
        document!("cartDiscountCodesUpdate", Anybody, shop, _ => {
            let code = shop.word();
            ten_off(shop, json!({ "code": code })).await;
            cart(shop).await.with(json!({ "codes": [code] }))
        }),
        document!("cartGiftCardsApply", Anybody, shop, _ => {
            cart(shop).await.with(json!({ "codes": [shop.gift_card(&shop.owner()).await.1] }))
        }),
        document!("cartGiftCardsRemove", Anybody, shop, _ => {
            let (cart, (card, code)) = (cart(shop).await, shop.gift_card(&shop.owner()).await);
            gift_cards(&shop.anonymous(), &cart, &[&code]).await.ok();
            cart.with(json!({ "giftCardIds": [card] }))
        }),
        document!("cartStoreCreditUpdate", Shopper, shop, me => {
            let variant = shop.for_sale(&shop.owner(), "5.00", 9).await;
            json!({ "cartId": shop.cart(me, &[(&variant, 2)]).await.id, "used": true })
        }),
        document!("cartBuyerIdentityUpdate", Anybody, shop, _ => {
            cart(shop).await.with(json!({ "buyerIdentity": { "email": "ann@people.example" } }))
        }),
        document!("cartShippingAddressUpdate", Anybody, shop, _ => {
            let address = json!({ "address1": "Main Street 1", "city": "Town", "country": "DE" });
            cart(shop).await.with(json!({ "address": address }))
        }),
        document!("cartBillingAddressUpdate", Anybody, shop, _ => {
            let address = json!({ "address1": "Main Street 1", "city": "Town", "country": "DE" });
            cart(shop).await.with(json!({ "address": address }))
        }),
        document!("cartShippingOptionsUpdate", Anybody, shop, _ => {
            let (variant, profile, rate) = shipped(shop).await;
            let buyer = shop.anonymous();
            let cart = shop.cart(&buyer, &[(&variant, 1)]).await;
            ship_to(&buyer, &cart, "DE").await.ok();
            cart.with(json!({ "options": [{ "deliveryGroupId": profile, "shippingRateId": rate }] }))
        }),
        document!("cartCurrencyUpdate", Anybody, shop, _ => {
            let (owner, buyer) = (shop.owner(), shop.anonymous());
            let stock = Stock::of_linden(shop, 1).await;
            let prices = json!([{ "currency": "EUR", "amount": "5.00" }, { "currency": "USD", "amount": "6.00" }]);
            stock.set(&owner, prices).await.ok();
            shop.stock(&owner, &stock.variants[0], 9).await;
            shop.cart(&buyer, &[(&stock.variants[0], 1)]).await.with(json!({ "currency": "USD" }))
        }),
        document!("cartNoteUpdate", Anybody, shop, _ => cart(shop).await.with(json!({ "note": shop.word() }))),
        document!("cartAttributesUpdate", Anybody, shop, _ => {
            cart(shop).await.with(json!({ "attributes": [{ "key": "gift", "value": shop.word() }] }))
        }),
        document!("cartRecover", Anybody, shop, _ => json!({ "token": link(shop).await })),
    ]
}

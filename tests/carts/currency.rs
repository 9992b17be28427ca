//! `cartCurrencyUpdate`, and what else a buyer says of a cart.

use serde_json::Value;

use super::{edit, look};
use crate::harness::{Shop, json};
use crate::pricing::Stock;

async fn switch(shop: &Shop, cart: &crate::harness::carts::CartIds, currency: &str) -> crate::harness::Answer {
    edit(&shop.anonymous(), cart, "cartCurrencyUpdate", &[("currency", "CurrencyCode!", json!(currency))]).await
}

both! {
    async fn rule_m3_every_line_is_priced_anew_or_nothing_changes(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let both = Stock::of_linden(&shop, 1).await;
        both.set(&owner, json!([{ "currency": "EUR", "amount": "10" }, { "currency": "USD", "amount": "12" }])).await.ok();
        shop.stock(&owner, &both.variants[0], 9).await;
        let euros = shop.for_sale(&owner, "5.00", 9).await;
        let cart = shop.cart(&buyer, &[(&both.variants[0], 2), (&euros, 1)]).await;
        let before = shop.fingerprint().await;
        let answer = switch(&shop, &cart, "USD").await;
        assert_eq!(answer.user_error("cartCurrencyUpdate"), "NO_PRICE lines.1");
        assert!(answer.text("cartCurrencyUpdate.userErrors.0.message").contains(&cart.lines[1]), "{answer}");
        assert_eq!(switch(&shop, &cart, "KWD").await.user_error("cartCurrencyUpdate"), "CURRENCY_NOT_ENABLED currency");
        switch(&shop, &cart, "EUR").await.ok();
        shop.assert_unchanged(&before).await;
        edit(&buyer, &cart, "cartLinesRemove", &[("lineIds", "[ID!]!", json!([cart.lines[1]]))]).await.ok();
        let answer = switch(&shop, &cart, "USD").await.ok();
        let shown = answer.data("cartCurrencyUpdate.cart");
        assert_eq!((shown["currency"].as_str(), &shown["lines"][0]["unitPrice"]), (Some("USD"), &json!({ "amount": "12.00", "currencyCode": "USD" })));
        assert_eq!((shown["lines"][0]["addedUnitPrice"]["amount"].as_str(), &shown["lines"][0]["priceChanged"]), (Some("12.00"), &json!(false)));
        super::assert_adds_up(shown);
        let answer = switch(&shop, &cart, "EUR").await.ok();
        assert_eq!(answer.text("cartCurrencyUpdate.cart.pricing.total.amount"), "20.00");
    }

    async fn notes_attributes_and_addresses_are_kept_as_they_were_said(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let cart = shop.any_cart(&shop.owner()).await;
        let pairs = json!([{ "key": "gift", "value": "yes" }, { "key": "wrap", "value": "red" }]);
        edit(&buyer, &cart, "cartAttributesUpdate", &[("attributes", "[CartAttributeInput!]!", pairs.clone())]).await.ok();
        edit(&buyer, &cart, "cartNoteUpdate", &[("note", "String", json!("  Ring twice  "))]).await.ok();
        let identity = json!({ "email": "Ann@People.example" });
        edit(&buyer, &cart, "cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", identity.clone())]).await.ok();
        let shown = look(&buyer, &cart).await;
        assert_eq!((shown.data("cart.attributes"), shown.text("cart.note"), shown.text("cart.email")), (&pairs, "Ring twice", "Ann@People.example"));
        // The same again, and nothing at all, change nothing.
        let before = shop.fingerprint().await;
        edit(&buyer, &cart, "cartNoteUpdate", &[("note", "String", json!("Ring twice"))]).await.ok();
        edit(&buyer, &cart, "cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", json!({}))]).await.ok();
        edit(&buyer, &cart, "cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", identity)]).await.ok();
        edit(&buyer, &cart, "cartShippingAddressUpdate", &[("address", "AddressInput", json!(null))]).await.ok();
        for (mutation, name, ty, value, refusal) in [
            ("cartNoteUpdate", "note", "String", json!("\u{7}"), "INVALID note"),
            ("cartBuyerIdentityUpdate", "buyerIdentity", "CartBuyerIdentityInput!", json!({ "email": "ann" }), "INVALID buyerIdentity.email"),
            ("cartAttributesUpdate", "attributes", "[CartAttributeInput!]!", json!([{ "key": "a", "value": "x".repeat(501) }]), "TOO_LONG attributes.0.value"),
            ("cartShippingAddressUpdate", "address", "AddressInput", json!({ "address1": " ", "city": "Town", "country": "XX" }), "REQUIRED address.address1"),
            ("cartBillingAddressUpdate", "address", "AddressInput", json!({ "address1": "1", "city": "T", "country": "Germany" }), "INVALID address.country"),
        ] {
            let answer = edit(&buyer, &cart, mutation, &[(name, ty, value)]).await;
            assert_eq!(answer.user_error(mutation), refusal);
        }
        shop.assert_unchanged(&before).await;
        let cleared: [(&str, &str, &str, Value); 3] = [
            ("cartNoteUpdate", "note", "String", json!(null)),
            ("cartAttributesUpdate", "attributes", "[CartAttributeInput!]!", json!([])),
            ("cartBuyerIdentityUpdate", "buyerIdentity", "CartBuyerIdentityInput!", json!({ "email": null })),
        ];
        for (mutation, name, ty, value) in cleared {
            edit(&buyer, &cart, mutation, &[(name, ty, value)]).await.ok();
        }
        let shown = look(&buyer, &cart).await;
        assert_eq!((shown.data("cart.note"), shown.data("cart.email"), shown.data("cart.attributes")), (&json!(null), &json!(null), &json!([])));
    }
}

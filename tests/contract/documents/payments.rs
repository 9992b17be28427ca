//! Documents of payments, their providers and gift cards.

use rules::permission::Permission::{
    GiftCardsManage, GiftCardsRead, PaymentProvidersManage, PaymentProvidersRead, PaymentsManage, PaymentsRead,
    StoreCreditManage, StoreCreditRead,
};

use super::Rightful::{Anybody, May, Shopper};
use super::{Entry, document};
use crate::harness::{Shop, json};

async fn provider(shop: &Shop) -> String {
    // A store has no more than twenty: those of other documents make room.
    shop.execute("DELETE FROM payment_provider_configs WHERE NOT EXISTS (SELECT 1 FROM payments p WHERE p.provider_id = payment_provider_configs.id)").await;
    shop.payment_provider(&shop.owner(), json!({ "kind": "BANK_TRANSFER", "name": "Another" })).await
}

/// A payment of the first provider of the kind, made with this token.
pub async fn payment(shop: &Shop, token: &str, mode: &str) -> String {
    let ctx = shop.inside("linden").await;
    let provider = one(shop, json!({ "kind": "TEST", "name": mode, "captureMode": mode })).await;
    shop.pay(&ctx, &provider, token).await.payment.id.to_string()
}

/// The provider of this name, made where it is not there.
pub async fn one(shop: &Shop, input: serde_json::Value) -> String {
    let seen = shop.owner().query("{ paymentProviders { id name } }", json!({})).await.ok();
    let known = seen.data("paymentProviders").as_array().expect("a list");
    let found = known.iter().find(|provider| provider["name"] == input["name"]);
    match found.and_then(|provider| provider["id"].as_str()) {
        Some(id) => id.to_owned(),
        None => shop.payment_provider(&shop.owner(), input).await,
    }
}

/// A gift card that others may have used: its id.
pub async fn gift_card(shop: &Shop) -> String {
    let known = shop.owner().query("{ giftCards(first: 1) { nodes { id } } }", json!({})).await.ok();
    match known.texts("giftCards.nodes", "id").first() {
        Some(id) => (*id).to_owned(),
        None => shop.gift_card(&shop.owner()).await.0,
    }
}

/// Store credit that others may have changed: its id.
pub async fn store_credit(shop: &Shop) -> String {
    match shop.number("SELECT COUNT(*) FROM store_credits").await {
        0 => shop.store_credit(&shop.owner(), shop.registered(&shop.owner()).await, "5.00").await,
        _ => {
            let seen =
                shop.owner().query("{ customers(first: 100) { nodes { storeCredits { id } } } }", json!({})).await.ok();
            let customers = seen.data("customers.nodes").as_array().expect("a list");
            let found = customers.iter().find_map(|customer| customer["storeCredits"][0]["id"].as_str());
            found.expect("store credit").to_owned()
        }
    }
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("paymentMethods", Anybody, shop, _ => {
            one(shop, json!({ "kind": "BANK_TRANSFER", "name": "Transfer" })).await;
            json!({})
        }),
        document!("paymentProvider", May(&[PaymentProvidersRead]), shop, _ => {
            json!({ "id": one(shop, json!({ "kind": "BANK_TRANSFER", "name": "Transfer" })).await })
        }),
        document!("paymentProviders", May(&[PaymentProvidersRead]), shop, _ => {
            one(shop, json!({ "kind": "BANK_TRANSFER", "name": "Transfer" })).await;
            json!({})
        }),
        document!("paymentProviderCreate", May(&[PaymentProvidersManage]), shop, _ => {
            provider(shop).await;
            let input = json!({
                "kind": "STRIPE", "name": "Card", "secretKey": "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
                "webhookSecret": "whsec_0123456789", "publicKey": "pk_test_0123456789", "currencies": ["EUR"],
            });
            json!({ "input": input })
        }),
        document!("paymentProviderUpdate", May(&[PaymentProvidersManage]), shop, _ => {
            json!({ "id": provider(shop).await, "input": { "enabled": false }, "expectedVersion": 1 })
        }),
        document!("payment", May(&[PaymentsRead, PaymentProvidersRead, GiftCardsRead, StoreCreditRead]), shop, _ => {
            json!({ "id": payment(shop, "tok_approve", "AUTOMATIC").await })
        }),
        document!("payments", May(&[PaymentsRead, PaymentProvidersRead, GiftCardsRead, StoreCreditRead]), shop, _ => {
            payment(shop, "tok_approve", "AUTOMATIC").await;
            json!({ "first": 5, "filter": { "needsReview": false } })
        }),
        document!("paymentCapture", May(&[PaymentsManage]), shop, _ => {
            let amount = json!({ "amount": "10.00", "currencyCode": "EUR" });
            json!({ "id": payment(shop, "tok_approve", "MANUAL").await, "amount": amount })
        }),
        document!("paymentVoid", May(&[PaymentsManage]), shop, _ => {
            json!({ "id": payment(shop, "tok_approve", "MANUAL").await })
        }),
        document!("paymentRefund", May(&[PaymentsManage]), shop, _ => {
            json!({ "id": payment(shop, "tok_approve", "AUTOMATIC").await, "input": { "reason": "Broken" } })
        }),
        document!("paymentMarkAsPaid", May(&[PaymentsManage]), shop, _ => {
            let ctx = shop.inside("linden").await;
            let provider = one(shop, json!({ "kind": "BANK_TRANSFER", "name": "Transfer" })).await;
            json!({ "id": shop.pay(&ctx, &provider, "").await.payment.id.to_string() })
        }),
        document!("paymentSync", May(&[PaymentsManage]), shop, _ => {
            json!({ "id": payment(shop, "tok_late", "AUTOMATIC").await })
        }),
        document!("paymentReviewClose", May(&[PaymentsManage]), shop, _ => {
            let id = payment(shop, "tok_approve", "AUTOMATIC").await;
            let of = shop.literal_of(&id);
            shop.execute(&format!("UPDATE payments SET review = 'AMOUNT_DIFFERS' WHERE id = {of}")).await;
            json!({ "id": id })
        }),
        document!("giftCard", May(&[GiftCardsRead]), shop, _ => json!({ "id": shop.gift_card(&shop.owner()).await.0 })),
        document!("giftCards", May(&[GiftCardsRead]), shop, _ => {
            shop.gift_card(&shop.owner()).await;
            json!({ "first": 5, "filter": { "state": "ACTIVE" } })
        }),
        document!("giftCardEntries", May(&[GiftCardsRead]), shop, _ => {
            json!({ "giftCardId": gift_card(shop).await })
        }),
        document!("giftCardCreate", May(&[GiftCardsManage]), _, _ => {
            json!({ "input": { "amount": { "amount": "25.00", "currencyCode": "EUR" }, "note": "Birthday" } })
        }),
        document!("giftCardDisable", May(&[GiftCardsManage]), shop, _ => {
            json!({ "id": shop.gift_card(&shop.owner()).await.0 })
        }),
        document!("giftCardAdjust", May(&[GiftCardsManage]), shop, _ => {
            let amount = json!({ "amount": "-5.00", "currencyCode": "EUR" });
            json!({ "id": shop.gift_card(&shop.owner()).await.0, "amount": amount, "note": "Scratched" })
        }),
        document!("storeCreditIssue", May(&[StoreCreditManage]), shop, _ => {
            let amount = json!({ "amount": "5.00", "currencyCode": "EUR" });
            json!({ "customerId": shop.registered(&shop.owner()).await, "amount": amount, "note": "Sorry" })
        }),
        document!("storeCreditDebit", May(&[StoreCreditManage]), shop, _ => {
            let customer = shop.registered(&shop.owner()).await;
            shop.store_credit(&shop.owner(), &customer, "5.00").await;
            let amount = json!({ "amount": "1.00", "currencyCode": "EUR" });
            json!({ "customerId": customer, "amount": amount, "note": "A mistake" })
        }),
        document!("storeCreditEntries", May(&[StoreCreditRead]), shop, _ => json!({ "storeCreditId": store_credit(shop).await })),
        document!("customerStoreCredits", Shopper, shop, me => {
            let id = me.query("{ customer { id } }", json!({})).await.ok().text("customer.id").to_owned();
            shop.store_credit(&shop.owner(), id, "5.00").await;
            json!({})
        }),
        document!("giftCardCheck", Anybody, shop, _ => json!({ "code": shop.gift_card(&shop.owner()).await.1 })),
    ]
}

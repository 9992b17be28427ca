//! Stories of orders and drafts.

mod cancel;
mod doors;
mod drafts;
mod guest;
mod invariants;
mod list;
mod lookup;
mod paid;
mod placing;
mod simulation;
mod storms;
mod update;

use std::sync::Arc;
use std::time::Duration;

use rules::Currency;
use rules::states::{DocumentPolicy, StorePlan};
use serde_json::Value;
use stoa::kernel::Ctx;
use stoa::kernel::ctx::{Caller, StoreContext};

use crate::harness::{Actor, Answer, Database, Shop, json};
use crate::promotions::variant;

/// All that stories look at of an order.
const SHOWN: &str = "id number status paymentStatus fulfillmentStatus returnStatus version email note tags
    subtotal { amount } discount { amount } shippingPrice { amount } shippingDiscount { amount } net { amount }
    tax { amount } total { amount currencyCode } purchaseOrderNumber attributes { key value }
    canceledAt cancelReason shippingAddress { firstName city country } billingAddress { city }
    lines { id kind title variantTitle sku quantity fulfilledQuantity unitPrice { amount } subtotal { amount }
        discount { amount } total { amount } net { amount } tax { amount } gross { amount } taxes { name rate tax { amount } }
        discounts { name code phase amount { amount } promotionId } variant { id } imageUrl options { name value }
        attributes { key value } giftOf }
    shippingLines { title price { amount } discount { amount } gross { amount } tax { amount } }
    discounts { name phase amount { amount } lineId promotionId } taxes { name rate net { amount } tax { amount } }
    explanation { rulesVersion steps { kind amount { amount } soFar { amount } name code } promotions { name decision }
        codes { code decision } }
    history { kind from to reason actor { kind } } notes { body author { kind } }
    payments { status captured { amount } } paymentTasks { kind amount { amount } doneAt }
    draftOrder { id status }";

/// An order, as staff sees it.
pub async fn look(staff: &Actor, id: &str) -> Answer {
    let document = format!("query($id: ID!) {{ order(id: $id) {{ {SHOWN} }} }}");
    staff.query(&document, json!({ "id": id })).await.ok()
}

/// Asks for a draft to be completed.
pub async fn complete(staff: &Actor, id: &str) -> Answer {
    let document = format!(
        "mutation($id: ID!) {{ draftOrderComplete(id: $id) {{ order {{ {SHOWN} }} orderToken \
         userErrors {{ __typename code field message ... on StockError {{ availableQuantity }} }} }} }}"
    );
    staff.query(&document, json!({ "id": id })).await
}

/// Asks for an order to be called off.
pub async fn cancel(staff: &Actor, id: &str) -> Answer {
    let document = format!(
        "mutation($id: ID!) {{ orderCancel(id: $id, input: {{ reason: CUSTOMER, note: \"Changed her mind\" }}) \
         {{ order {{ {SHOWN} }} userErrors {{ code field message }} }} }}"
    );
    staff.query(&document, json!({ "id": id })).await
}

/// Some units of a variant.
pub fn line(variant: &str, quantity: i32) -> Value {
    json!({ "variantId": variant, "quantity": quantity })
}

/// An amount in euros.
pub fn eur(amount: &str) -> Value {
    json!({ "amount": amount, "currencyCode": "EUR" })
}

/// Whoever calls the doors of orders, in Linden's first store.
pub fn inside(shop: &Shop) -> Ctx {
    let store = StoreContext {
        id: shop.linden.store(),
        organization: shop.linden.id,
        handle: "linden".to_owned(),
        currency: Currency::EUR,
        currencies: vec![Currency::EUR],
        locale: "en".to_owned(),
        plan: StorePlan::Standard,
        document_policy: DocumentPolicy::Any,
    };
    let caller = Caller { store: Some(store), ..Caller::anonymous("doors") };
    Ctx::new(Arc::clone(&shop.node.system), caller, None, Arc::default())
}

/// A shop whose callers wait for one another as long as it takes.
pub async fn crowded(db: Database) -> Shop {
    Shop::open_with(db, |config| {
        config.database.acquire_timeout = Duration::from_secs(120);
        config.database.lock_timeout = Duration::from_secs(120);
        config.database.statement_timeout = Duration::from_secs(120);
    })
    .await
}

/// Taxes of 19 per cent in Germany.
pub async fn german_taxes(shop: &Shop) {
    let owner = shop.owner();
    let zone = shop.tax_zone(&owner, json!([{ "country": "DE" }])).await;
    shop.tax_rate(&owner, &zone, None, "0.19").await;
}

/// A variant for so much, of which so many are there.
pub async fn stocked(shop: &Shop, price: &str, on_hand: i32) -> String {
    let variant = variant(shop, price).await;
    shop.stock(&shop.owner(), &variant, on_hand).await;
    variant
}

/// Units that are promised to orders.
pub async fn reserved(shop: &Shop) -> i64 {
    shop.number("SELECT CAST(COALESCE(SUM(reserved), 0) AS bigint) FROM inventory_levels").await
}

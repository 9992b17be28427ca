//! Carts that stories need to stand there first.

use entity::customers::{customer_sessions, customers};
use rules::ids::{CustomerId, CustomerSessionId};
use rules::states::{CustomerKind, CustomerState};
use serde_json::Value;
use stoa::identity::secret::{Kind, Secret};
use stoa::kernel::entropy::SystemEntropy;

use super::{Actor, Shop, json};

/// A cart as its buyer knows it.
#[derive(Debug, Clone)]
pub struct CartIds {
    pub id: String,
    pub token: String,
    pub lines: Vec<String>,
}

impl CartIds {
    /// The variables that every mutation of it takes, with `more` beside them.
    pub fn with(&self, more: Value) -> Value {
        let mut all = json!({ "cartId": self.id, "token": self.token });
        for (name, value) in more.as_object().expect("an object") {
            all[name] = value.clone();
        }
        all
    }
}

impl Shop {
    /// A registered customer of Linden's first store, as a row.
    pub async fn customer_row(&self) -> CustomerId {
        let (writer, id, word) = (self.writer(), self.id::<CustomerId>(), self.word());
        let row = customers::Model {
            store_id: self.linden.store(),
            id,
            kind: CustomerKind::Registered,
            state: CustomerState::Enabled,
            email: format!("{word}@people.example"),
            email_normalized: format!("{word}@people.example"),
            email_verified_at: Some(writer.now),
            first_name: None,
            last_name: None,
            sort_name: word,
            phone: None,
            locale: None,
            accepts_marketing: false,
            marketing_changed_at: None,
            marketing_source: None,
            tax_exempt: false,
            tax_exempt_reason: None,
            company_name: None,
            vat_number: None,
            note: None,
            metadata: json!({}),
            merged_into_id: None,
            version: 1,
            created_at: writer.now,
            updated_at: writer.now,
            deleted_at: None,
        };
        writer.put(row).await;
        id
    }

    /// A customer who is signed in at Linden's first store.
    pub async fn shopper(&self) -> (Actor, CustomerId) {
        let customer = self.customer_row().await;
        let (writer, secret) = (self.writer(), Secret::generate(Kind::CustomerAccessToken, &SystemEntropy));
        let row = customer_sessions::Model {
            id: self.id::<CustomerSessionId>(),
            store_id: self.linden.store(),
            customer_id: customer,
            access_token_hash: secret.hash().to_vec(),
            access_expires_at: writer.now + chrono::TimeDelta::hours(1),
            expires_at: writer.now + chrono::TimeDelta::days(30),
            ip: None,
            user_agent: None,
            revoked_at: None,
            last_used_at: writer.now,
            last_write_xid: None,
            created_at: writer.now,
        };
        writer.put(row).await;
        (self.anonymous().with_secret(secret.expose()), customer)
    }

    /// A variant of a product of its own with a price in euros, and so many units of it.
    pub async fn for_sale(&self, owner: &Actor, price: &str, units: i32) -> String {
        let product = self.product(owner, json!({ "variants": [{ "weightGrams": 500 }] })).await;
        let document = "mutation($id: ID!, $amount: Decimal!) { pricesSet(productId: $id, \
            prices: [{ amount: $amount, currency: EUR }]) { userErrors { message } } }";
        owner.query(document, json!({ "id": product.id, "amount": price })).await.ok();
        self.stock(owner, &product.variants[0], units).await;
        product.variants[0].clone()
    }

    /// A cart of somebody's with these variants and quantities.
    pub async fn cart(&self, buyer: &Actor, lines: &[(&str, i32)]) -> CartIds {
        let document = "mutation($input: CartCreateInput!) { cartCreate(input: $input) \
            { cart { id lines { id } } token warnings { code } userErrors { code field message } } }";
        let lines: Vec<Value> = lines.iter().map(|(id, count)| json!({ "variantId": id, "quantity": count })).collect();
        let answer = buyer.query(document, json!({ "input": { "lines": lines, "currency": "EUR" } })).await.ok();
        CartIds {
            id: answer.text("cartCreate.cart.id").to_owned(),
            token: answer.data("cartCreate.token").as_str().unwrap_or_default().to_owned(),
            lines: answer.texts("cartCreate.cart.lines", "id").into_iter().map(str::to_owned).collect(),
        }
    }

    /// A cart of a visitor of the owner's store with two units of something.
    pub async fn any_cart(&self, owner: &Actor) -> CartIds {
        let variant = self.for_sale(owner, "5.00", 9).await;
        self.cart(owner, &[(&variant, 2)]).await
    }

    /// A profile whose goods are sent to Germany for 4.90: the profile and its one rate.
    pub async fn ships_to_germany(&self, owner: &Actor) -> (String, String) {
        let profile = self.shipping_profile(owner, &self.word()).await;
        let zone = self.shipping_zone(owner, &profile, json!([{ "country": "DE" }])).await;
        let rate = self.shipping_rate(owner, &zone, "Post", json!({})).await;
        (profile, rate)
    }
}

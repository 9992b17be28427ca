//! Carts that stories need to stand there first.

use serde_json::Value;

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

//! Shipping that stories need to stand there first.

use chrono::TimeDelta;
use serde_json::Value;

use super::{Actor, Shop, json};

impl Shop {
    /// A shipping profile.
    pub async fn shipping_profile(&self, owner: &Actor, name: &str) -> String {
        let document = "mutation($input: ShippingProfileCreateInput!) { shippingProfileCreate(input: $input) \
            { shippingProfile { id } userErrors { message } } }";
        self.wait(TimeDelta::milliseconds(1));
        let answer = owner.query(document, json!({ "input": { "name": name } })).await.ok();
        answer.text("shippingProfileCreate.shippingProfile.id").to_owned()
    }

    /// A zone of a profile with these territories.
    pub async fn shipping_zone(&self, owner: &Actor, profile: &str, territories: Value) -> String {
        let document = "mutation($input: ShippingZoneCreateInput!) { shippingZoneCreate(input: $input) \
            { shippingZone { id } userErrors { message } } }";
        let input = json!({ "profileId": profile, "name": self.word(), "territories": territories });
        let answer = owner.query(document, json!({ "input": input })).await.ok();
        answer.text("shippingZoneCreate.shippingZone.id").to_owned()
    }

    /// A rate in a zone; `input` says what is otherwise than 4.90 EUR whatever is sent.
    pub async fn shipping_rate(&self, owner: &Actor, zone: &str, name: &str, input: Value) -> String {
        let document = "mutation($input: ShippingRateCreateInput!) { shippingRateCreate(input: $input) \
            { shippingRate { id } userErrors { field message } } }";
        let price = json!([{ "amount": "4.90", "currencyCode": "EUR" }]);
        let mut whole = json!({ "zoneId": zone, "name": name, "pricing": { "flat": price } });
        for (field, value) in input.as_object().expect("an object") {
            whole[field] = value.clone();
        }
        // What is made at one moment has no order.
        self.wait(TimeDelta::milliseconds(1));
        let answer = owner.query(document, json!({ "input": whole })).await.ok();
        answer.text("shippingRateCreate.shippingRate.id").to_owned()
    }

    /// A rate in a zone of a profile of its own.
    pub async fn any_shipping_rate(&self, owner: &Actor) -> String {
        let profile = self.shipping_profile(owner, &self.word()).await;
        let zone = self.shipping_zone(owner, &profile, json!([{ "country": "DE" }])).await;
        self.shipping_rate(owner, &zone, "Post", json!({})).await
    }

    /// Puts products into a profile.
    pub async fn ship_by(&self, owner: &Actor, profile: &str, products: &[&str]) {
        let document = "mutation($id: ID!, $products: [ID!]!) { \
            shippingProfileProductsAssign(id: $id, productIds: $products) { userErrors { field message } } }";
        owner.query(document, json!({ "id": profile, "products": products })).await.ok();
    }
}

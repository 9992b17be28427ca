//! Orders that stories need to stand there first.

use serde_json::Value;

use super::{Actor, Shop, json};

/// An order that was placed.
#[derive(Debug, Clone)]
pub struct OrderIds {
    pub id: String,
    /// The secret of who bought it.
    pub token: String,
    /// Its lines, in their order.
    pub lines: Vec<String>,
}

/// Where everything goes to.
pub fn address() -> Value {
    json!({ "firstName": "Ann", "lastName": "Lee", "address1": "Hauptstr. 1", "city": "Berlin", "country": "DE" })
}

impl Shop {
    /// A draft with one line that is made up, for 10 euros; `input` says what is otherwise.
    pub async fn draft_order(&self, owner: &Actor, input: Value) -> String {
        let mut whole = json!({
            "currencyCode": "EUR",
            "lines": [{ "title": "Engraving", "quantity": 1, "unitPrice": { "amount": "10", "currencyCode": "EUR" } }],
            "email": "ann@people.example",
            "shippingAddress": address(),
        });
        for (field, value) in input.as_object().expect("an object") {
            whole[field] = value.clone();
        }
        let document = "mutation($input: DraftOrderCreateInput!) { draftOrderCreate(input: $input) \
            { draftOrder { id } userErrors { field message } } }";
        let answer = owner.query(document, json!({ "input": whole })).await.ok();
        answer.text("draftOrderCreate.draftOrder.id").to_owned()
    }

    /// A draft, completed.
    pub async fn order(&self, owner: &Actor, input: Value) -> OrderIds {
        let id = self.draft_order(owner, input).await;
        let document = "mutation($id: ID!) { draftOrderComplete(id: $id) \
            { order { id lines { id } } orderToken userErrors { code field message } } }";
        let answer = owner.query(document, json!({ "id": id })).await.ok();
        OrderIds {
            id: answer.text("draftOrderComplete.order.id").to_owned(),
            token: answer.text("draftOrderComplete.orderToken").to_owned(),
            lines: answer.texts("draftOrderComplete.order.lines", "id").into_iter().map(str::to_owned).collect(),
        }
    }
}

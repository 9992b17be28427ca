//! Stories of the addresses that customers keep.

use super::{ann, guest, sign_in, sign_up};
use crate::harness::{Actor, Answer, Shop, json};
use serde_json::Value;

const CREATE: &str = "mutation($customerId: ID, $input: CustomerAddressInput!) { \
    customerAddressCreate(customerId: $customerId, input: $input) { \
    address { id isDefaultShipping isDefaultBilling address { formatted } } userErrors { code field } } }";

async fn keep(who: &Actor, customer: Value, input: Value) -> Answer {
    who.query(CREATE, json!({ "customerId": customer, "input": input })).await
}

fn street(number: u32) -> Value {
    json!({ "address1": format!("{number} Main St"), "city": "Springfield", "country": "us", "region": "il", "postalCode": "62701" })
}

async fn defaults(customer: &Actor) -> Answer {
    let document = "{ customer { addresses { id } defaultShippingAddress { id } defaultBillingAddress { id } } }";
    customer.query(document, Value::Null).await.ok()
}

both! {
    async fn a_customer_keeps_addresses_of_which_one_is_the_default(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await.actor;
        let first = keep(&ann, Value::Null, json!({ "address": street(1) })).await.ok();
        assert_eq!(
            first.data("customerAddressCreate.address.address.formatted"),
            &json!(["1 Main St", "62701 Springfield IL", "US"])
        );
        assert_eq!(first.data("customerAddressCreate.address.isDefaultShipping"), &json!(true), "the first one");
        shop.wait(chrono::TimeDelta::seconds(1));
        let second = keep(&ann, Value::Null, json!({ "address": street(2), "defaultShipping": true })).await.ok();
        let (first, second) =
            (first.text("customerAddressCreate.address.id"), second.text("customerAddressCreate.address.id"));
        let now = defaults(&ann).await;
        assert_eq!(now.texts("customer.addresses", "id"), [first, second]);
        assert_eq!(now.text("customer.defaultShippingAddress.id"), second);
        assert_eq!(now.text("customer.defaultBillingAddress.id"), first);

        let update = "mutation($id: ID!, $input: CustomerAddressInput!) { customerAddressUpdate(id: $id, input: $input, \
            expectedVersion: 2) { address { version } userErrors { code field } } }";
        let input = json!({ "address": street(3), "defaultShipping": true });
        let answer = ann.query(update, json!({ "id": first, "input": input })).await.ok();
        assert_eq!(answer.number("customerAddressUpdate.address.version"), 3);
        assert_eq!(defaults(&ann).await.text("customer.defaultShippingAddress.id"), first);
        let stale = ann.query(update, json!({ "id": first, "input": input })).await;
        assert_eq!(stale.user_error("customerAddressUpdate"), "STALE expectedVersion");

        let delete = "mutation($id: ID!) { customerAddressDelete(id: $id) { deletedAddressId userErrors { code } } }";
        ann.query(delete, json!({ "id": first })).await.ok();
        let now = defaults(&ann).await;
        assert_eq!(now.texts("customer.addresses", "id"), [second]);
        assert_eq!(now.data("customer.defaultShippingAddress"), &Value::Null);
    }

    async fn two_defaults_at_once_leave_one(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await.actor;
        let new = |number| json!({ "address": street(number), "defaultShipping": true, "defaultBilling": true });
        let tries = (1..=6).map(|number| keep(&ann, Value::Null, new(number)));
        for answer in futures::future::join_all(tries).await {
            answer.ok();
        }
        let count = "SELECT COUNT(*) FROM customer_addresses WHERE is_default_shipping AND is_default_billing";
        assert_eq!(shop.number(count).await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM customer_addresses").await, 6);
    }

    async fn what_is_wrong_with_an_address_is_told_by_its_fields(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await.actor;
        let input = json!({ "address": { "address1": " ", "city": "Springfield", "country": "XX" } });
        let answer = keep(&ann, Value::Null, input).await;
        assert_eq!(answer.user_error_codes("customerAddressCreate"), ["REQUIRED", "INVALID"]);
        assert_eq!(answer.user_error("customerAddressCreate"), "REQUIRED address.address1");
        assert_eq!(shop.number("SELECT COUNT(*) FROM customer_addresses").await, 0);
    }

    async fn the_address_of_another_customer_is_not_there(db: Database) {
        let shop = Shop::open(db).await;
        let (ann, nobody) = (ann(&shop).await, shop.anonymous());
        let kept = keep(&ann.actor, Value::Null, json!({ "address": street(1) })).await.ok();
        let id = kept.text("customerAddressCreate.address.id").to_owned();
        sign_up(&nobody, "bob@people.example", "nine red tractors").await.ok();
        let bob = sign_in(&nobody, "bob@people.example", "nine red tractors").await.actor;
        let update = "mutation($id: ID!, $input: CustomerAddressInput!) { \
            customerAddressUpdate(id: $id, input: $input) { address { id } userErrors { code } } }";
        let delete = "mutation($id: ID!) { customerAddressDelete(id: $id) { deletedAddressId userErrors { code } } }";
        let never = shop.id::<rules::ids::CustomerAddressId>().to_string();
        let hers = bob.query(delete, json!({ "id": id })).await;
        assert_eq!(hers.code(), "NOT_FOUND");
        assert_eq!(hers.refusal(), bob.query(delete, json!({ "id": never })).await.refusal(), "as one that never was");
        let answer = bob.query(update, json!({ "id": id, "input": { "address": street(9) } })).await;
        assert_eq!(answer.code(), "NOT_FOUND");
        assert_eq!(keep(&bob, json!(ann.id), json!({ "address": street(9) })).await.code(), "NOT_FOUND");
        assert_eq!(bob.query("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await.ok().data("node"), &Value::Null);
        assert_eq!(shop.rival().query(delete, json!({ "id": id })).await.code(), "NOT_FOUND");
        assert_eq!(shop.number("SELECT COUNT(*) FROM customer_addresses WHERE address1 = '1 Main St'").await, 1);
    }

    async fn the_staff_keeps_addresses_for_a_customer(db: Database) {
        let shop = Shop::open(db).await;
        let id = guest(&shop.owner(), "bob@people.example").await;
        keep(&shop.owner(), json!(id), json!({ "address": street(1) })).await.ok();
        assert_eq!(keep(&shop.owner(), Value::Null, json!({ "address": street(1) })).await.code(), "BAD_USER_INPUT");
        let reader = shop.staff([rules::permission::Permission::CustomersRead]).await;
        assert_eq!(keep(&reader, json!(id), json!({ "address": street(2) })).await.code(), "FORBIDDEN");
    }
}

//! Stories of what is known of customers, and of who changes it.

use super::{EMAIL, PASSWORD, ann, guest, is_signed_in, try_to_sign_in};
use crate::harness::{Shop, json};
use rules::permission::Permission::{CustomersManage, CustomersRead};
use serde_json::Value;

const LIST: &str = "query($filter: CustomerFilterInput, $sort: CustomerSort! = NAME) { \
    customers(filter: $filter, sort: $sort) { totalCount nodes { email } } }";

both! {
    async fn the_staff_enters_and_changes_a_customer(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([CustomersRead, CustomersManage]).await;
        let create = "mutation($input: CustomerCreateInput!) { customerCreate(input: $input) { customer { \
            id kind state email displayName phone taxExempt taxExemptReason companyName vatNumber note tags \
            metadata { key value } acceptsMarketing marketingSource version } userErrors { code field } } }";
        let input = json!({
            "email": EMAIL, "firstName": " Ann ", "lastName": "Lee", "phone": "+44 20 7946 0958", "taxExempt": true,
            "taxExemptReason": "A school", "companyName": "Lee Ltd", "vatNumber": "GB123", "note": "Likes tea\nand cake",
            "tags": ["VIP", "vip", "Tea"], "metadata": [{ "key": "crm", "value": "42" }], "acceptsMarketing": true,
        });
        let answer = staff.query(create, json!({ "input": input })).await.ok();
        let customer = answer.data("customerCreate.customer").clone();
        assert_eq!(customer["displayName"], "Ann Lee");
        assert_eq!((&customer["kind"], &customer["state"]), (&json!("GUEST"), &json!("ENABLED")));
        assert_eq!(customer["tags"], json!(["Tea", "VIP"]), "twins are one tag, as it was typed first");
        assert_eq!(customer["metadata"], json!([{ "key": "crm", "value": "42" }]));
        assert_eq!(customer["marketingSource"], "STAFF");
        let twin = staff.query(create, json!({ "input": { "email": "ANN@people.example" } })).await;
        assert_eq!(twin.user_error("customerCreate"), "TAKEN email");

        let update = "mutation($id: ID!, $input: CustomerUpdateInput!, $version: Int) { \
            customerUpdate(id: $id, input: $input, expectedVersion: $version) { \
            customer { firstName lastName taxExempt taxExemptReason note metadata { key } version } userErrors { code field } } }";
        let input = json!({ "lastName": null, "taxExempt": false, "note": null, "metadata": [] });
        let answer = staff.query(update, json!({ "id": customer["id"], "input": input, "version": 1 })).await.ok();
        let changed = answer.data("customerUpdate.customer");
        assert_eq!((&changed["firstName"], &changed["lastName"]), (&json!("Ann"), &Value::Null));
        assert_eq!((&changed["taxExempt"], &changed["taxExemptReason"]), (&json!(false), &Value::Null));
        assert_eq!((&changed["note"], &changed["metadata"], &changed["version"]), (&Value::Null, &json!([]), &json!(2)));
        let stale = staff.query(update, json!({ "id": customer["id"], "input": {}, "version": 1 })).await;
        assert_eq!(stale.user_error("customerUpdate"), "STALE expectedVersion");
        let reason = staff.query(update, json!({ "id": customer["id"], "input": { "taxExemptReason": "x" } })).await;
        assert_eq!(reason.user_error("customerUpdate"), "NOT_ALLOWED taxExemptReason");
    }

    async fn a_consent_keeps_the_time_and_the_place_at_which_it_was_given(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await.actor;
        let document = "mutation($accepts: Boolean) { customerProfileUpdate(input: { acceptsMarketing: $accepts }) { \
            customer { acceptsMarketing marketingChangedAt marketingSource } userErrors { code } } }";
        let mut told = Vec::new();
        for (accepts, minutes) in [(json!(true), 1), (json!(true), 1), (json!(false), 1), (Value::Null, 1)] {
            shop.wait(chrono::TimeDelta::minutes(minutes));
            let answer = ann.query(document, json!({ "accepts": accepts })).await.ok();
            let customer = answer.data("customerProfileUpdate.customer").clone();
            told.push((customer["acceptsMarketing"].clone(), customer["marketingChangedAt"].clone()));
            assert_eq!(customer["marketingSource"], "PROFILE");
        }
        assert_eq!(told[0], told[1], "saying it again is no news");
        assert_eq!(told[2].0, json!(false));
        assert_ne!(told[1].1, told[2].1);
        assert_eq!(told[2], told[3], "what is left out stays");
    }

    async fn customers_are_found_sorted_and_filtered(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let create = "mutation($input: CustomerCreateInput!) { customerCreate(input: $input) { userErrors { code } } }";
        for (email, first, last, tags) in [
            ("zoe@people.example", "Zoë", "Adams", json!(["VIP"])),
            ("ann@people.example", "Ann", "Baker", json!([])),
            ("bob@people.example", "Bob", "Clark", json!(["vip", "Trade"])),
        ] {
            let input = json!({ "email": email, "firstName": first, "lastName": last, "tags": tags });
            owner.query(create, json!({ "input": input })).await.ok();
        }
        let customer = ann(&shop).await.id;
        let find = async |filter: Value| {
            let answer = owner.query(LIST, json!({ "filter": filter })).await.ok();
            assert_eq!(answer.number("customers.totalCount") as usize, answer.texts("customers.nodes", "email").len());
            answer.texts("customers.nodes", "email").join(" ")
        };
        assert_eq!(find(json!({})).await, "zoe@people.example ann@people.example bob@people.example ann@people.example");
        assert_eq!(find(json!({ "search": "zoe adams" })).await, "zoe@people.example", "accents do not count");
        assert_eq!(find(json!({ "search": "example clark" })).await, "bob@people.example");
        assert_eq!(find(json!({ "search": "100%" })).await, "");
        assert_eq!(find(json!({ "tag": "Vip" })).await, "zoe@people.example bob@people.example");
        assert_eq!(find(json!({ "email": "ANN@people.example", "kind": "GUEST" })).await, "ann@people.example");
        assert_eq!(find(json!({ "kind": "REGISTERED" })).await, "ann@people.example");
        assert_eq!(find(json!({ "state": "DISABLED" })).await, "");
        assert_eq!(find(json!({ "createdBefore": "2026-03-01T12:00:00Z" })).await, "");
        assert_eq!(find(json!({ "segmentId": shop.id::<rules::ids::SegmentId>().to_string() })).await, "");
        let newest = owner.query(LIST, json!({ "sort": "NEWEST" })).await.ok();
        assert_eq!(newest.texts("customers.nodes", "email").len(), 4);
        let seen = owner.query("query($id: ID!) { node(id: $id) { id } }", json!({ "id": customer })).await.ok();
        assert_eq!(seen.text("node.id"), customer);
    }

    async fn tags_are_put_on_and_taken_off(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, id) = (shop.owner(), guest(&shop.owner(), EMAIL).await);
        let add = "mutation($id: ID!, $tags: [String!]!) { customerTagsAdd(id: $id, tags: $tags) { \
            customer { tags } userErrors { code field } } }";
        let remove = "mutation($id: ID!, $tags: [String!]!) { customerTagsRemove(id: $id, tags: $tags) { \
            customer { tags } userErrors { code field } } }";
        let answer = owner.query(add, json!({ "id": id, "tags": ["Tea", "VIP"] })).await.ok();
        assert_eq!(answer.data("customerTagsAdd.customer.tags"), &json!(["Tea", "VIP"]));
        let answer = owner.query(remove, json!({ "id": id, "tags": ["tea", "nothing"] })).await.ok();
        assert_eq!(answer.data("customerTagsRemove.customer.tags"), &json!(["VIP"]));
        let many: Vec<String> = (0..50).map(|number| format!("tag {number}")).collect();
        assert_eq!(owner.query(add, json!({ "id": id, "tags": many })).await.user_error("customerTagsAdd"), "LIMIT_REACHED tags");
        assert_eq!(owner.query(add, json!({ "id": id, "tags": [] })).await.user_error("customerTagsAdd"), "REQUIRED tags");
        assert_eq!(owner.query(add, json!({ "id": id, "tags": [" "] })).await.user_error("customerTagsAdd"), "REQUIRED tags.0");
        assert_eq!(shop.number("SELECT COUNT(*) FROM customer_tags").await, 1);
    }

    async fn a_deleted_customer_names_nobody_and_the_address_is_free(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        let delete = "mutation($id: ID!) { customerDelete(id: $id) { deletedCustomerId userErrors { code } } }";
        shop.owner().query(delete, json!({ "id": ann.id })).await.ok();
        assert!(!is_signed_in(&ann.actor).await);
        let answer = try_to_sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        assert_eq!(answer.user_error_codes("customerSignIn"), ["INVALID_CREDENTIALS"]);
        assert_eq!(shop.owner().query(delete, json!({ "id": ann.id })).await.code(), "NOT_FOUND");
        let left = "SELECT COUNT(*) FROM customers WHERE email LIKE '%people%' OR first_name IS NOT NULL OR sort_name LIKE '%lee%'";
        assert_eq!(shop.number(left).await, 0);
        for table in ["customer_credentials", "customer_sessions", "customer_refresh_tokens", "customer_one_time_tokens"] {
            assert_eq!(shop.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
        super::ann(&shop).await;
    }
}

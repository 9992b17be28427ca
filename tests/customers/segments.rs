//! Stories of segments, by hand and by rule.

use super::{guest, segment};
use crate::harness::{Actor, Shop, json};
use serde_json::Value;

const MEMBERS: &str = "query($id: ID!) { segment(id: $id) { customers { totalCount nodes { email } } } }";

async fn members(staff: &Actor, id: &str) -> Vec<String> {
    let answer = staff.query(MEMBERS, json!({ "id": id })).await.ok();
    let emails = answer.texts("segment.customers.nodes", "email");
    assert_eq!(answer.number("segment.customers.totalCount") as usize, emails.len());
    emails.iter().map(|email| email.split('@').next().unwrap_or_default().to_owned()).collect()
}

async fn count(shop: &Shop, customer: &str, currency: &str, orders: i64, spent: i64) {
    let (store, customer) = (shop.literal(shop.linden.store()), shop.literal_of(customer));
    shop.execute(&format!(
        "INSERT INTO customer_order_totals (store_id, customer_id, currency, orders, spent, updated_at) \
         VALUES ({store}, {customer}, '{currency}', {orders}, {spent}, '2026-03-01 12:00:00+00:00')"
    ))
    .await;
}

/// Three guests: Ann in Germany with a tag, who has bought for 100 euros and once in dollars; Bob in France, who takes
/// news; Cy, of whom nothing is known.
async fn three(shop: &Shop) -> [String; 3] {
    let owner = shop.owner();
    let [ann, bob, cy] = [
        guest(&owner, "ann@people.example").await,
        guest(&owner, "bob@people.example").await,
        guest(&owner, "cy@people.example").await,
    ];
    let keep = "mutation($id: ID!, $country: String!) { customerAddressCreate(customerId: $id, input: { address: \
        { address1: \"1 Main St\", city: \"X\", country: $country } }) { userErrors { code } } }";
    for (id, country) in [(&ann, "DE"), (&bob, "FR")] {
        owner.query(keep, json!({ "id": id, "country": country })).await.ok();
    }
    let mark = "mutation($id: ID!) { customerTagsAdd(id: $id, tags: [\"VIP\"]) { userErrors { code } } }";
    owner.query(mark, json!({ "id": ann })).await.ok();
    let accept =
        "mutation($id: ID!) { customerUpdate(id: $id, input: { acceptsMarketing: true }) { userErrors { code } } }";
    owner.query(accept, json!({ "id": bob })).await.ok();
    count(shop, &ann, "EUR", 2, 10_000).await;
    count(shop, &ann, "USD", 1, 500).await;
    count(shop, &bob, "EUR", 1, 9_999).await;
    [ann, bob, cy]
}

both! {
    async fn members_by_rule_are_exact_whenever_they_are_asked(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, [ann, bob, _]) = (shop.owner(), three(&shop).await);
        let eur = |amount: &str| json!({ "spentAtLeast": { "amount": amount, "currencyCode": "EUR" } });
        let mut ids = Vec::new();
        for (place, (rule, expected)) in [
            (json!({ "tag": "vip" }), vec!["ann"]),
            (json!({ "countries": ["DE", "FR"] }), vec!["ann", "bob"]),
            (json!({ "acceptsMarketing": true }), vec!["bob"]),
            (json!({ "acceptsMarketing": false }), vec!["ann", "cy"]),
            (json!({ "registered": false }), vec!["ann", "bob", "cy"]),
            (json!({ "registered": true }), vec![]),
            (eur("100"), vec!["ann"]),
            (eur("99.99"), vec!["ann", "bob"]),
            (json!({ "ordersAtLeast": 3 }), vec!["ann"]),
            (json!({ "ordersAtLeast": 4 }), vec![]),
            (json!({ "not": { "ordersAtLeast": 1 } }), vec!["cy"]),
            (json!({ "all": [{ "countries": ["DE"] }, { "not": { "tag": "VIP" } }] }), vec![]),
            (json!({ "any": [{ "acceptsMarketing": true }, { "not": { "any": [eur("1"), { "tag": "VIP" }] } }] }), vec!["bob", "cy"]),
        ]
        .into_iter()
        .enumerate()
        {
            let id = segment(&owner, json!({ "name": format!("Segment {place:02}"), "rule": rule })).await;
            assert_eq!(members(&owner, &id).await, expected, "{rule}");
            let filtered = "query($id: ID!) { customers(filter: { segmentId: $id }) { nodes { email } } }";
            let listed = owner.query(filtered, json!({ "id": id })).await.ok();
            assert_eq!(listed.texts("customers.nodes", "email").len(), expected.len(), "{rule}");
            ids.push((id, expected));
        }
        // What a customer belongs to is the same truth seen from the other side, for all of them at once.
        let document = "{ customers { nodes { email segments { id } } } }";
        let answer = owner.query(document, Value::Null).await.ok();
        for node in answer.data("customers.nodes").as_array().expect("customers") {
            let name = node["email"].as_str().and_then(|email| email.split('@').next()).expect("a name");
            let of: Vec<&str> = node["segments"].as_array().expect("a list").iter().filter_map(|row| row["id"].as_str()).collect();
            for (id, expected) in &ids {
                assert_eq!(of.contains(&id.as_str()), expected.contains(&name), "{name} in {id}");
            }
        }
        let one = owner.query("query($id: ID!) { customer(id: $id) { segments { id } } }", json!({ "id": bob })).await.ok();
        assert!(answer.statements() <= one.statements() + 1, "no statement for each customer");
        let gone = "mutation($id: ID!) { customerTagsRemove(id: $id, tags: [\"VIP\"]) { userErrors { code } } }";
        owner.query(gone, json!({ "id": ann })).await.ok();
        assert_eq!(members(&owner, &ids[0].0).await, [""; 0], "at once");
    }

    async fn members_by_hand_are_put_in_and_taken_out(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, [ann, bob, _]) = (shop.owner(), three(&shop).await);
        let id = segment(&owner, json!({ "name": "Friends" })).await;
        let add = "mutation($id: ID!, $of: [ID!]!) { segmentMembersAdd(id: $id, customerIds: $of) { segment { id } userErrors { code field } } }";
        let remove = "mutation($id: ID!, $of: [ID!]!) { segmentMembersRemove(id: $id, customerIds: $of) { segment { id } userErrors { code field } } }";
        owner.query(add, json!({ "id": id, "of": [ann, bob, ann] })).await.ok();
        owner.query(add, json!({ "id": id, "of": [ann] })).await.ok();
        assert_eq!(members(&owner, &id).await, ["ann", "bob"]);
        let unknown = shop.id::<rules::ids::CustomerId>().to_string();
        let refused = owner.query(add, json!({ "id": id, "of": [bob, unknown] })).await;
        assert_eq!(refused.user_error("segmentMembersAdd"), "NOT_FOUND customerIds.1");
        assert_eq!(owner.query(add, json!({ "id": id, "of": [] })).await.user_error("segmentMembersAdd"), "REQUIRED customerIds");
        let refused = owner.query(remove, json!({ "id": id, "of": [ann, unknown] })).await;
        assert_eq!(refused.user_error("segmentMembersRemove"), "NOT_FOUND customerIds.1");
        owner.query(remove, json!({ "id": id, "of": [ann] })).await.ok();
        // Whoever is not in it can be taken out again.
        owner.query(remove, json!({ "id": id, "of": [ann] })).await.ok();
        assert_eq!(members(&owner, &id).await, ["bob"]);
        let by_rule = segment(&owner, json!({ "name": "Rule", "rule": { "registered": true } })).await;
        assert_eq!(owner.query(add, json!({ "id": by_rule, "of": [ann] })).await.user_error("segmentMembersAdd"), "NOT_ALLOWED id");
        let theirs = shop.rival().query(add, json!({ "id": id, "of": [ann] })).await;
        assert_eq!(theirs.code(), "NOT_FOUND");
    }

    async fn a_segment_is_changed_and_reads_back_as_it_was_given(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let rule = json!({ "all": [{ "tag": "VIP" }, { "not": { "countries": ["US"] } }, { "ordersAtLeast": 2 }] });
        let id = segment(&owner, json!({ "name": "Friends", "rule": rule })).await;
        let read = "query($id: ID!) { segment(id: $id) { kind version rule { all { tag ordersAtLeast not { countries } } } } }";
        let told = owner.query(read, json!({ "id": id })).await.ok();
        assert_eq!(told.text("segment.kind"), "RULE");
        assert_eq!(told.data("segment.rule.all.0.tag"), &json!("vip"));
        assert_eq!(told.data("segment.rule.all.1.not.countries"), &json!(["US"]));
        let update = "mutation($id: ID!, $input: SegmentUpdateInput!, $version: Int) { \
            segmentUpdate(id: $id, input: $input, expectedVersion: $version) { segment { version } userErrors { code field } } }";
        owner.query(update, json!({ "id": id, "input": { "rule": { "registered": true } }, "version": 1 })).await.ok();
        let stale = owner.query(update, json!({ "id": id, "input": {}, "version": 1 })).await;
        assert_eq!(stale.user_error("segmentUpdate"), "STALE expectedVersion");
        let twin = segment(&owner, json!({ "name": "Others" })).await;
        let taken = owner.query(update, json!({ "id": twin, "input": { "name": "FRIENDS" } })).await;
        assert_eq!(taken.user_error("segmentUpdate"), "TAKEN name");
        let by_hand = owner.query(update, json!({ "id": twin, "input": { "rule": { "registered": true } } })).await;
        assert_eq!(by_hand.user_error("segmentUpdate"), "NOT_ALLOWED rule");
    }

    async fn what_is_wrong_with_a_rule_is_told_at_its_place(db: Database) {
        let shop = Shop::open(db).await;
        let create = "mutation($input: SegmentCreateInput!) { segmentCreate(input: $input) { segment { id } userErrors { code field } } }";
        let mut deep = json!({ "registered": true });
        for _ in 0..5 {
            deep = json!({ "not": deep });
        }
        for (rule, error) in [
            (json!({ "all": [] }), "REQUIRED rule.all"),
            (json!({ "any": [{ "tag": "" }] }), "REQUIRED rule.any.0.tag"),
            (json!({ "countries": ["XX"] }), "INVALID rule.countries.0"),
            (json!({ "ordersAtLeast": 0 }), "OUT_OF_RANGE rule.ordersAtLeast"),
            (json!({ "spentAtLeast": { "amount": "0", "currencyCode": "EUR" } }), "OUT_OF_RANGE rule.spentAtLeast"),
            (deep, "LIMIT_REACHED rule.not.not.not.not.not"),
        ] {
            let answer = shop.owner().query(create, json!({ "input": { "name": "X", "rule": rule } })).await;
            assert_eq!(answer.user_error("segmentCreate"), error, "{rule}");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM segments").await, 0);
    }
}

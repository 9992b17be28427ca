//! Stories of shipping profiles.

use rules::permission::Permission::{ShippingManage, ShippingRead};

use super::{problems, told};
use crate::harness::{Actor, Answer, Shop, json};

const UPDATE: &str = "mutation($id: ID!, $input: ShippingProfileUpdateInput!, $expectedVersion: Int) {
    shippingProfileUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) {
        shippingProfile { name isDefault version } userErrors { code field } } }";
const DELETE: &str =
    "mutation($id: ID!) { shippingProfileDelete(id: $id) { deletedShippingProfileId userErrors { code field } } }";
const ASSIGN: &str =
    "mutation($id: ID!, $products: [ID!]!) { shippingProfileProductsAssign(id: $id, productIds: $products) {
    shippingProfile { id } userErrors { code field } } }";

async fn profile_of(who: &Actor, product: &str) -> Option<String> {
    let document = "query($id: ID!) { product(id: $id) { shippingProfile { name } } }";
    let answer = who.query(document, json!({ "id": product })).await.ok();
    answer.data("product.shippingProfile")["name"].as_str().map(str::to_owned)
}

async fn assign(who: &Actor, profile: &str, products: &[&str]) -> Answer {
    who.query(ASSIGN, json!({ "id": profile, "products": products })).await
}

both! {
    async fn products_belong_to_one_profile_and_else_to_the_default(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let lamp = shop.product(&owner, json!({})).await.id;
        let sofa = shop.product(&owner, json!({})).await.id;
        assert_eq!(profile_of(&owner, &lamp).await, None, "there is none yet");
        let before = shop.ledger().await;
        let parcels = shop.shipping_profile(&owner, "Parcels").await;
        assert_eq!(shop.told_since(&before).await, told("shipping_profile.create", &["shipping_profile.created"]));
        let freight = shop.shipping_profile(&owner, "Freight").await;
        assert_eq!(profile_of(&owner, &sofa).await.as_deref(), Some("Parcels"), "the first is the default");

        let staff = shop.staff([ShippingManage, ShippingRead]).await;
        let before = shop.ledger().await;
        assign(&staff, &freight, &[&sofa, &sofa]).await.ok();
        assert_eq!(shop.told_since(&before).await, told("shipping_profile_products.assign", &["shipping_profile_products.assigned"]));
        assert_eq!(profile_of(&owner, &sofa).await.as_deref(), Some("Freight"));
        assert_eq!(profile_of(&owner, &lamp).await.as_deref(), Some("Parcels"));

        // The default can be another one; then what is in none belongs to that.
        owner.query(UPDATE, json!({ "id": freight, "input": { "isDefault": true } })).await.ok();
        assert_eq!(profile_of(&owner, &lamp).await.as_deref(), Some("Freight"));
        assign(&owner, &parcels, &[&lamp]).await.ok();
        assign(&owner, &freight, &[&lamp]).await.ok();
        assert_eq!(profile_of(&owner, &lamp).await.as_deref(), Some("Freight"));
    }

    async fn what_can_not_be_assigned_is_refused_whole(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.shipping_profile(&owner, "Parcels").await;
        let freight = shop.shipping_profile(&owner, "Freight").await;
        let sofa = shop.product(&owner, json!({})).await.id;
        let theirs = shop.product(&shop.rival(), json!({})).await.id;
        let before = shop.fingerprint().await;
        let refused = assign(&owner, &freight, &[&sofa, &theirs]).await;
        assert_eq!(problems(&refused, "shippingProfileProductsAssign"), ["NOT_FOUND productIds.1"]);
        assert_eq!(problems(&assign(&owner, &freight, &[]).await, "shippingProfileProductsAssign"), ["REQUIRED productIds"]);
        assert_eq!(assign(&shop.rival(), &freight, &[&theirs]).await.code(), "NOT_FOUND");
        shop.assert_unchanged(&before).await;
    }

    async fn a_profile_in_use_and_the_default_stay(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let parcels = shop.shipping_profile(&owner, "Parcels").await;
        let freight = shop.shipping_profile(&owner, "Freight").await;
        let zone = shop.shipping_zone(&owner, &freight, json!([{ "country": "DE" }])).await;
        shop.shipping_rate(&owner, &zone, "Truck", json!({})).await;
        let sofa = shop.product(&owner, json!({})).await.id;
        assign(&owner, &freight, &[&sofa]).await.ok();
        let before = shop.fingerprint().await;
        let delete = async |id: &str| owner.query(DELETE, json!({ "id": id })).await;
        assert_eq!(problems(&delete(&parcels).await, "shippingProfileDelete"), ["NOT_ALLOWED"]);
        assert_eq!(problems(&delete(&freight).await, "shippingProfileDelete"), ["IN_USE"]);
        let taken = owner.query(UPDATE, json!({ "id": freight, "input": { "name": "PARCELS" } })).await;
        assert_eq!(problems(&taken, "shippingProfileUpdate"), ["TAKEN name"]);
        let stale = owner.query(UPDATE, json!({ "id": freight, "input": { "name": "Late" }, "expectedVersion": 9 })).await;
        assert_eq!(problems(&stale, "shippingProfileUpdate"), ["STALE expectedVersion"]);
        let unmade = owner.query(UPDATE, json!({ "id": parcels, "input": { "isDefault": false } })).await;
        assert_eq!(problems(&unmade, "shippingProfileUpdate"), ["NOT_ALLOWED isDefault"]);
        shop.assert_unchanged(&before).await;

        // A product that is deleted holds nothing; it comes back to the default.
        let document = "mutation($id: ID!) { productDelete(id: $id) { userErrors { code } } }";
        owner.query(document, json!({ "id": sofa })).await.ok();
        let before = shop.ledger().await;
        delete(&freight).await.ok();
        let mut since = shop.told_since(&before).await;
        since.events.sort();
        assert_eq!(since, told("shipping_profile.delete", &["shipping_profile.deleted", "shipping_rate.deleted", "shipping_zone.deleted"]));
        let document = "mutation($id: ID!) { productRestore(id: $id) { userErrors { code } } }";
        owner.query(document, json!({ "id": sofa })).await.ok();
        assert_eq!(profile_of(&owner, &sofa).await.as_deref(), Some("Parcels"));
        assert_eq!(shop.number("SELECT COUNT(*) FROM shipping_rate_prices").await, 0);
    }

    async fn a_profile_is_deleted_or_used_and_never_both(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.shipping_profile(&owner, "Parcels").await;
        let node = shop.second_node().await;
        for round in 0..5 {
            let freight = shop.shipping_profile(&owner, &format!("Freight {round}")).await;
            let sofa = shop.product(&owner, json!({})).await.id;
            let there = shop.on(&node, &owner);
            let sofas = [sofa.as_str()];
            let (deleted, used) =
                tokio::join!(owner.query(DELETE, json!({ "id": freight })), assign(&there, &freight, &sofas));
            assert!(deleted.is_ok() != used.is_ok(), "{deleted} {used}");
        }
    }
}

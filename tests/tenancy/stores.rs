//! Stories of stores.

use rules::permission::Permission;
use serde_json::Value;

use super::{linden, role};
use crate::harness::world::Membership;
use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($organization: ID!, $input: StoreCreateInput!) {
    storeCreate(organizationId: $organization, input: $input) {
        store { id handle currency currencies locale locales country taxMode timeZone roundingMode roundingLevel version
            organization { handle } }
        userErrors { code field message } } }";
const UPDATE: &str =
    "mutation($input: StoreUpdateInput!, $version: Int) { storeUpdate(input: $input, expectedVersion: $version) {
    store { name handle currency currencies locale locales country version } userErrors { code field message } } }";
const DELETE: &str = "mutation($id: ID!) { storeDelete(id: $id) { deletedStoreId userErrors { code } } }";

async fn create(shop: &Shop, who: &Actor, input: Value) -> Answer {
    who.query(CREATE, json!({ "organization": linden(shop), "input": input })).await
}

async fn delete(who: &Actor, id: &str) -> Answer {
    who.query(DELETE, json!({ "id": id })).await
}

both! {
    async fn a_store_opens_with_its_lists_and_a_place_for_its_stock(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.ledger().await;
        let input = json!({
            "name": "Linden Wien", "handle": "linden-wien", "currency": "EUR", "currencies": ["EUR", "CHF"],
            "locale": "de-at", "locales": ["de-AT", "en"], "country": "at", "taxMode": "NET", "roundingMode": "HALF_EVEN",
            "roundingLevel": "UNIT", "timeZone": "Europe/Vienna",
        });
        let owner = shop.owner().nowhere();
        let answer = create(&shop, &owner, input).await.ok();
        let store = answer.data("storeCreate.store");
        assert_eq!((&store["currencies"], &store["locales"]), (&json!(["CHF", "EUR"]), &json!(["de-AT", "en"])));
        assert_eq!((&store["locale"], &store["country"], &store["roundingMode"]), (&json!("de-AT"), &json!("AT"), &json!("HALF_EVEN")));
        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, ["store.create", "store.create"], "in the organization's log and in the store's");
        assert_eq!(told.events, ["store.created"]);
        let id = shop.literal_of(store["id"].as_str().expect("an id"));
        let places = format!("SELECT COUNT(*) FROM locations WHERE store_id = {id} AND is_default");
        assert_eq!(shop.number(&places).await, 1);

        let visitor = shop.anonymous().in_store("linden-wien");
        let public = "{ store { id name handle currency currencies locale locales taxMode country timeZone } }";
        let answer = visitor.query(public, json!({})).await.ok();
        assert_eq!(answer.data("store.currencies"), &json!(["CHF", "EUR"]));
        assert_eq!(visitor.query("{ store { roundingMode } }", json!({})).await.code(), "UNAUTHENTICATED");
        assert_eq!(visitor.query("{ store { organization { id } } }", json!({})).await.code(), "UNAUTHENTICATED");
        assert_eq!(shop.anonymous().nowhere().query(public, json!({})).await.code(), "STORE_REQUIRED");
        let list = "query($id: ID!) { stores(organizationId: $id) { nodes { handle roundingMode currencies } totalCount } }";
        let answer = owner.query(list, json!({ "id": linden(&shop) })).await.ok();
        let mut handles = answer.texts("stores.nodes", "handle");
        handles.sort_unstable();
        assert_eq!(handles, ["linden", "linden-us", "linden-wien"]);
        assert_eq!(answer.data("stores.nodes.0.currencies"), &Value::Null, "the request is about no store");
    }

    async fn attack_t20_a_handle_is_taken_in_the_same_words_whosever_it_is(db: Database) {
        let shop = Shop::open(db).await;
        let input = |handle: &str| json!({ "name": "Shop", "handle": handle, "currency": "EUR", "locale": "en" });
        let before = shop.fingerprint().await;
        let (own, rivals) = (
            create(&shop, &shop.owner(), input("linden-us")).await,
            create(&shop, &shop.owner(), input("rival")).await,
        );
        assert_eq!(own.user_error("storeCreate"), "TAKEN handle");
        assert_eq!(own.body, rivals.body);
        assert_eq!(create(&shop, &shop.owner(), input("graphql")).await.user_error("storeCreate"), "RESERVED handle");
        shop.assert_unchanged(&before).await;
        // Totals count one's own.
        let list = "query($id: ID!) { stores(organizationId: $id) { totalCount } }";
        assert_eq!(shop.owner().query(list, json!({ "id": linden(&shop) })).await.ok().number("stores.totalCount"), 2);
        let tokens = "{ apiTokens { totalCount nodes { id } } }";
        assert_eq!(shop.owner().query(tokens, json!({})).await.ok().number("apiTokens.totalCount"), 1);
        assert_eq!(shop.owner().in_store("linden-us").query(tokens, json!({})).await.ok().number("apiTokens.totalCount"), 0);
    }

    async fn the_settings_of_a_store_change(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([Permission::StoreManage, Permission::StoreRead]).await;
        let before = shop.ledger().await;
        let input = json!({ "name": "Linden & Loom", "currency": "USD", "locales": ["en", "de"], "country": "DE" });
        let answer = staff.query(UPDATE, json!({ "input": input, "version": 1 })).await.ok();
        let store = answer.data("storeUpdate.store");
        assert_eq!((&store["currency"], &store["currencies"]), (&json!("USD"), &json!(["EUR", "USD"])));
        assert_eq!((&store["locales"], &store["country"], &store["version"]), (&json!(["de", "en"]), &json!("DE"), &json!(2)));
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["store.update".to_owned()], vec!["store.updated".to_owned()]));

        let before = shop.fingerprint().await;
        for (input, problem) in [
            (json!({ "currencies": ["EUR"] }), "CURRENCY_NOT_ENABLED currencies"),
            (json!({ "currencies": null }), "INVALID currencies"),
            (json!({ "currencies": [] }), "REQUIRED currencies"),
            (json!({ "locale": "fr" }), "INVALID locales"),
            (json!({ "locales": ["en", "EN"] }), "DUPLICATE locales.1"),
            (json!({ "timeZone": "Mars/Olympus" }), "INVALID timeZone"),
            (json!({ "country": "XX" }), "INVALID country"),
            (json!({ "handle": "rival" }), "TAKEN handle"),
        ] {
            assert_eq!(staff.query(UPDATE, json!({ "input": input })).await.user_error("storeUpdate"), problem);
        }
        let stale = staff.query(UPDATE, json!({ "input": { "name": "X" }, "version": 1 })).await;
        assert_eq!(stale.user_error("storeUpdate"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;
        let answer = staff.query(UPDATE, json!({ "input": { "country": null, "handle": "linden-loom" } })).await.ok();
        assert_eq!(answer.data("storeUpdate.store.country"), &Value::Null);
        assert_eq!(staff.query("{ store { id } }", json!({})).await.code(), "NOT_FOUND", "the old handle leads nowhere");
        staff.in_store("linden-loom").query("{ store { id } }", json!({})).await.ok();
    }

    async fn whoever_reaches_one_store_has_no_say_in_another(db: Database) {
        let shop = Shop::open(db).await;
        let may = Membership {
            permissions: role("OWNER"),
            stores: Some(vec![shop.linden.store()]),
            ..Membership::default()
        };
        let member = shop.member(&may).await;
        let before = shop.fingerprint().await;
        let elsewhere = member.clone().in_store("linden-us");
        assert_eq!(elsewhere.query(UPDATE, json!({ "input": { "name": "X" } })).await.code(), "FORBIDDEN");
        assert_eq!(delete(&member, &shop.store_in_us().to_string()).await.code(), "FORBIDDEN");
        shop.assert_unchanged(&before).await;
        // The store that they open themselves they reach.
        let input = json!({ "name": "Shop", "handle": "linden-own", "currency": "EUR", "locale": "en" });
        create(&shop, &member, input).await.ok();
        member.in_store("linden-own").query(UPDATE, json!({ "input": { "name": "Own" } })).await.ok();
    }

    async fn attack_t26_nothing_of_a_deleted_store_leads_to_the_next_of_its_name(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner().nowhere();
        let old = shop.linden.store().to_string();
        let token = shop.token([Permission::ProductsRead]).await.nowhere();
        let storefront = shop.storefront_token().nowhere();
        let brand = shop.brand("Acme").await;
        token.query("{ store { id } }", json!({})).await.ok();

        let before = shop.ledger().await;
        delete(&owner, &old).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit.len(), told.events), (2, vec!["store.deleted".to_owned()]));
        assert_eq!(delete(&owner, &old).await.code(), "NOT_FOUND");
        let input = json!({ "name": "Linden", "handle": "linden", "currency": "EUR", "locale": "en" });
        let new = create(&shop, &owner, input).await.ok().text("storeCreate.store.id").to_owned();
        assert_ne!(new, old);

        for dead in [&token, &storefront] {
            assert_eq!(dead.query("{ store { id } }", json!({})).await.code(), "UNAUTHENTICATED");
            let into_new = dead.clone().in_store("linden");
            assert_eq!(into_new.query("{ store { id } }", json!({})).await.code(), "UNAUTHENTICATED");
        }
        assert_eq!(owner.clone().in_store(&old).query("{ store { id } }", json!({})).await.code(), "NOT_FOUND");
        let answer = shop.owner().query("query($id: ID!) { store { id } brand(id: $id) { id } }", json!({ "id": brand })).await.ok();
        assert_eq!(answer.text("store.id"), new);
        assert_eq!(answer.data("brand"), &Value::Null, "the things of the old store are not in the new");
        assert_eq!(shop.number("SELECT COUNT(*) FROM store_domains WHERE host = 'linden.example'").await, 0);
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(shop.owner().query(node, json!({ "id": old })).await.ok().data("node"), &Value::Null);
    }
}

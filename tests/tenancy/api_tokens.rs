//! Stories of the tokens of stores.

use chrono::TimeDelta;
use rules::permission::Permission;
use serde_json::Value;

use super::{membership_of, remove, role, update};
use crate::harness::world::Membership;
use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) {
    apiToken { id kind name prefix lastFour scopes allowedNetworks expiresAt lastUsedAt } secret
    userErrors { code field message } } }";
const REVOKE: &str = "mutation($id: ID!) { apiTokenRevoke(id: $id) { apiToken { revokedAt } userErrors { code } } }";
const MAY: &str = "{ viewer { permissions } }";

async fn create(who: &Actor, input: Value) -> Answer {
    who.query(CREATE, json!({ "input": input })).await
}

fn feed(scopes: &[&str]) -> Value {
    json!({ "name": "Feed", "kind": "API", "scopes": scopes })
}

/// A caller with the secret that was just given out.
fn caller(shop: &Shop, answer: &Answer) -> Actor {
    shop.anonymous().nowhere().with_secret(answer.text("apiTokenCreate.secret"))
}

both! {
    async fn rule_a2_a_token_is_shown_once_and_known_by_its_ends(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.ledger().await;
        let answer = create(&shop.owner(), feed(&["PRODUCTS_READ"])).await.ok();
        let secret = answer.text("apiTokenCreate.secret").to_owned();
        assert!(secret.starts_with(answer.text("apiTokenCreate.apiToken.prefix")));
        assert!(secret.ends_with(answer.text("apiTokenCreate.apiToken.lastFour")));
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["api_token.create".to_owned()], vec!["api_token.created".to_owned()]));
        let list = "{ apiTokens { nodes { id name prefix lastFour scopes createdBy { name } } } }";
        let listed = shop.owner().query(list, json!({})).await.ok();
        assert_eq!(listed.text("apiTokens.nodes.0.createdBy.name"), "Owner");
        assert!(!listed.body.to_string().contains(&secret[9..40]));
        let like = format!("'%{}%'", &secret[9..40]);
        for (table, column) in [("domain_events", "payload"), ("audit_logs", "after")] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE CAST({column} AS TEXT) LIKE {like}");
            assert_eq!(shop.number(&sql).await, 0, "{table}");
        }
        let token = caller(&shop, &answer);
        assert_eq!(token.query(MAY, json!({})).await.ok().data("viewer.permissions"), &json!(["PRODUCTS_READ"]));
    }

    async fn rule_a2_a_token_is_cut_to_what_its_maker_holds_now(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let maker = shop.staff(role("ADMINISTRATOR")).await;
        let id = membership_of(&shop, &maker).await;
        let token = caller(&shop, &create(&maker, feed(&["PRODUCTS_READ", "PRICES_READ"])).await.ok());
        let may = async || token.query(MAY, json!({})).await.ok().data("viewer.permissions").clone();
        assert_eq!(may().await, json!(["PRODUCTS_READ", "PRICES_READ"]));
        update(&owner, &id, json!({ "denies": ["PRICES_READ"] })).await.ok();
        assert_eq!(may().await, json!(["PRODUCTS_READ"]));
        update(&owner, &id, json!({ "denies": [], "storeIds": [shop.store_in_us().to_string()] })).await.ok();
        assert_eq!(may().await, json!([]), "its store is out of the maker's reach");
        update(&owner, &id, json!({ "allStores": true })).await.ok();
        assert_eq!(may().await, json!(["PRODUCTS_READ", "PRICES_READ"]));
        remove(&owner, &id).await.ok();
        assert_eq!(may().await, json!([]));
    }

    async fn rule_a2_a_revoked_token_is_dead_at_once_on_every_node(db: Database) {
        let shop = Shop::open(db).await;
        let answer = create(&shop.owner(), feed(&["PRODUCTS_READ"])).await.ok();
        let (token, node) = (caller(&shop, &answer), shop.second_node().await);
        let there = shop.on(&node, &token);
        token.query(MAY, json!({})).await.ok();
        there.query(MAY, json!({})).await.ok();
        let id = answer.text("apiTokenCreate.apiToken.id");
        shop.owner().query(REVOKE, json!({ "id": id })).await.ok();
        for dead in [&token, &there] {
            assert_eq!(dead.query(MAY, json!({})).await.code(), "UNAUTHENTICATED");
        }
        assert_eq!(shop.owner().query(REVOKE, json!({ "id": id })).await.user_error("apiTokenRevoke"), "NOT_ALLOWED");
        assert_eq!(shop.rival().query(REVOKE, json!({ "id": id })).await.code(), "NOT_FOUND");
        let all = shop.owner().query("{ apiTokens(includeRevoked: true) { totalCount } }", json!({})).await.ok();
        assert_eq!(all.number("apiTokens.totalCount"), 2);
    }

    async fn attack_n18_a_token_ends_in_time_and_works_from_its_networks(db: Database) {
        let shop = Shop::open(db).await;
        let mut input = feed(&["PRODUCTS_READ"]);
        input["expiresAt"] = json!("2026-03-01T13:00:00Z");
        let brief = caller(&shop, &create(&shop.owner(), input.clone()).await.ok());
        brief.query(MAY, json!({})).await.ok();
        input["expiresAt"] = json!("2026-03-01T11:00:00Z");
        let past = create(&shop.owner(), input).await;
        assert_eq!(past.user_error("apiTokenCreate"), "OUT_OF_RANGE expiresAt");

        let mut input = feed(&["PRODUCTS_READ"]);
        input["allowedNetworks"] = json!(["203.0.113.7/24"]);
        let answer = create(&shop.owner(), input.clone()).await.ok();
        assert_eq!(answer.data("apiTokenCreate.apiToken.allowedNetworks"), &json!(["203.0.113.0/24"]));
        assert_eq!(caller(&shop, &answer).query(MAY, json!({})).await.code(), "UNAUTHENTICATED");
        input["allowedNetworks"] = json!(["127.0.0.0/8"]);
        let near = caller(&shop, &create(&shop.owner(), input).await.ok());
        near.query(MAY, json!({})).await.ok();

        shop.wait(TimeDelta::hours(1));
        let (expired, never) = (brief.query(MAY, json!({})).await, brief.with_secret("stoa_pat_x").query(MAY, json!({})).await);
        assert_eq!(expired.code(), "UNAUTHENTICATED");
        assert_eq!(expired.refusal(), never.refusal(), "no detail");
    }

    async fn attack_t14_a_token_has_no_more_than_its_maker(db: Database) {
        let shop = Shop::open(db).await;
        let maker = shop.staff([Permission::ApiTokensManage, Permission::ProductsRead]).await;
        let elsewhere = Membership {
            permissions: role("ADMINISTRATOR"),
            stores: Some(vec![shop.store_in_us()]),
            ..Membership::default()
        };
        let elsewhere = shop.member(&elsewhere).await;
        let more = create(&maker, feed(&["PRODUCTS_READ", "PRICES_MANAGE"])).await;
        assert_eq!(more.user_error("apiTokenCreate"), "PERMISSION_NOT_HELD scopes");
        let organization = create(&shop.owner(), feed(&["PRODUCTS_READ", "MEMBERS_MANAGE"])).await;
        assert_eq!(organization.user_error("apiTokenCreate"), "NOT_ALLOWED scopes.1");
        assert_eq!(create(&elsewhere, feed(&["PRODUCTS_READ"])).await.code(), "FORBIDDEN", "out of reach");
        // A token makes no tokens: they would live on after it.
        let token = shop.token([Permission::ApiTokensManage, Permission::ProductsRead]).await;
        let of_token = create(&token, feed(&["PRODUCTS_READ"])).await;
        assert_eq!(of_token.code(), "FORBIDDEN");
        assert_eq!(shop.number("SELECT COUNT(*) FROM api_tokens WHERE name = 'Feed'").await, 0);
        create(&maker, feed(&["PRODUCTS_READ"])).await.ok();
    }

    async fn attack_t13_scopes_are_never_all_by_leaving_them_out(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let before = shop.fingerprint().await;
        let omitted = create(&owner, json!({ "name": "Feed", "kind": "API" })).await;
        assert_eq!(omitted.user_error("apiTokenCreate"), "REQUIRED scopes");
        let empty = create(&owner, feed(&[])).await;
        assert_eq!(empty.user_error("apiTokenCreate"), "REQUIRED scopes");
        let null = create(&owner, json!({ "name": "Feed", "kind": "API", "scopes": null })).await;
        assert!(!null.is_ok() && null.status < 500, "{null}");
        let twice = create(&owner, feed(&["PRODUCTS_READ", "PRODUCTS_READ"])).await;
        assert_eq!(twice.user_error("apiTokenCreate"), "DUPLICATE scopes.1");
        let storefront = json!({ "name": "Front", "kind": "STOREFRONT", "scopes": ["PRODUCTS_READ"] });
        assert_eq!(create(&owner, storefront).await.user_error("apiTokenCreate"), "NOT_ALLOWED scopes");
        shop.assert_unchanged(&before).await;

        let front = create(&owner, json!({ "name": "Front", "kind": "STOREFRONT" })).await.ok();
        let front = caller(&shop, &front);
        assert_eq!(front.query(MAY, json!({})).await.ok().data("viewer.permissions"), &json!([]));
    }

    async fn attack_t16_tokens_are_listed_to_their_own_store_alone(db: Database) {
        let shop = Shop::open(db).await;
        let mine = shop.api_token().await;
        let list = "{ apiTokens { nodes { id } } }";
        for blind in [shop.rival(), shop.owner().in_store("linden-us")] {
            assert!(!blind.query(list, json!({})).await.ok().body.to_string().contains(&mine.id));
        }
        assert_eq!(shop.rival().in_store("linden").query(list, json!({})).await.code(), "FORBIDDEN");
        assert_eq!(shop.storefront_token().query(list, json!({})).await.code(), "FORBIDDEN");
        assert_eq!(shop.powerless().await.query(list, json!({})).await.code(), "FORBIDDEN");
    }
}

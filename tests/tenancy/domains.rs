//! Stories of domains.

use rules::permission::Permission;

use crate::harness::{Actor, Answer, Shop, json};

const ADD: &str = "mutation($input: StoreDomainAddInput!) { storeDomainAdd(input: $input) {
    storeDomain { id host isPrimary } userErrors { code field message } } }";
const REMOVE: &str = "mutation($id: ID!) { storeDomainRemove(id: $id) { removedStoreDomainId userErrors { code } } }";

async fn add(who: &Actor, host: &str) -> Answer {
    who.query(ADD, json!({ "input": { "host": host } })).await
}

both! {
    async fn a_host_leads_to_its_store(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let before = shop.ledger().await;
        let input = json!({ "host": " Shop.MÜNCHEN.example. ", "isPrimary": true });
        let answer = owner.query(ADD, json!({ "input": input })).await.ok();
        assert_eq!(answer.text("storeDomainAdd.storeDomain.host"), "shop.xn--mnchen-3ya.example");
        let answer2 = owner.query("{ store { domains { host isPrimary } } }", json!({})).await.ok();
        let primary = json!([
            { "host": "linden.example", "isPrimary": false },
            { "host": "shop.xn--mnchen-3ya.example", "isPrimary": true },
        ]);
        assert_eq!(answer2.data("store.domains"), &primary, "one of them is the primary one");

        let visitor = shop.anonymous().nowhere().with_header("host", "shop.xn--mnchen-3ya.example");
        assert_eq!(visitor.query("{ store { handle } }", json!({})).await.ok().text("store.handle"), "linden");
        let id = answer.text("storeDomainAdd.storeDomain.id");
        owner.query(REMOVE, json!({ "id": id })).await.ok();
        assert_eq!(owner.query(REMOVE, json!({ "id": id })).await.code(), "NOT_FOUND");
        assert_eq!(visitor.query("{ store { handle } }", json!({})).await.code(), "STORE_REQUIRED");
        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, ["store_domain.add", "store_domain.remove"]);
        assert_eq!(told.events, ["store_domain.added", "store_domain.removed"]);
    }

    async fn attack_t20_a_host_is_taken_in_the_same_words_whosever_it_is(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let before = shop.fingerprint().await;
        let (own, rivals) = (add(&owner, "linden.example").await, add(&owner, "RIVAL.example.").await);
        assert_eq!(own.user_error("storeDomainAdd"), "TAKEN host");
        assert_eq!(own.body, rivals.body);
        for wrong in ["localhost", "127.0.0.1", "https://a.example", "a.example:80", ""] {
            assert_eq!(add(&owner, wrong).await.user_error("storeDomainAdd"), "INVALID host", "{wrong}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t25_header_host_and_token_name_one_store_or_none(db: Database) {
        let shop = Shop::open(db).await;
        let ask = "{ store { handle } }";
        let token = shop.token([Permission::ProductsRead]).await;
        for (who, code) in [
            (token.clone().in_store("linden-us"), "STORE_MISMATCH"),
            (token.clone().in_store("rival"), "STORE_MISMATCH"),
            (token.clone().nowhere().with_header("host", "rival.example"), "STORE_MISMATCH"),
            (shop.anonymous().with_header("host", "rival.example"), "STORE_MISMATCH"),
            (shop.owner().with_header("host", "linden-us.example"), "STORE_MISMATCH"),
        ] {
            assert_eq!(who.query(ask, json!({})).await.code(), code);
        }
        // The host in any spelling is the same host.
        for host in ["linden.example", "LINDEN.example", "linden.example.", "linden.example:8080"] {
            let visitor = shop.anonymous().nowhere().with_header("host", host);
            assert_eq!(visitor.query(ask, json!({})).await.ok().text("store.handle"), "linden", "{host}");
            assert_eq!(token.clone().with_header("host", host).query(ask, json!({})).await.ok().text("store.handle"), "linden");
        }
    }
}

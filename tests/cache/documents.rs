//! Stores whose visitors send registered documents only.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{is_remembered, remember};
use crate::harness::tenancy::trusted_document;
use crate::harness::{Actor, Answer, Shop, json};

const HOME: &str = "query Home { store { name } }";
const OTHER: &str = "query Other { store { handle } }";
const HELD: &str = "TRUSTED_ON_STOREFRONTS";

async fn hold(shop: &Shop, policy: &str) {
    let document = "mutation($policy: DocumentPolicy!) { storeUpdate(input: { documentPolicy: $policy }) \
        { store { documentPolicy } userErrors { code } } }";
    shop.owner().query(document, json!({ "policy": policy })).await.ok();
}

async fn forget(shop: &Shop, id: &str) {
    let document = "mutation($ids: [ID!]!) { trustedDocumentsDelete(ids: $ids) { userErrors { code } } }";
    shop.owner().query(document, json!({ "ids": [id] })).await.ok();
}

async fn ask(who: &Actor, text: &str) -> Answer {
    who.query(text, json!({})).await
}

fn hash(text: &str) -> Value {
    hex::encode(Sha256::digest(text)).into()
}

#[track_caller]
fn assert_required(answer: &Answer) {
    assert_eq!((answer.status, answer.code()), (400, "TRUSTED_DOCUMENT_REQUIRED"), "{answer}");
    assert!(answer.body.get("data").is_none());
}

both! {
    async fn attack_g24_what_is_remembered_is_told_to_those_only_who_may_send_it(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let visitor = shop.anonymous();
        let home = trusted_document(&shop.owner(), HOME).await;
        for document in [HOME, OTHER] {
            remember(&visitor, document, &json!({})).await;
        }
        let tag = visitor.get(&[("query", OTHER)]).send().await.expect("an answer").headers()["etag"].clone();

        // The policy acts on the next request, whichever way the document is sent.
        hold(&shop, HELD).await;
        for _ in 0..2 {
            assert_required(&ask(&visitor, OTHER).await);
            assert_required(&visitor.send(json!({ "documentId": hash(OTHER) })).await);
            let by_get = visitor.get(&[("query", OTHER)]).header("if-none-match", tag.clone());
            assert_eq!(by_get.send().await.expect("an answer").status(), 400, "and never 304");
        }
        remember(&visitor, HOME, &json!({})).await;
        assert!(is_remembered(&visitor.send(json!({ "documentId": hash(HOME) })).await.ok()));
        // Another text for the same is another document, and what other stores let through is theirs.
        assert_required(&ask(&visitor, "query Home  { store { name } }").await);
        remember(&visitor.clone().in_store("rival"), OTHER, &json!({})).await;
        assert_required(&ask(&visitor, OTHER).await);

        // So does registering one, and taking it back.
        let other = trusted_document(&shop.owner(), OTHER).await;
        remember(&visitor, OTHER, &json!({})).await;
        for (id, document) in [(other, OTHER), (home, HOME)] {
            forget(&shop, &id).await;
            assert_required(&ask(&visitor, document).await);
        }
        hold(&shop, "ANY").await;
        for document in [HOME, OTHER] {
            remember(&visitor, document, &json!({})).await;
        }
    }

    async fn fault_f12_the_other_node_holds_visitors_to_the_documents_of_now(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mut other = shop.second_node().await;
        let there = shop.on(&other, &shop.anonymous());
        let home = trusted_document(&shop.owner(), HOME).await;
        other.system.signals.until_caught_up().await;
        for document in [HOME, OTHER] {
            remember(&there, document, &json!({})).await;
        }
        hold(&shop, HELD).await;
        other.system.signals.until_caught_up().await;
        assert_required(&ask(&there, OTHER).await);
        remember(&there, HOME, &json!({})).await;
        forget(&shop, &home).await;
        other.system.signals.until_caught_up().await;
        assert_required(&ask(&there, HOME).await);
        other.stop().await;
    }
}

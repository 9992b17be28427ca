//! Stories of documents that stores have registered, and of those who may send nothing else.

use rules::permission::Permission;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::harness::tenancy::trusted_document;
use crate::harness::world::Membership;
use crate::harness::{Actor, Answer, Shop, json};

const REGISTER: &str = "mutation($documents: [TrustedDocumentInput!]!) { \
    trustedDocumentsRegister(input: { documents: $documents }) { \
        trustedDocuments { id name sha256Hash text } userErrors { code field message } } }";
const DELETE: &str = "mutation($ids: [ID!]!) { trustedDocumentsDelete(ids: $ids) \
    { deletedTrustedDocumentIds userErrors { code field } } }";
const POLICY: &str = "mutation($policy: DocumentPolicy!) { storeUpdate(input: { documentPolicy: $policy }) \
    { store { documentPolicy } userErrors { code field } } }";

/// What the storefront of Linden sends.
const HOME: &str = "query Home { store { name } }";
/// What it doesn't.
const OTHER: &str = "query Other { store { handle } }";

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

async fn register(who: &Actor, documents: Value) -> Answer {
    who.query(REGISTER, json!({ "documents": documents })).await
}

async fn hold(shop: &Shop, policy: &str) {
    shop.owner().query(POLICY, json!({ "policy": policy })).await.ok();
}

/// Sends the text alone.
async fn text(who: &Actor, text: &str) -> Answer {
    who.query(text, json!({})).await
}

/// Sends the hash alone, as `documentId`.
async fn id(who: &Actor, text: &str) -> Answer {
    who.send(json!({ "documentId": format!("sha256:{}", hash(text)) })).await
}

/// Sends the hash as a persisted query, with or without the text.
async fn persisted(who: &Actor, text: &str, with_text: bool) -> Answer {
    let mut body = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash(text) } } });
    if with_text {
        body["query"] = json!(text);
    }
    who.send(body).await
}

#[track_caller]
fn assert_required(answer: &Answer) {
    assert_eq!((answer.status, answer.code()), (400, "TRUSTED_DOCUMENT_REQUIRED"), "{answer}");
    assert!(answer.body.get("data").is_none());
}

both! {
    async fn documents_are_registered_once_and_run_by_their_hash(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([Permission::TrustedDocumentsManage, Permission::TrustedDocumentsRead]).await;
        let before = shop.ledger().await;
        let documents = json!([{ "text": HOME, "name": "Home", "sha256Hash": hash(HOME).to_uppercase() }, { "text": OTHER }]);
        let answer = register(&staff, documents.clone()).await.ok();
        let first = answer.data("trustedDocumentsRegister.trustedDocuments.0").clone();
        assert_eq!((&first["name"], &first["text"], &first["sha256Hash"]), (&json!("Home"), &json!(HOME), &json!(hash(HOME))));
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["trusted_documents.register".to_owned()], vec!["trusted_documents.registered".to_owned()]));

        // A deployment sends all of them each time: what is there stays, in the order of the input.
        let before = shop.fingerprint().await;
        let again = register(&staff, documents).await.ok();
        assert_eq!(again.data("trustedDocumentsRegister"), answer.data("trustedDocumentsRegister"));
        shop.assert_unchanged(&before).await;
        let list = "{ trustedDocuments { totalCount nodes { sha256Hash } } }";
        assert_eq!(staff.query(list, json!({})).await.ok().number("trustedDocuments.totalCount"), 2);

        // A node that has never seen the text has it from the store; with it comes the statement of the caller.
        let mut second = shop.second_node().await;
        let there = shop.on(&second, &shop.anonymous());
        let by_hash = id(&there, HOME).await.ok();
        assert_eq!(by_hash.text("store.name"), "Linden");
        assert_eq!(by_hash.statements(), id(&there, HOME).await.ok().statements());
        assert_eq!(persisted(&there, OTHER, false).await.ok().text("store.handle"), "linden");
        let address = format!("{}/graphql?documentId={}", shop.url(), hash(HOME));
        let got = shop.client().get(address).header("x-store", "linden").send().await.expect("an answer");
        assert_eq!(got.status(), 200);
        // Whose store has not registered it, and who sends it first, has to send the text.
        let rival = shop.on(&second, &shop.rival());
        assert_eq!(id(&rival, "query Never { store { id } }").await.code(), "PERSISTED_QUERY_NOT_FOUND");
        second.stop().await;
    }

    async fn what_could_not_run_is_not_registered(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let before = shop.fingerprint().await;
        let bomb: String = (0..30).map(|n| format!(" fragment f{n} on Query {{ ...f{} ...f{} }}", n + 1, n + 1)).collect();
        let bomb = format!("{{ ...f0 }}{bomb} fragment f30 on Query {{ store {{ id }} }}");
        for (document, problem) in [
            (json!({ "text": "{ store { id }" }), "INVALID documents.1.text"),
            (json!({ "text": "{ store { nothing } }" }), "INVALID documents.1.text"),
            (json!({ "text": "query($a: Int) { store { id } }" }), "INVALID documents.1.text"),
            (json!({ "text": "{ store { id @include } }" }), "INVALID documents.1.text"),
            (json!({ "text": "subscription { nothing }" }), "INVALID documents.1.text"),
            (json!({ "text": "mutation { storeUpdate { store { id } } }" }), "INVALID documents.1.text"),
            (json!({ "text": bomb }), "INVALID documents.1.text"),
            (json!({ "text": "" }), "INVALID documents.1.text"),
            (json!({ "text": HOME }), "DUPLICATE documents.1.text"),
            (json!({ "text": OTHER, "sha256Hash": hash(HOME) }), "INVALID documents.1.sha256Hash"),
            (json!({ "text": OTHER, "name": "x".repeat(201) }), "TOO_LONG documents.1.name"),
        ] {
            let answer = register(&owner, json!([{ "text": HOME }, document])).await;
            assert_eq!(answer.user_error("trustedDocumentsRegister"), problem, "{document} {answer}");
        }
        let many: Vec<Value> = (0..101).map(|n| json!({ "text": format!("{{ store {{ id }} }} # {n}") })).collect();
        assert_eq!(register(&owner, json!(many)).await.user_error("trustedDocumentsRegister"), "TOO_LONG documents");
        assert_eq!(register(&owner, json!([])).await.user_error("trustedDocumentsRegister"), "REQUIRED documents");
        shop.assert_unchanged(&before).await;
        // Nothing of a document runs while it is judged, and what a caller may not ask for may be registered.
        let write = "mutation Write { brandCreate(input: { name: \"Oak\" }) { brand { id } } } query Read { apiTokens { totalCount } }";
        register(&owner, json!([{ "text": write }])).await.ok();
        assert_eq!(shop.number("SELECT COUNT(*) FROM brands").await, 0);
    }

    async fn attack_g24_a_storefront_that_is_held_sends_registered_documents_and_nothing_else(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let refused = owner.query(POLICY, json!({ "policy": "TRUSTED_ON_STOREFRONTS" })).await;
        assert_eq!(refused.user_error("storeUpdate"), "NOT_ALLOWED documentPolicy", "nothing could be sent");
        trusted_document(&owner, HOME).await;
        trusted_document(&shop.rival(), OTHER).await;
        let stranger = shop.stranger().await;
        let storefronts = [shop.anonymous(), shop.storefront_token(), stranger, shop.rival().in_store("linden")];
        // Before, each of them sends what it likes; and all nodes know the text.
        for who in &storefronts {
            persisted(who, OTHER, true).await.ok();
        }
        hold(&shop, "TRUSTED_ON_STOREFRONTS").await;
        for who in &storefronts {
            for answer in [text(who, HOME).await, id(who, HOME).await, persisted(who, HOME, false).await, persisted(who, HOME, true).await] {
                assert_eq!(answer.ok().text("store.name"), "Linden");
            }
            // The same to a blank is another; one that another store has registered is none of this one's.
            for answer in [
                text(who, "query Home  { store { name } }").await,
                text(who, OTHER).await,
                id(who, OTHER).await,
                persisted(who, OTHER, false).await,
                persisted(who, OTHER, true).await,
                text(who, "{ __typename }").await,
                text(who, "{ __schema { types { name } } }").await,
                id(who, "query Never { store { id } }").await,
                persisted(who, "query Never { store { id } }", true).await,
            ] {
                assert_required(&answer);
            }
        }
        // What was refused was not learnt on the way.
        let never = "query Never { store { id } }";
        assert_required(&persisted(&shop.anonymous(), never, false).await);
        // A hash with another document's text is caught before anything else.
        let body = json!({ "query": OTHER, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash(HOME) } } });
        assert_eq!(shop.anonymous().send(body).await.code(), "BAD_REQUEST");

        // Who works for the store, or is trusted with a secret token, is not held; nor are other stores.
        text(&owner, OTHER).await.ok();
        text(&shop.powerless().await, OTHER).await.ok();
        text(&shop.token([Permission::ProductsRead]).await, OTHER).await.ok();
        text(&shop.anonymous().in_store("linden-us"), OTHER).await.ok();
        text(&shop.anonymous().in_store("rival"), OTHER).await.ok();
        // A member who does not reach the store is a stranger there.
        let elsewhere = Membership { stores: Some(vec![shop.store_in_us()]), ..Membership::default() };
        assert_required(&text(&shop.member(&elsewhere).await, OTHER).await);
        // What is about no store is no store's.
        text(&shop.anonymous().nowhere(), "{ __typename }").await.ok();

        hold(&shop, "ANY").await;
        text(&shop.anonymous(), OTHER).await.ok();
    }

    async fn tokens_can_be_held_too_but_for_those_that_register(db: Database) {
        let shop = Shop::open(db).await;
        trusted_document(&shop.owner(), HOME).await;
        hold(&shop, "TRUSTED_ON_STOREFRONTS_AND_TOKENS").await;
        let token = shop.token([Permission::ProductsRead]).await;
        text(&token, HOME).await.ok();
        assert_required(&text(&token, OTHER).await);
        assert_required(&text(&shop.anonymous(), OTHER).await);
        let deploying = shop.token([Permission::TrustedDocumentsManage]).await;
        register(&deploying, json!([{ "text": OTHER }])).await.ok();
        text(&token, OTHER).await.ok();
        text(&shop.powerless().await, "{ __typename }").await.ok();
    }

    async fn what_is_deleted_stops_at_the_next_request_on_every_node(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (home, other) = (trusted_document(&owner, HOME).await, trusted_document(&owner, OTHER).await);
        hold(&shop, "TRUSTED_ON_STOREFRONTS").await;
        let mut second = shop.second_node().await;
        let visitors = [shop.anonymous(), shop.on(&second, &shop.anonymous())];
        for who in &visitors {
            for document in [HOME, OTHER] {
                id(who, document).await.ok();
            }
        }
        let before = shop.ledger().await;
        owner.query(DELETE, json!({ "ids": [home] })).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["trusted_documents.delete".to_owned()], vec!["trusted_documents.deleted".to_owned()]));
        for who in &visitors {
            assert_required(&id(who, HOME).await);
            assert_required(&text(who, HOME).await);
            id(who, OTHER).await.ok();
        }
        // Back again, it works at once.
        trusted_document(&owner, HOME).await;
        for who in &visitors {
            id(who, HOME).await.ok();
        }
        // All or none: an unknown one, a rival's, one named twice.
        let before = shop.fingerprint().await;
        let foreign = trusted_document(&shop.rival(), HOME).await;
        let before_rival = before.changed(&shop.fingerprint().await);
        assert!(before_rival.contains(&"trusted_documents".to_owned()));
        let before = shop.fingerprint().await;
        for (ids, problem) in [
            (json!([other, foreign]), "NOT_FOUND ids.1"),
            (json!([other, home]), "NOT_FOUND ids.1"),
            (json!([other, other]), "DUPLICATE ids.1"),
            (json!([]), "REQUIRED ids"),
        ] {
            assert_eq!(owner.query(DELETE, json!({ "ids": ids })).await.user_error("trustedDocumentsDelete"), problem);
        }
        shop.assert_unchanged(&before).await;
        second.stop().await;
    }

    async fn two_deployments_at_once_register_each_document_once(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let documents: Vec<Value> = (0..20).map(|n| json!({ "text": format!("{{ store {{ id }} }} # {n}") })).collect();
        let asking = (0..6).map(|_| register(&owner, json!(documents)));
        let answers = futures::future::join_all(asking).await;
        let ids: Vec<Vec<String>> = answers
            .into_iter()
            .map(|answer| answer.ok().texts("trustedDocumentsRegister.trustedDocuments", "id").into_iter().map(str::to_owned).collect())
            .collect();
        assert!(ids.iter().all(|one| *one == ids[0] && one.len() == 20));
        assert_eq!(shop.number("SELECT COUNT(*) FROM trusted_documents").await, 20);
    }
}

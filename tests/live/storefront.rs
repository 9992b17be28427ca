//! What storefronts may hear.

use std::time::Duration;

use super::*;

const SHOWN: &str = "subscription($ids: [ID!]!) { publishedProductChanged(ids: $ids) { productId product { title } } }";

async fn publish(shop: &Shop, product: &str, verb: &str) {
    let document = format!("mutation($id: ID!) {{ {verb}(id: $id) {{ userErrors {{ message }} }} }}");
    shop.owner().query(&document, json!({ "id": product })).await.ok();
}

both! {
    async fn a_storefront_that_is_held_to_documents_listens_by_them_and_as_long_as_they_stand(db: Database) {
        let shop = Shop::open_with(db, |config| config.recheck = Duration::from_millis(50)).await;
        let owner = shop.owner();
        let mug = crate::pricing::Stock::of_linden(&shop, 1).await;
        let register = "mutation($text: String!) { trustedDocumentsRegister(input: { documents: [{ name: \"Shown\", text: $text }] }) \
            { trustedDocuments { id sha256Hash } userErrors { message } } }";
        let registered = owner.query(register, json!({ "text": SHOWN })).await.ok();
        let policy = "mutation { storeUpdate(input: { documentPolicy: TRUSTED_ON_STOREFRONTS }) { userErrors { code } } }";
        owner.query(policy, json!({})).await.ok();

        let storefront = shop.anonymous();
        let other = SHOWN.replace("title", "slug");
        let variables = json!({ "ids": [mug.product] });
        assert_eq!(storefront.listen(&other, variables.clone()).await.ended().await, "TRUSTED_DOCUMENT_REQUIRED");
        let mut by_text = storefront.listen(SHOWN, variables.clone()).await;
        let hash = registered.text("trustedDocumentsRegister.trustedDocuments.0.sha256Hash");
        let mut by_hash = storefront.socket().await;
        let payload = json!({ "documentId": format!("sha256:{hash}"), "variables": variables });
        by_hash.send(json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
        until_heard_by(&shop, 2).await;
        retitle(&owner, &mug.product, "Elm").await.ok();
        let shown = json!({ "productId": mug.product, "product": { "title": "Elm" } });
        assert_eq!(by_text.data().await["publishedProductChanged"], shown);
        assert_eq!(by_hash.next().await["payload"]["data"]["publishedProductChanged"], shown);

        let delete = "mutation($ids: [ID!]!) { trustedDocumentsDelete(ids: $ids) { userErrors { code } } }";
        let id = registered.text("trustedDocumentsRegister.trustedDocuments.0.id");
        owner.query(delete, json!({ "ids": [id] })).await.ok();
        assert_eq!(by_text.ended().await, "TRUSTED_DOCUMENT_REQUIRED");
        assert_eq!(code(&by_hash.next().await["payload"]), "TRUSTED_DOCUMENT_REQUIRED");
    }

    async fn a_storefront_hears_what_changes_of_what_it_shows(db: Database) {
        let shop = Shop::open(db).await;
        let mug = crate::pricing::Stock::of_linden(&shop, 1).await;
        for storefront in [shop.anonymous(), shop.storefront_token()] {
            let document = "subscription($ids: [ID!]!) { publishedProductChanged(ids: $ids) { \
                productId product { title priceRange { min { amount } } } } }";
            let mut events = storefront.listen(document, json!({ "ids": [mug.product] })).await;
            let word = shop.word();
            retitle(&shop.owner(), &mug.product, &word).await.ok();
            assert_eq!(events.data().await["publishedProductChanged"]["product"]["title"], *word);
            mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "8" }])).await.ok();
            let event = events.data().await["publishedProductChanged"].take();
            assert_eq!(event["product"]["priceRange"]["min"]["amount"], "8.00");
            mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "9" }])).await.ok();
            let event = events.data().await["publishedProductChanged"].take();
            assert_eq!(event["product"]["priceRange"]["min"]["amount"], "9.00");
        }
    }

    async fn a_storefront_hears_nothing_of_what_it_never_showed(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let draft = shop.product(&owner, json!({ "status": "DRAFT", "publishedAt": null })).await.id;
        let shown = shop.product(&owner, json!({})).await.id;
        let mut events = shop.anonymous().listen(SHOWN, json!({ "ids": [draft, shown] })).await;
        // It is written, published, and gone again before the other one changes.
        retitle(&owner, &draft, "Secret").await.ok();
        retitle(&owner, &shown, "Open").await.ok();
        assert_eq!(events.data().await["publishedProductChanged"]["productId"], *shown, "the draft was passed over");
        publish(&shop, &draft, "productPublish").await;
        let event = events.data().await["publishedProductChanged"].take();
        assert_eq!(event, json!({ "productId": draft, "product": { "title": "Secret" } }), "now it is shown");
        for (product, verb) in [(&draft, "productUnpublish"), (&shown, "productDelete")] {
            publish(&shop, product, verb).await;
            let event = events.data().await["publishedProductChanged"].take();
            assert_eq!(event, json!({ "productId": product, "product": null }), "it was shown, and is gone");
        }
        // Of what is gone nothing more is told, as of what never was.
        retitle(&owner, &draft, "Secret again").await.ok();
        publish(&shop, &draft, "productPublish").await;
        let event = events.data().await["publishedProductChanged"].take();
        assert_eq!(event["product"]["title"], "Secret again");
    }
}

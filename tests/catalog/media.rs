//! Stories of pictures and films.

use crate::harness::{Shop, json};
use serde_json::Value;

const CREATE: &str =
    "mutation($id: ID!, $media: [ProductMediaInput!]!) { productMediaCreate(productId: $id, media: $media) {
    media { id url alt position kind } userErrors { code field message } } }";

/// A product with one picture, which shows its variant.
async fn mug(shop: &Shop) -> Value {
    let create = "mutation($input: ProductCreateInput!) { productCreate(input: $input) { product { id media { id } } userErrors { code field } } }";
    let input = json!({
        "title": "Mug",
        "media": [{ "url": "https://cdn.example/a.jpg" }],
        "variants": [{ "mediaUrl": "https://cdn.example/a.jpg" }],
    });
    shop.owner().query(create, json!({ "input": input })).await.ok().data("productCreate.product").clone()
}

both! {
    async fn media_are_added_changed_ordered_and_taken_away(db: Database) {
        let shop = Shop::open(db).await;
        let product = mug(&shop).await;
        let (owner, before) = (shop.owner(), shop.ledger().await);
        let first = &product["media"][0]["id"];
        let media = json!([{ "url": "https://cdn.example/b.mp4", "kind": "VIDEO", "width": 640, "height": 480 }]);
        let answer = owner.query(CREATE, json!({ "id": product["id"], "media": media })).await.ok();
        let film = answer.data("productMediaCreate.media")[0].clone();
        assert_eq!((&film["position"], &film["kind"]), (&json!(1), &json!("VIDEO")));

        let reorder = "mutation($id: ID!, $ids: [ID!]!) { productMediaReorder(productId: $id, mediaIds: $ids) { product { media { id } } userErrors { code field } } }";
        let answer = owner.query(reorder, json!({ "id": product["id"], "ids": [first] })).await;
        assert_eq!(answer.user_error("productMediaReorder"), "REQUIRED mediaIds");
        let answer = owner.query(reorder, json!({ "id": product["id"], "ids": [film["id"], first] })).await.ok();
        assert_eq!(answer.data("productMediaReorder.product.media")[0]["id"], film["id"]);

        let update = "mutation($id: ID!) { productMediaUpdate(id: $id, input: { alt: \"A mug\", width: null }) { media { alt width height } userErrors { code } } }";
        let answer = owner.query(update, json!({ "id": film["id"] })).await.ok();
        assert_eq!(answer.data("productMediaUpdate.media"), &json!({ "alt": "A mug", "width": null, "height": 480 }));

        let delete = "mutation($id: ID!) { productMediaDelete(id: $id) { deletedProductMediaId userErrors { code } } }";
        owner.query(delete, json!({ "id": first })).await.ok();
        let answer = owner.query("query($id: ID) { product(id: $id) { media { position } variants { media { id } } } }", json!({ "id": product["id"] })).await.ok();
        assert_eq!(answer.data("product"), &json!({ "media": [{ "position": 0 }], "variants": [{ "media": null }] }));
        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, ["product_media.create", "product_media.delete", "product_media.reorder", "product_media.update"]);
        assert_eq!(told.events, ["product_media.created", "product_media.deleted", "product_media.reordered", "product_media.updated"]);
    }

    async fn addresses_that_are_none_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        let product = mug(&shop).await;
        let before = shop.fingerprint().await;
        let long = format!("https://cdn.example/{}", "a".repeat(2048));
        for (medium, expected) in [
            (json!({ "url": "" }), "REQUIRED media.0.url"),
            (json!({ "url": "cdn.example/a.jpg" }), "INVALID media.0.url"),
            (json!({ "url": "javascript:alert(1)" }), "INVALID media.0.url"),
            (json!({ "url": "file:///etc/passwd" }), "INVALID media.0.url"),
            (json!({ "url": "https://user:secret@cdn.example/a.jpg" }), "INVALID media.0.url"),
            (json!({ "url": long }), "TOO_LONG media.0.url"),
            (json!({ "url": "https://cdn.example/a.jpg", "alt": "a".repeat(513) }), "TOO_LONG media.0.alt"),
            (json!({ "url": "https://cdn.example/a.jpg", "width": 0 }), "OUT_OF_RANGE media.0.width"),
        ] {
            let answer = shop.owner().query(CREATE, json!({ "id": product["id"], "media": [medium] })).await;
            assert_eq!(answer.user_error("productMediaCreate"), expected, "{answer}");
        }
        let answer = shop.owner().query(CREATE, json!({ "id": product["id"], "media": [] })).await;
        assert_eq!(answer.user_error("productMediaCreate"), "REQUIRED media");
        shop.assert_unchanged(&before).await;
    }
}

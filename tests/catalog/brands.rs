//! Stories of brands; the example for other domains.

use crate::harness::{Shop, json};

both! {
    async fn a_brand_is_created(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.ledger().await;
        let document = "mutation { brandCreate(input: { name: \"Acme\" }) { brand { slug } userErrors { code } } }";
        let answer = shop.owner().query(document, json!({})).await.ok();
        assert_eq!(answer.text("brandCreate.brand.slug"), "acme");
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["brand.create".to_owned()], vec!["brand.created".to_owned()]));
    }
}

//! `priceDelete`.

use rules::permission::Permission;

use super::{Stock, ranges};
use crate::harness::{Actor, Answer, Shop, json};

async fn delete(actor: &Actor, id: &str) -> Answer {
    let document = "mutation($id: ID!) { priceDelete(id: $id) { deletedPriceId userErrors { code } } }";
    actor.query(document, json!({ "id": id })).await
}

both! {
    async fn a_price_is_deleted_and_leaves_the_range(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let prices = json!([{ "currency": "EUR", "amount": "10" }, { "currency": "USD", "amount": "11" }]);
        let answer = mug.set(&shop.owner(), prices).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 1000-1000", "USD 1100-1100"]);
        let before = shop.ledger().await;
        let id = answer.text("pricesSet.prices.0.id");
        assert_eq!(delete(&shop.owner(), id).await.ok().text("priceDelete.deletedPriceId"), id);
        assert_eq!(ranges(&shop, &mug).await, ["USD 1100-1100"]);
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["price.delete".to_owned()], vec!["price.deleted".to_owned()]));
        assert_eq!(delete(&shop.owner(), id).await.code(), "NOT_FOUND");
    }

    async fn attack_t05_a_price_of_another_store_is_absent(db: Database) {
        let shop = Shop::open(db).await;
        let theirs = Stock::of_rival(&shop).await;
        let answer = theirs.set(&shop.rival(), json!([{ "currency": "EUR", "amount": "1" }])).await.ok();
        let reader = shop.token([Permission::PricesRead]).await;
        let before = shop.fingerprint().await;
        let existing = delete(&shop.owner(), answer.text("pricesSet.prices.0.id")).await;
        let made_up = delete(&shop.owner(), &shop.id::<rules::ids::PriceId>().to_string()).await;
        assert_eq!(existing.code(), "NOT_FOUND");
        assert_eq!(existing.message(), made_up.message());
        assert_eq!(delete(&reader, answer.text("pricesSet.prices.0.id")).await.code(), "FORBIDDEN");
        shop.assert_unchanged(&before).await;
    }
}

//! Who may listen, and for how long.

use std::time::Duration;

use chrono::TimeDelta;
use rules::permission::Permission::{PricesRead, ProductsManage, ProductsRead};

use super::*;

/// Rights are looked at often.
async fn watchful(db: crate::harness::Database) -> Shop {
    Shop::open_with(db, |config| config.recheck = Duration::from_millis(50)).await
}

/// Rights are looked at only when something is told.
async fn patient(db: crate::harness::Database) -> Shop {
    Shop::open_with(db, |config| config.recheck = Duration::from_secs(3_600)).await
}

/// Takes all permissions of all roles away.
async fn take_permissions(shop: &Shop) {
    shop.execute("DELETE FROM role_permissions").await;
}

both! {
    async fn who_may_not_listen_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let prices = "subscription { priceChanged { topic } }";
        let hidden = "subscription { productChanged { product { prices { id } } } }";
        for (actor, document, expected) in [
            (shop.anonymous(), PRODUCTS, "UNAUTHENTICATED"),
            (shop.storefront_token(), PRODUCTS, "FORBIDDEN"),
            (shop.powerless().await, PRODUCTS, "FORBIDDEN"),
            (shop.token([ProductsRead]).await, prices, "FORBIDDEN"),
            (shop.staff([ProductsRead]).await, hidden, "FORBIDDEN"),
            (shop.rival().in_store("linden"), PRODUCTS, "FORBIDDEN"),
            (shop.owner().nowhere(), "subscription { publishedProductChanged(ids: [\"product_01jd3k8m1vf6x9c2n5r7t0w4ya\"]) { productId } }", "STORE_REQUIRED"),
        ] {
            assert_eq!(actor.listen(document, json!({})).await.ended().await, expected, "{document}");
            let mut socket = actor.socket().await;
            socket.subscribe("1", document, json!({})).await;
            let message = socket.next().await;
            assert_eq!((&message["type"], code(&message["payload"])), (&json!("error"), expected), "{message}");
        }
        until_heard_by(&shop, 0).await;
    }

    async fn attack_t21_a_store_hears_nothing_of_another(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, rival, sister) = (shop.owner(), shop.rival(), shop.owner().in_store("linden-us"));
        let mut own = owner.listen(PRODUCTS, json!({})).await;
        let mut theirs = rival.listen(PRODUCTS, json!({})).await;
        let mut sisters = sister.listen(PRODUCTS, json!({})).await;
        let ids = [&owner, &rival, &sister].map(|actor| shop.product(actor, json!({})));
        let [oak, elm, fir] = futures::future::join_all(ids).await.try_into().expect("three products");
        for (events, id) in [(&mut own, &oak.id), (&mut theirs, &elm.id), (&mut sisters, &fir.id)] {
            assert_eq!(events.data().await["productChanged"]["productId"], **id);
        }
        // Naming another's product does not help.
        let document = "subscription($ids: [ID!]) { productChanged(ids: $ids) { productId } }";
        let mut curious = rival.listen(document, json!({ "ids": [oak.id, elm.id] })).await;
        retitle(&owner, &oak.id, "Oak").await.ok();
        retitle(&rival, &elm.id, "Elm").await.ok();
        assert_eq!(curious.data().await["productChanged"]["productId"], *elm.id);
    }

    async fn attack_t21_promise_p04_a_right_that_is_taken_away_ends_the_subscription(db: Database) {
        let shop = watchful(db).await;
        let staff = shop.staff([ProductsRead]).await;
        let mut events = staff.listen(PRODUCTS, json!({})).await;
        let mut socket = staff.socket().await;
        socket.subscribe("1", PRODUCTS, json!({})).await;
        until_heard_by(&shop, 2).await;
        take_permissions(&shop).await;
        assert_eq!(events.ended().await, "FORBIDDEN");
        let message = socket.next().await;
        assert_eq!((&message["type"], code(&message["payload"])), (&json!("error"), "FORBIDDEN"), "{message}");
        until_heard_by(&shop, 0).await;
    }

    async fn attack_t21_promise_p04_a_session_or_token_that_ends_takes_its_subscription_along(db: Database) {
        let shop = watchful(db).await;
        let staff = shop.staff([ProductsRead]).await;
        let token = shop.token([ProductsRead]).await;
        let mut of_staff = staff.listen(PRODUCTS, json!({})).await;
        let mut of_token = token.listen(PRODUCTS, json!({})).await;
        staff.query("mutation { signOut { userErrors { code } } }", json!({})).await.ok();
        assert_eq!(of_staff.ended().await, "UNAUTHENTICATED");
        shop.execute("UPDATE api_tokens SET revoked_at = created_at WHERE kind = 'API'").await;
        assert_eq!(of_token.ended().await, "UNAUTHENTICATED");
        let mut of_owner = shop.owner().listen(PRODUCTS, json!({})).await;
        shop.wait(TimeDelta::hours(2));
        assert_eq!(of_owner.ended().await, "UNAUTHENTICATED", "its time is over");
    }

    async fn attack_t21_promise_p04_a_suspended_store_is_heard_no_more(db: Database) {
        let shop = watchful(db).await;
        let mut of_owner = shop.owner().listen(PRODUCTS, json!({})).await;
        let mut of_token = shop.token([ProductsRead]).await.listen(PRODUCTS, json!({})).await;
        let store = shop.literal(shop.linden.store());
        shop.execute(&format!("UPDATE stores SET suspended_at = created_at WHERE id = {store}")).await;
        assert_eq!(of_owner.ended().await, "NOT_FOUND");
        assert_eq!(of_token.ended().await, "UNAUTHENTICATED");
    }

    async fn attack_t21_a_store_that_is_another_one_by_now_ends_the_subscription(db: Database) {
        let shop = watchful(db).await;
        // Linden's owner may listen in both stores; the host decides which.
        let owner = shop.owner().nowhere().with_header("host", "linden.example");
        let mut events = owner.listen(PRODUCTS, json!({})).await;
        let (here, there) = (shop.literal(shop.linden.store()), shop.literal(shop.store_in_us()));
        shop.execute("UPDATE store_domains SET host = 'moved.example' WHERE host = 'linden-us.example'").await;
        shop.execute(&format!("DELETE FROM store_domains WHERE store_id = {here}")).await;
        shop.execute(&format!("UPDATE store_domains SET host = 'linden.example' WHERE store_id = {there}")).await;
        let code = events.ended().await;
        assert!(["STORE_MISMATCH", "STORE_REQUIRED", "FORBIDDEN"].contains(&code.as_str()), "{code}");
    }

    async fn attack_t21_rights_are_looked_at_for_each_event(db: Database) {
        let shop = patient(db).await;
        let staff = shop.staff([ProductsRead, ProductsManage]).await;
        let mut events = staff.listen(PRODUCTS, json!({})).await;
        let product = shop.product(&shop.owner(), json!({})).await.id;
        assert_eq!(events.data().await["productChanged"]["productId"], *product);
        take_permissions(&shop).await;
        retitle(&shop.owner(), &product, "Secret").await.ok();
        assert_eq!(events.ended().await, "FORBIDDEN");
    }

    async fn attack_t21_what_one_may_see_is_what_one_may_see_now(db: Database) {
        let shop = patient(db).await;
        let staff = shop.staff([ProductsRead, PricesRead]).await;
        let document = "subscription { priceChanged { productId product { title } } }";
        let mug = crate::pricing::Stock::of_linden(&shop, 1).await;
        let hide = "mutation($id: ID!) { productUnpublish(id: $id) { userErrors { message } } }";
        shop.owner().query(hide, json!({ "id": mug.product })).await.ok();
        let mut events = staff.listen(document, json!({})).await;
        mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "5" }])).await.ok();
        assert!(events.data().await["priceChanged"]["product"].is_object());
        shop.execute("DELETE FROM role_permissions WHERE permission = 'PRODUCTS_READ'").await;
        mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "6" }])).await.ok();
        assert_eq!(events.data().await["priceChanged"]["product"], Value::Null, "it is hidden, and only prices are theirs");
    }
}

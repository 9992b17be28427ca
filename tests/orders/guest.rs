//! Orders as those see them who bought without an account.

use crate::harness::{Actor, Answer, Shop, json};

const SEEN: &str = "query($token: String!) { orderByToken(token: $token) { id number email total { amount }
    lines { title gross { amount } } shippingAddress { city } payments { status } } }";

async fn ask(who: &Actor, token: &str) -> Answer {
    who.query(SEEN, json!({ "token": token })).await
}

both! {
    async fn attack_t09_only_the_secret_shows_a_guests_order(db: Database) {
        let shop = Shop::open(db).await;
        let order = shop.order(&shop.owner(), json!({})).await;
        let guest = shop.anonymous();
        let seen = ask(&guest, &order.token).await.ok();
        assert_eq!((seen.text("orderByToken.id"), seen.text("orderByToken.total.amount")), (&*order.id, "10.00"));
        // Another store's guest, a wrong secret and none of ours see the same nothing.
        let mut wrong = order.token.clone();
        wrong.replace_range(12..13, if &wrong[12..13] == "A" { "B" } else { "A" });
        let nothing = ask(&guest, "stoa_ord_nothing").await.ok();
        for (who, token) in [(shop.rival(), &order.token), (guest.clone(), &wrong), (guest.clone(), &order.id)] {
            assert_eq!(ask(&who, token).await.ok().body, nothing.body);
        }
        let kept = shop.texts("SELECT CAST(audit_logs.after AS text) FROM audit_logs WHERE action LIKE '%order%'").await;
        assert!(!kept.iter().flatten().any(|text| text.contains(&order.token)), "the secret is kept nowhere");
    }

    async fn attack_t07_a_customer_sees_their_own_orders_and_nobodys(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (ann, bob) = (shop.customer().await, shop.customer().await);
        let (one, none) = (shop.order(&owner, json!({})).await, shop.order(&owner, json!({ "email": null })).await);
        let (id, customer) = (shop.literal_of(&one.id), shop.literal_of(&ann.id.to_string()));
        shop.execute(&format!("UPDATE orders SET customer_id = {customer} WHERE id = {id}")).await;
        let list = "{ customerOrders { nodes { id } totalCount } }";
        let seen = ann.actor.query(list, json!({})).await.ok();
        assert_eq!(seen.texts("customerOrders.nodes", "id"), [&*one.id]);
        assert_eq!(bob.actor.query(list, json!({})).await.ok().number("customerOrders.totalCount"), 0);
        let node = "query($id: ID!) { node(id: $id) { id } }";
        for (who, order, sees) in [(&ann, &one, true), (&bob, &one, false), (&ann, &none, false), (&bob, &none, false)] {
            let answer = who.actor.query(node, json!({ "id": order.id })).await.ok();
            assert_eq!(!answer.data("node").is_null(), sees);
        }
        for who in [shop.anonymous(), owner] {
            assert!(["UNAUTHENTICATED", "FORBIDDEN"].contains(&who.query(list, json!({})).await.code()));
        }
    }

    async fn attack_t17_a_guest_sees_nothing_that_is_the_staffs(db: Database) {
        let shop = Shop::open(db).await;
        let order = shop.order(&shop.owner(), json!({})).await;
        for field in [
            "notes { body }", "history { to }", "tags", "version", "explanation { rulesVersion }", "attribution { utmSource }",
            "draftOrder { id }", "customerId", "channel", "paymentTasks { kind }",
        ] {
            let document = format!("query($token: String!) {{ orderByToken(token: $token) {{ id {field} }} }}");
            let answer = shop.anonymous().query(&document, json!({ "token": order.token })).await;
            assert!(["UNAUTHENTICATED", "FORBIDDEN"].contains(&answer.code()), "{field}: {answer}");
        }
    }
}

//! Guests who look for their orders, and guests who become customers.

use chrono::TimeDelta;

use super::crowded;
use crate::customers::{EMAIL, PASSWORD, sign_in, sign_up, verify};
use crate::harness::post::token;
use crate::harness::{Actor, Answer, Shop, json};

async fn ask(who: &Actor, number: i64, email: &str) -> Answer {
    let document = "mutation($number: Int!, $email: String!) { orderLookup(number: $number, email: $email) \
        { accepted userErrors { code field message } } }";
    who.query(document, json!({ "number": number, "email": email })).await
}

async fn show(who: &Actor, token: &str) -> Answer {
    who.query("query($token: String!) { orderByToken(token: $token) { id number } }", json!({ "token": token }))
        .await
        .ok()
}

both! {
    async fn rule_a3_a_guest_sees_the_order_by_a_letter_to_its_mailbox(db: Database) {
        let shop = Shop::open(db).await;
        let order = shop.order(&shop.owner(), json!({})).await;
        shop.post().await;
        let guest = shop.anonymous();
        ask(&guest, 1_001, "Ann@People.example").await.ok();
        let letters = shop.post().await;
        let secret = token(&letters[0].text).expect("a secret");
        assert!(secret.starts_with("stoa_ord_") && letters[0].subject.starts_with("Your order at"), "{letters:?}");
        assert_eq!(show(&guest, &secret).await.text("orderByToken.id"), order.id);
        assert!(show(&shop.rival(), &secret).await.data("orderByToken").is_null());
        // The secret lies nowhere in clear, and is good for an hour.
        for table in ["email_messages", "audit_logs", "domain_events"] {
            let column = if table == "domain_events" { "payload" } else if table == "audit_logs" { "after" } else { "data" };
            let kept = shop.texts(&format!("SELECT CAST({column} AS text) FROM {table} WHERE {column} IS NOT NULL")).await;
            assert!(!kept.iter().flatten().any(|text| text.contains(&secret)), "{table}");
        }
        shop.wait(TimeDelta::minutes(61));
        assert!(show(&guest, &secret).await.data("orderByToken").is_null());
        assert_eq!(show(&guest, &order.token).await.text("orderByToken.id"), order.id, "what was given with the order stays");
    }

    async fn rule_a3_whoever_asks_for_an_order_learns_nothing(db: Database) {
        let shop = Shop::open(db).await;
        shop.order(&shop.owner(), json!({})).await;
        shop.post().await;
        let nobody = shop.anonymous();
        let known = ask(&nobody, 1_001, EMAIL).await.ok();
        assert_eq!(known.data("orderLookup.accepted"), &json!(true));
        for (number, email) in [(1_001, "bob@people.example"), (9_999, EMAIL), (-1, EMAIL)] {
            let other = ask(&nobody, number, email).await.ok();
            assert_eq!(other.body, known.body, "{number} {email}");
        }
        let letters = shop.post().await;
        assert_eq!(letters.len(), 4, "one letter either way");
        assert_eq!(letters.iter().filter(|letter| token(&letter.text).is_some()).count(), 1);
        // Of another store it is no order, and its number alone opens nothing.
        ask(&shop.rival(), 1_001, EMAIL).await.ok();
        assert!(shop.post().await.iter().all(|letter| token(&letter.text).is_none()));
        assert_eq!(ask(&nobody, 1_001, "nonsense").await.user_error("orderLookup"), "INVALID email");
        // Nobody's mailbox is filled by strangers.
        for _ in 0..2 {
            ask(&nobody, 1_001, EMAIL).await.ok();
        }
        assert_eq!(ask(&nobody, 1_001, EMAIL).await.user_error("orderLookup"), "LOCKED_OUT");
        let two = "mutation { a: orderLookup(number: 1, email: \"a@b.example\") { accepted } \
            b: orderLookup(number: 2, email: \"a@b.example\") { accepted } }";
        assert!(!nobody.query(two, json!({})).await.is_ok(), "one at a time");
    }

    async fn rule_c3_a_guests_orders_and_drafts_become_the_accounts_on_proof_of_the_mailbox(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (one, two) = (shop.order(&owner, json!({})).await, shop.order(&owner, json!({})).await);
        let others = shop.order(&owner, json!({ "email": "bob@people.example" })).await;
        let guest = owner.query("query($id: ID!) { order(id: $id) { customerId } }", json!({ "id": one.id })).await.ok();
        let draft = shop.draft_order(&owner, json!({ "customerId": guest.text("order.customerId") })).await;
        shop.post().await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let token = shop.letter_token(EMAIL).await;
        let ann = sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        let list = "{ customerOrders { nodes { id } totalCount } }";
        assert_eq!(ann.actor.query(list, json!({})).await.ok().number("customerOrders.totalCount"), 0, "nothing before the proof");
        verify(&shop.anonymous(), &token).await.ok();
        let seen = ann.actor.query(list, json!({})).await.ok();
        let mut ids = seen.texts("customerOrders.nodes", "id");
        ids.sort_unstable();
        let mut own = [one.id.as_str(), two.id.as_str()];
        own.sort_unstable();
        assert_eq!(ids, own);
        assert!(!ids.contains(&others.id.as_str()));
        let order = super::complete(&owner, &draft).await.ok();
        assert_eq!(order.text("draftOrderComplete.order.email"), EMAIL);
        assert_eq!(ann.actor.query(list, json!({})).await.ok().number("customerOrders.totalCount"), 3);
        // Whoever calls one off takes it off the account's totals.
        super::cancel(&owner, &one.id).await.ok();
        assert_eq!(shop.number("SELECT CAST(SUM(orders) AS bigint) FROM customer_order_totals").await, 3);
    }

    async fn rule_c3_no_order_stays_with_a_guest_who_is_absorbed_at_the_same_moment(db: Database) {
        let shop = crowded(db).await;
        let owner = shop.owner();
        for round in 0..6 {
            let email = format!("guest{round}@people.example");
            shop.order(&owner, json!({ "email": email })).await;
            let drafts = [shop.draft_order(&owner, json!({ "email": email })).await, shop.draft_order(&owner, json!({ "email": email })).await];
            shop.post().await;
            sign_up(&shop.anonymous(), &email, PASSWORD).await.ok();
            let token = shop.letter_token(&email).await;
            let nobody = shop.anonymous();
            let (proof, one, two) =
                tokio::join!(verify(&nobody, &token), super::complete(&owner, &drafts[0]), super::complete(&owner, &drafts[1]));
            assert!(proof.is_ok() && one.is_ok() && two.is_ok(), "{proof}\n{one}\n{two}");
        }
        let left = "SELECT COUNT(*) FROM orders o JOIN customers c ON c.store_id = o.store_id AND c.id = o.customer_id \
            WHERE c.merged_into_id IS NOT NULL";
        assert_eq!(shop.number(left).await, 0);
        assert_eq!(shop.number("SELECT CAST(SUM(orders) AS bigint) FROM customer_order_totals").await, 18);
    }
}

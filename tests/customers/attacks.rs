//! Stories of those who come with what is not theirs.

use super::{
    EMAIL, PASSWORD, ann, guest, is_signed_in, me, refresh, reset, send_reset, sign_in, sign_up, try_to_sign_in,
};
use crate::harness::{Shop, json};
use serde_json::Value;

both! {
    async fn rule_a4_a_customer_is_no_user_and_a_user_is_no_customer(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        for (document, code) in [
            ("mutation { signOut { revokedSessionId } }", "UNAUTHENTICATED"),
            ("mutation { sessionsRevokeOthers { revokedSessionIds } }", "UNAUTHENTICATED"),
            ("{ customers { nodes { id } } }", "FORBIDDEN"),
            ("{ segments { nodes { id } } }", "FORBIDDEN"),
            ("{ customer { note } }", "FORBIDDEN"),
            ("{ customer { tags } }", "FORBIDDEN"),
            ("{ customer { segments { id } } }", "FORBIDDEN"),
        ] {
            assert_eq!(ann.actor.query(document, Value::Null).await.code(), code, "{document}");
        }
        let owner = shop.owner();
        for document in [
            "mutation { customerSignOut { revokedSessionId } }",
            "mutation { customerEmailVerificationSend { accepted } }",
            "mutation { customerProfileUpdate(input: { firstName: \"Eve\" }) { customer { id } } }",
        ] {
            assert_eq!(owner.query(document, Value::Null).await.code(), "UNAUTHENTICATED", "{document}");
        }
        let answer = try_to_sign_in(&shop.anonymous(), "owner@linden.example", PASSWORD).await;
        assert_eq!(answer.user_error_codes("customerSignIn"), ["INVALID_CREDENTIALS"]);
        let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
        let answer = shop.anonymous().query(sign_in, json!({ "input": { "email": EMAIL, "password": PASSWORD } })).await;
        assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"]);
    }

    async fn rule_a4_a_token_of_one_kind_is_none_of_another(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        let nobody = shop.anonymous();
        let session_refresh = "mutation($token: String!) { sessionRefresh(refreshToken: $token) { userErrors { code } } }";
        let answer = nobody.query(session_refresh, json!({ "token": ann.refresh })).await;
        assert_eq!(answer.user_error_codes("sessionRefresh"), ["INVALID_TOKEN"]);
        for token in [ann.actor.secret(), shop.owner().secret()] {
            assert_eq!(refresh(&nobody, token).await.user_error_codes("customerSessionRefresh"), ["INVALID_TOKEN"]);
        }
        assert!(!is_signed_in(&nobody.clone().with_secret(&ann.refresh)).await);
        assert!(is_signed_in(&ann.actor).await, "nothing of it counted as coming back");
    }

    async fn rule_a4_a_customer_of_one_store_is_nobody_at_another(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        for store in ["linden-us", "rival", "nowhere"] {
            let elsewhere = ann.actor.clone().in_store(store);
            let forged = elsewhere.clone().with_secret(&format!("{}x", &ann.actor.secret()[..ann.actor.secret().len() - 1]));
            let answer = me(&elsewhere).await;
            assert_eq!(answer.code(), "UNAUTHENTICATED", "{store}");
            assert_eq!(answer.refusal(), me(&forged).await.refusal(), "as a token that nobody has");
            let there = shop.anonymous().in_store(store);
            if store != "nowhere" {
                assert_eq!(refresh(&there, &ann.refresh).await.user_error_codes("customerSessionRefresh"), ["INVALID_TOKEN"]);
                assert_eq!(
                    try_to_sign_in(&there, EMAIL, PASSWORD).await.user_error_codes("customerSignIn"),
                    ["INVALID_CREDENTIALS"]
                );
            }
        }
        assert!(is_signed_in(&ann.actor).await);
        let us = shop.anonymous().in_store("linden-us");
        sign_up(&us, EMAIL, "another long sentence").await.ok();
        let twin = sign_in(&us, EMAIL, "another long sentence").await;
        assert_ne!(twin.id, ann.id, "the same mailbox is two customers of two stores");
    }

    async fn attack_n05_a_letter_of_one_store_proves_nothing_at_another(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let us = shop.anonymous().in_store("linden-us");
        sign_up(&us, EMAIL, PASSWORD).await.ok();
        shop.post().await;
        send_reset(&shop.anonymous(), EMAIL).await.ok();
        let token = shop.letter_token(EMAIL).await;
        let answer = reset(&us, &token, "eight blue tractors").await;
        assert_eq!(answer.user_error("customerPasswordReset"), "INVALID_TOKEN token");
        reset(&shop.anonymous(), &token, "eight blue tractors").await.ok();
        sign_in(&us, EMAIL, PASSWORD).await;
    }

    async fn another_stores_customer_is_not_there(db: Database) {
        let shop = Shop::open(db).await;
        let id = guest(&shop.owner(), EMAIL).await;
        let never = shop.id::<rules::ids::CustomerId>().to_string();
        for document in [
            "mutation($id: ID!) { customerDelete(id: $id) { deletedCustomerId } }",
            "mutation($id: ID!) { customerInvite(id: $id) { customer { id } } }",
            "mutation($id: ID!) { customerUpdate(id: $id, input: { note: \"x\" }) { customer { id } } }",
            "mutation($id: ID!) { customerTagsAdd(id: $id, tags: [\"x\"]) { customer { id } } }",
            "mutation($id: ID!) { customerTagsRemove(id: $id, tags: [\"x\"]) { customer { id } } }",
        ] {
            let answer = shop.rival().query(document, json!({ "id": id })).await;
            assert_eq!(answer.code(), "NOT_FOUND", "{document}");
            let unknown = shop.rival().query(document, json!({ "id": never })).await;
            assert_eq!(answer.refusal(), unknown.refusal(), "{document}");
        }
        let read = shop.rival().query("query($id: ID!) { customer(id: $id) { id } node(id: $id) { id } }", json!({ "id": id })).await.ok();
        assert_eq!((read.data("customer"), read.data("node")), (&Value::Null, &Value::Null));
        let listed = shop.rival().query("{ customers { totalCount } }", Value::Null).await.ok();
        assert_eq!(listed.number("customers.totalCount"), 0);
    }

    async fn a_customer_sees_no_other_customer(db: Database) {
        let shop = Shop::open(db).await;
        let (ann, other) = (ann(&shop).await, guest(&shop.owner(), "bob@people.example").await);
        let document = "query($id: ID!) { customer(id: $id) { id } node(id: $id) { id } }";
        let answer = ann.actor.query(document, json!({ "id": other })).await.ok();
        assert_eq!((answer.data("customer"), answer.data("node")), (&Value::Null, &Value::Null));
        let own = ann.actor.query(document, json!({ "id": ann.id })).await.ok();
        assert_eq!(own.text("customer.id"), ann.id);
        let visitor = shop.anonymous().query("{ customer { id } }", Value::Null).await;
        assert_eq!(visitor.code(), "UNAUTHENTICATED");
    }

    async fn no_secret_of_a_customer_lies_in_the_database_in_clear(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        send_reset(&shop.anonymous(), EMAIL).await.ok();
        let letters = shop.post().await;
        let mut secrets = vec![PASSWORD.to_owned(), ann.actor.secret().to_owned(), ann.refresh.clone()];
        secrets.extend(letters.iter().filter_map(|letter| crate::harness::post::token(&letter.text)));
        assert_eq!(secrets.len(), 5, "{letters:?}");
        for (table, column) in [
            ("audit_logs", "after"),
            ("domain_events", "payload"),
            ("email_messages", "data"),
            ("customers", "metadata"),
            ("customer_credentials", "password_hash"),
        ] {
            let rows = shop.texts(&format!("SELECT CAST({column} AS TEXT) FROM {table} WHERE {column} IS NOT NULL")).await;
            let text = rows.concat().join(" ");
            assert!(!text.is_empty(), "{table}");
            for secret in &secrets {
                assert!(!text.contains(secret.as_str()), "{table} holds a secret");
            }
        }
    }
}

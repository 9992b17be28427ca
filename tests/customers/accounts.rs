//! Stories of signing up, in and out.

use chrono::TimeDelta;

use super::{EMAIL, PASSWORD, ann, is_signed_in, me, refresh, sign_in, sign_up, try_to_sign_in};
use crate::harness::{Shop, json};

both! {
    async fn a_customer_signs_up_signs_in_and_sees_oneself(db: Database) {
        let shop = Shop::open(db).await;
        let answer = sign_up(&shop.anonymous(), " Ann@People.Example ", PASSWORD).await.ok();
        assert_eq!(answer.data("customerSignUp.accepted"), &json!(true));
        let ann = sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        let answer = me(&ann.actor).await.ok();
        assert_eq!(answer.text("customer.id"), ann.id);
        assert_eq!(answer.text("customer.email"), "Ann@People.Example", "as it was typed, without blanks");
        assert_eq!(answer.data("customer.emailVerified"), &json!(false));
        assert_eq!(answer.text("customer.firstName"), "Ann");
        let viewer = ann.actor.query("{ viewer { actor permissions } }", json!({})).await.ok();
        assert_eq!(viewer.text("viewer.actor"), "CUSTOMER");
        assert_eq!(viewer.data("viewer.permissions"), &json!([]));
    }

    async fn a_token_names_its_store_by_itself(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        let answer = me(&ann.actor.clone().nowhere()).await.ok();
        assert_eq!(answer.text("customer.id"), ann.id);
    }

    async fn what_is_wrong_with_a_sign_up_is_told_at_once_and_writes_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let document = "mutation($input: CustomerSignUpInput!) { \
            customerSignUp(input: $input) { accepted userErrors { code field } } }";
        let input = json!({ "email": "nobody", "password": "short", "phone": "call me", "locale": "german" });
        let answer = shop.anonymous().query(document, json!({ "input": input })).await;
        assert_eq!(
            answer.user_error_codes("customerSignUp"),
            ["INVALID", "TOO_SHORT", "INVALID", "INVALID"],
            "{answer}"
        );
        assert_eq!(shop.number("SELECT COUNT(*) FROM customers").await, 0);
        assert!(shop.post().await.is_empty());
        let answer = sign_up(&shop.anonymous().nowhere(), EMAIL, PASSWORD).await;
        assert_eq!(answer.code(), "STORE_REQUIRED");
    }

    async fn rule_a3_a_taken_address_gets_the_same_answer_and_the_account_stays(db: Database) {
        let shop = Shop::open(db).await;
        let first = sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        shop.post().await;
        let second = sign_up(&shop.anonymous(), EMAIL, "another long sentence").await.ok();
        assert_eq!(first.body, second.body);
        let letters = shop.post().await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].subject.starts_with("You have an account"), "{letters:?}");
        sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        let answer = try_to_sign_in(&shop.anonymous(), EMAIL, "another long sentence").await;
        assert_eq!(answer.user_error_codes("customerSignIn"), ["INVALID_CREDENTIALS"]);
        assert_eq!(shop.number("SELECT COUNT(*) FROM customers").await, 1);
    }

    async fn rule_a3_an_unknown_address_and_a_wrong_password_look_alike(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let wrong = try_to_sign_in(&shop.anonymous(), EMAIL, "not this one").await;
        let unknown = try_to_sign_in(&shop.anonymous(), "bob@people.example", "not this one").await;
        assert_eq!(wrong.user_error_codes("customerSignIn"), ["INVALID_CREDENTIALS"]);
        assert_eq!(wrong.body, unknown.body);
        assert_eq!(wrong.statements(), unknown.statements(), "as much work");
    }

    async fn attack_n01_the_sixth_try_at_a_customer_is_locked_out_even_if_it_is_right(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        for _ in 0..5 {
            let answer = try_to_sign_in(&shop.anonymous(), EMAIL, "not this one").await;
            assert_eq!(answer.user_error_codes("customerSignIn"), ["INVALID_CREDENTIALS"]);
        }
        let answer = try_to_sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        assert_eq!(answer.user_error_codes("customerSignIn"), ["LOCKED_OUT"]);
        let elsewhere = shop.anonymous().in_store("linden-us");
        let answer = try_to_sign_in(&elsewhere, EMAIL, PASSWORD).await;
        assert_eq!(answer.user_error_codes("customerSignIn"), ["INVALID_CREDENTIALS"], "another store counts for itself");
        shop.wait(TimeDelta::minutes(1));
        sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
    }

    async fn a_customer_signs_out_and_the_token_is_nobody(db: Database) {
        let shop = Shop::open(db).await;
        let (one, other) = (ann(&shop).await, sign_in(&shop.anonymous(), EMAIL, PASSWORD).await);
        let document = "mutation { customerSignOut { revokedSessionId userErrors { code } } }";
        let answer = one.actor.query(document, json!({})).await.ok();
        assert_eq!(answer.text("customerSignOut.revokedSessionId"), one.session);
        assert!(!is_signed_in(&one.actor).await);
        assert!(is_signed_in(&other.actor).await);
        assert_eq!(refresh(&shop.anonymous(), &one.refresh).await.user_error_codes("customerSessionRefresh"), ["INVALID_TOKEN"]);
    }

    async fn rule_a3_attack_n09_refresh_tokens_rotate_and_one_that_comes_back_ends_the_session(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        let nobody = shop.anonymous();
        let answer = refresh(&nobody, &ann.refresh).await.ok();
        let next = nobody.clone().with_secret(answer.text("customerSessionRefresh.session.accessToken"));
        assert!(is_signed_in(&next).await);
        assert!(!is_signed_in(&ann.actor).await, "the token before is void");
        let again = refresh(&nobody, &ann.refresh).await;
        assert_eq!(again.user_error("customerSessionRefresh"), "INVALID_TOKEN refreshToken");
        assert!(!is_signed_in(&next).await, "somebody has a copy: the session is over");
        let latest = answer.text("customerSessionRefresh.session.refreshToken");
        assert_eq!(refresh(&nobody, latest).await.user_error_codes("customerSessionRefresh"), ["INVALID_TOKEN"]);
    }

    async fn rule_a3_of_two_refreshes_at_once_one_wins_and_the_session_ends(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        let nobody = shop.anonymous();
        let (one, other) = tokio::join!(refresh(&nobody, &ann.refresh), refresh(&nobody, &ann.refresh));
        let won = [&one, &other].into_iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(won, 1, "{one} {other}");
        assert_eq!(shop.number("SELECT COUNT(*) FROM customer_sessions WHERE revoked_at IS NULL").await, 0);
    }

    async fn a_session_ends_by_the_clock(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        shop.wait(TimeDelta::hours(1));
        assert!(!is_signed_in(&ann.actor).await, "the access token is too old");
        let answer = refresh(&shop.anonymous(), &ann.refresh).await.ok();
        let next = shop.anonymous().with_secret(answer.text("customerSessionRefresh.session.accessToken"));
        assert!(is_signed_in(&next).await);
    }

    async fn who_is_kept_out_is_signed_out_and_can_not_come_back(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        let document = "mutation($id: ID!, $state: CustomerState!) { \
            customerUpdate(id: $id, input: { state: $state }) { customer { state } userErrors { code } } }";
        shop.owner().query(document, json!({ "id": ann.id, "state": "DISABLED" })).await.ok();
        assert!(!is_signed_in(&ann.actor).await);
        let answer = try_to_sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        assert_eq!(answer.user_error_codes("customerSignIn"), ["INVALID_CREDENTIALS"]);
        assert_eq!(refresh(&shop.anonymous(), &ann.refresh).await.user_error_codes("customerSessionRefresh"), ["INVALID_TOKEN"]);
        shop.owner().query(document, json!({ "id": ann.id, "state": "ENABLED" })).await.ok();
        sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
    }
}

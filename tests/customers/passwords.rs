//! Stories of passwords that are changed and forgotten.

use chrono::TimeDelta;

use super::{EMAIL, PASSWORD, ann, is_signed_in, reset, send_reset, sign_in, sign_up, try_to_sign_in};
use crate::harness::{Actor, Answer, Shop, json};

const NEW: &str = "eight blue tractors";

async fn change(customer: &Actor, current: &str, new: &str) -> Answer {
    let document = "mutation($input: CustomerPasswordChangeInput!) { customerPasswordChange(input: $input) { \
        customer { id } lockedUntil userErrors { code field message } } }";
    customer.query(document, json!({ "input": { "currentPassword": current, "newPassword": new } })).await
}

both! {
    async fn rule_a3_a_changed_password_ends_the_other_sessions(db: Database) {
        let shop = Shop::open(db).await;
        let (one, other) = (ann(&shop).await, sign_in(&shop.anonymous(), EMAIL, PASSWORD).await);
        shop.post().await;
        assert_eq!(change(&one.actor, "not this one", NEW).await.user_error("customerPasswordChange"), "INVALID_CREDENTIALS currentPassword");
        assert_eq!(change(&one.actor, PASSWORD, "short").await.user_error("customerPasswordChange"), "TOO_SHORT newPassword");
        change(&one.actor, PASSWORD, NEW).await.ok();
        assert!(is_signed_in(&one.actor).await);
        assert!(!is_signed_in(&other.actor).await);
        let answer = try_to_sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        assert_eq!(answer.user_error_codes("customerSignIn"), ["INVALID_CREDENTIALS"]);
        sign_in(&shop.anonymous(), EMAIL, NEW).await;
        let letters = shop.post().await;
        assert!(letters.iter().any(|letter| letter.subject.ends_with("was changed")), "{letters:?}");
    }

    async fn attack_n01_a_stolen_session_is_no_way_to_guess_the_password(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        for _ in 0..5 {
            change(&ann.actor, "not this one", NEW).await;
        }
        assert_eq!(change(&ann.actor, PASSWORD, NEW).await.user_error_codes("customerPasswordChange"), ["LOCKED_OUT"]);
    }

    async fn a_forgotten_password_is_chosen_anew_by_a_letter(db: Database) {
        let shop = Shop::open(db).await;
        let ann = ann(&shop).await;
        shop.post().await;
        send_reset(&shop.anonymous(), EMAIL).await.ok();
        let token = shop.letter_token(EMAIL).await;
        assert!(token.starts_with("stoa_cpr_"));
        assert_eq!(reset(&shop.anonymous(), &token, "short").await.user_error("customerPasswordReset"), "TOO_SHORT newPassword");
        reset(&shop.anonymous(), &token, NEW).await.ok();
        assert!(!is_signed_in(&ann.actor).await, "every session has ended");
        let again = sign_in(&shop.anonymous(), EMAIL, NEW).await;
        let answer = super::me(&again.actor).await.ok();
        assert_eq!(answer.data("customer.emailVerified"), &json!(true), "the letter proved the mailbox");
    }

    async fn rule_a3_attack_n02_whoever_asks_for_a_reset_learns_nothing(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        shop.post().await;
        let known = send_reset(&shop.anonymous(), EMAIL).await.ok();
        let unknown = send_reset(&shop.anonymous(), "bob@people.example").await.ok();
        assert_eq!(known.body, unknown.body);
        let letters = shop.post().await;
        let to_bob: Vec<_> = letters.iter().filter(|letter| letter.to == "bob@people.example").collect();
        assert_eq!(to_bob.len(), 1, "the owner of the mailbox is told");
        assert!(to_bob[0].text.contains("There is no account") && !to_bob[0].text.contains("stoa_"), "{to_bob:?}");
        assert!(letters.iter().any(|letter| letter.to == EMAIL && letter.text.contains("stoa_cpr_")));
    }

    async fn rule_a3_attack_n05_a_letter_is_good_once_and_only_the_newest_counts(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        shop.post().await;
        send_reset(&shop.anonymous(), EMAIL).await.ok();
        let first = shop.letter_token(EMAIL).await;
        send_reset(&shop.anonymous(), EMAIL).await.ok();
        let second = shop.letter_token(EMAIL).await;
        let invalid = "INVALID_TOKEN token";
        assert_eq!(reset(&shop.anonymous(), &first, NEW).await.user_error("customerPasswordReset"), invalid);
        let (one, other) =
            tokio::join!(reset_at(&shop, &second, NEW), reset_at(&shop, &second, "nine red tractors"));
        assert_eq!([&one, &other].into_iter().filter(|answer| answer.is_ok()).count(), 1, "{one} {other}");
        assert_eq!(reset(&shop.anonymous(), &second, NEW).await.user_error("customerPasswordReset"), invalid);
        send_reset(&shop.anonymous(), EMAIL).await.ok();
        let late = shop.letter_token(EMAIL).await;
        shop.wait(TimeDelta::hours(1));
        assert_eq!(reset(&shop.anonymous(), &late, NEW).await.user_error("customerPasswordReset"), invalid);
    }

    async fn a_mailbox_is_not_filled_by_strangers(db: Database) {
        let shop = Shop::open(db).await;
        for _ in 0..5 {
            send_reset(&shop.anonymous(), "bob@people.example").await.ok();
        }
        let answer = send_reset(&shop.anonymous(), "bob@people.example").await;
        assert_eq!(answer.user_error_codes("customerPasswordResetSend"), ["LOCKED_OUT"], "known or not");
        assert_eq!(shop.post().await.len(), 5);
    }
}

async fn reset_at(shop: &Shop, token: &str, password: &str) -> Answer {
    reset(&shop.anonymous(), token, password).await
}

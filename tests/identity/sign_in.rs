//! Stories of signing in, and of those who guess.

use chrono::TimeDelta;
use futures::future::join_all;

use super::{EMAIL, PASSWORD, maria, sign_in, sign_up, try_to_sign_in, viewer};
use crate::harness::{Shop, json};

both! {
    async fn attack_n01_the_sixth_try_is_locked_out_even_if_it_is_right_and_the_lock_grows(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop, EMAIL, PASSWORD).await.ok();
        let nobody = shop.anonymous().nowhere();
        for _ in 0..5 {
            let answer = try_to_sign_in(&nobody, EMAIL, "not this one").await;
            assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"]);
        }
        for minutes in [1, 2, 4, 8, 16, 32, 60, 60] {
            shop.wait(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
            let answer = try_to_sign_in(&nobody, EMAIL, PASSWORD).await;
            assert_eq!(answer.user_error_codes("signIn"), ["LOCKED_OUT"], "after {minutes} minutes less a second");
            let until = stoa::kernel::Clock::now(shop.clock()) + TimeDelta::seconds(1);
            let told: chrono::DateTime<chrono::Utc> = answer.text("signIn.lockedUntil").parse().expect("a moment");
            assert_eq!(told, until, "{answer}");
            shop.wait(TimeDelta::seconds(1));
            let answer = try_to_sign_in(&nobody, EMAIL, "not this one").await;
            assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"], "one more try is let through");
        }
        shop.wait(TimeDelta::hours(1));
        sign_in(&shop, EMAIL, PASSWORD).await;
        for _ in 0..4 {
            try_to_sign_in(&nobody, EMAIL, "not this one").await;
        }
        sign_in(&shop, EMAIL, PASSWORD).await;
    }

    async fn attack_n01_of_fifty_guesses_at_once_five_are_looked_at(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop, EMAIL, PASSWORD).await.ok();
        let second = shop.second_node().await;
        let here = shop.anonymous().nowhere();
        let there = shop.on(&second, &here);
        let guesses: Vec<String> = (0..50).map(|guess| format!("guess number {guess}")).collect();
        let tries = guesses.iter().enumerate().map(|(place, guess)| {
            try_to_sign_in(if place % 2 == 0 { &here } else { &there }, EMAIL, guess)
        });
        let answers = join_all(tries).await;
        let count = |code: &str| answers.iter().filter(|answer| answer.user_error_codes("signIn") == [code]).count();
        assert_eq!((count("INVALID_CREDENTIALS"), count("LOCKED_OUT")), (5, 45));
        assert_eq!(shop.number("SELECT SUM(failures) FROM sign_in_throttles WHERE key LIKE 'sign_in:%'").await, 5);
    }

    async fn attack_n01_the_count_outlives_the_server(db: Database) {
        let mut shop = Shop::open(db).await;
        sign_up(&shop, EMAIL, PASSWORD).await.ok();
        let nobody = shop.anonymous().nowhere();
        for _ in 0..5 {
            try_to_sign_in(&nobody, EMAIL, "not this one").await;
        }
        shop.node.restart().await;
        let answer = try_to_sign_in(&nobody, EMAIL, PASSWORD).await;
        assert_eq!(answer.user_error_codes("signIn"), ["LOCKED_OUT"]);
    }

    async fn attack_n01_one_address_that_tries_many_accounts_is_locked_out(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop, EMAIL, PASSWORD).await.ok();
        let nobody = shop.anonymous().nowhere();
        sign_in(&shop, EMAIL, PASSWORD).await;
        for guess in 0..50 {
            let answer = try_to_sign_in(&nobody, &format!("person{guess}@linden.example"), "not this one").await;
            assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"], "{guess}");
        }
        let answer = try_to_sign_in(&nobody, "one.more@linden.example", "not this one").await;
        assert_eq!(answer.user_error_codes("signIn"), ["LOCKED_OUT"]);
        assert_eq!(
            shop.number("SELECT COUNT(*) FROM sign_in_throttles WHERE key LIKE 'sign_in:%'").await,
            50,
            "what was not let through is not counted under the account"
        );
    }

    async fn a_success_gives_the_address_its_try_back(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop, EMAIL, PASSWORD).await.ok();
        for _ in 0..3 {
            sign_in(&shop, EMAIL, PASSWORD).await;
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM sign_in_throttles WHERE key LIKE 'sign_in:%'").await, 0);
        let failures = "SELECT SUM(failures) FROM sign_in_throttles WHERE key LIKE 'sign_in_address:%'";
        assert_eq!(shop.number(failures).await, 0);
        assert_eq!(shop.number("SELECT COUNT(*) FROM sign_in_throttles WHERE key LIKE '%127%' OR key LIKE '%maria%'").await, 0);
    }

    async fn rule_a3_attack_n02_unknown_known_and_suspended_answer_alike(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop, EMAIL, PASSWORD).await.ok();
        sign_up(&shop, "bruno@linden.example", PASSWORD).await.ok();
        let suspended = "UPDATE users SET suspended_at = created_at WHERE email_normalized = 'bruno@linden.example'";
        assert_eq!(shop.execute(suspended).await, 1);
        let nobody = shop.anonymous().nowhere();
        let answers = [
            try_to_sign_in(&nobody, EMAIL, "not this one").await,
            try_to_sign_in(&nobody, "nobody@linden.example", "not this one").await,
            // The owner of Linden has an account and no password.
            try_to_sign_in(&nobody, "owner@linden.example", "not this one").await,
            try_to_sign_in(&nobody, "bruno@linden.example", PASSWORD).await,
        ];
        for answer in &answers {
            assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"]);
            assert_eq!(answer.body["data"], answers[0].body["data"]);
            assert_eq!(answer.statements(), answers[0].statements());
        }
    }

    async fn attack_n03_what_can_be_nobodys_password_costs_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let nobody = shop.anonymous().nowhere();
        let before = shop.fingerprint().await;
        for (email, password) in [(EMAIL, "x".repeat(100_000)), (EMAIL, String::new()), ("maria", PASSWORD.to_owned())] {
            let answer = try_to_sign_in(&nobody, email, &password).await;
            assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"]);
        }
        assert_eq!(shop.fingerprint().await.changed(&before), Vec::<String>::new());
    }

    async fn attack_n04_a_damaged_hash_is_a_failed_sign_in(db: Database) {
        let shop = Shop::open(db).await;
        let nobody = shop.anonymous().nowhere();
        sign_up(&shop, EMAIL, PASSWORD).await.ok();
        for damaged in ["", "nonsense", "$argon2id$v=19$m=4294967295,t=2,p=1$c2FsdHNhbHQ$AAAA", "$argon2id$é"] {
            shop.execute(&format!("UPDATE user_credentials SET password_hash = '{damaged}'")).await;
            let answer = try_to_sign_in(&nobody, EMAIL, PASSWORD).await;
            assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"], "{answer}");
        }
    }

    async fn promise_p15_an_old_hash_is_renewed_by_a_sign_in(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop, EMAIL, PASSWORD).await.ok();
        let old = {
            use argon2::PasswordHasher;
            let params = argon2::Params::new(8192, 1, 1, None).expect("parameters");
            let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
            let hash: argon2::PasswordHash =
                argon2.hash_password_with_salt(PASSWORD.as_bytes(), b"sixteen bytes ok").expect("a hash");
            hash.to_string()
        };
        shop.execute(&format!("UPDATE user_credentials SET password_hash = '{old}'")).await;
        sign_in(&shop, EMAIL, PASSWORD).await;
        let stored = shop.texts("SELECT password_hash FROM user_credentials").await;
        assert!(stored[0][0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored:?}");
        sign_in(&shop, EMAIL, PASSWORD).await;
    }

    async fn promise_p16_one_guess_a_request(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.fingerprint().await;
        let one = "signIn(input: { email: \"maria@linden.example\", password: \"not this one\" }) { userErrors { code } }";
        let answer = shop.anonymous().nowhere().query(&format!("mutation {{ a: {one} b: {one} }}"), json!(null)).await;
        assert!(!answer.code().is_empty() && answer.body.get("data").is_none_or(serde_json::Value::is_null), "{answer}");
        assert_eq!(shop.fingerprint().await.changed(&before), Vec::<String>::new());
    }

    async fn attack_n18_a_suspended_person_is_out_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let maria = maria(&shop).await;
        viewer(&maria.actor).await.ok();
        shop.execute("UPDATE users SET suspended_at = created_at WHERE email_normalized = 'maria@linden.example'").await;
        let answer = viewer(&maria.actor).await;
        assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"));
        let answer = super::refresh(&shop.anonymous().nowhere(), &maria.refresh).await;
        assert_eq!(answer.user_error_codes("sessionRefresh"), ["INVALID_TOKEN"]);
    }
}

//! Stories of signing up.

use super::{EMAIL, PASSWORD, sign_in, sign_up, try_to_sign_in, viewer};
use crate::harness::{Shop, json};

both! {
    async fn a_person_signs_up_then_signs_in(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.ledger().await;
        let answer = sign_up(&shop, " Maria@Linden.example ", PASSWORD).await.ok();
        assert_eq!(answer.data("signUp.accepted"), &json!(true));
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["account.sign_up".to_owned()], vec!["user.created".to_owned()]));

        let before = shop.ledger().await;
        let maria = sign_in(&shop, "MARIA@linden.EXAMPLE", PASSWORD).await;
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["account.sign_in".to_owned()], vec!["session.created".to_owned()]));
        let answer = viewer(&maria.actor).await.ok();
        assert_eq!(answer.data("viewer.user"), &json!({ "name": "Maria", "email": "Maria@Linden.example" }));
    }

    async fn rule_a3_attack_n02_a_taken_address_gets_the_same_answer_and_changes_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let first = sign_up(&shop, EMAIL, PASSWORD).await.ok();
        let account = "SELECT name || email FROM users WHERE email_normalized = 'maria@linden.example'";
        let hash = "SELECT password_hash FROM user_credentials";
        let stored = (shop.texts(account).await, shop.texts(hash).await);
        let before = shop.ledger().await;

        let second = sign_up(&shop, "MARIA@linden.example", "nine yellow wheels").await.ok();

        assert_eq!(first.body["data"], second.body["data"]);
        assert_eq!((shop.texts(account).await, shop.texts(hash).await), stored);
        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, ["account.sign_up_repeat"], "the owner can be told");
        assert_eq!(told.events, ["user.sign_up_repeated"]);
        let nobody = shop.anonymous().nowhere();
        let answer = try_to_sign_in(&nobody, EMAIL, "nine yellow wheels").await;
        assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"]);
        sign_in(&shop, EMAIL, PASSWORD).await;
    }

    async fn attack_n02_one_address_at_once_makes_one_account(db: Database) {
        let shop = Shop::open(db).await;
        let tries = (0..8).map(|_| sign_up(&shop, EMAIL, PASSWORD));
        for answer in futures::future::join_all(tries).await {
            assert_eq!(answer.ok().data("signUp.accepted"), &json!(true));
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM users WHERE email_normalized = 'maria@linden.example'").await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM user_credentials").await, 1);
    }

    async fn attack_n03_passwords_out_of_bounds_are_refused_before_they_are_hashed(db: Database) {
        let shop = Shop::open(db).await;
        for (password, code) in [
            (String::new(), "REQUIRED"),
            ("x7-Tq2!".to_owned(), "TOO_SHORT"),
            ("ab".repeat(129), "TOO_LONG"),
            ("x".repeat(4096), "TOO_LONG"),
            ("kx7\tTq2!9".to_owned(), "INVALID"),
            ("Password123!".to_owned(), "PASSWORD_TOO_WEAK"),
            ("i am maria, hello".to_owned(), "PASSWORD_TOO_WEAK"),
        ] {
            let answer = sign_up(&shop, EMAIL, &password).await;
            assert_eq!(answer.user_error("signUp"), format!("{code} password"), "{answer}");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM user_credentials").await, 0);
    }

    async fn every_problem_is_told_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let document = "mutation($input: SignUpInput!) { signUp(input: $input) { accepted userErrors { code field } } }";
        let input = json!({ "email": "maria", "password": "short", "name": " ", "locale": "german" });
        let answer = shop.anonymous().nowhere().query(document, json!({ "input": input })).await;
        assert_eq!(answer.data("signUp"), &json!({ "accepted": null, "userErrors": [
            { "code": "INVALID", "field": ["email"] },
            { "code": "TOO_SHORT", "field": ["password"] },
            { "code": "REQUIRED", "field": ["name"] },
            { "code": "INVALID", "field": ["locale"] },
        ] }));
    }

    async fn the_operator_closes_sign_up(db: Database) {
        let shop = Shop::open_with(db, |config| config.settings.sign_up_open = false).await;
        let before = shop.fingerprint().await;
        let answer = sign_up(&shop, EMAIL, PASSWORD).await;
        assert_eq!(answer.user_error_codes("signUp"), ["DISABLED"]);
        assert_eq!(shop.fingerprint().await.changed(&before), Vec::<String>::new());
    }
}

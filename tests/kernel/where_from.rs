//! Which store a request is about: token, header and host must agree.

use crate::harness::{Actor, Shop, json};

const BRANDS: &str = "{ brands { nodes { name } } }";

async fn code(who: &Actor) -> String {
    who.query(BRANDS, json!({})).await.code().to_owned()
}

async fn brand(who: &Actor) -> String {
    who.query(BRANDS, json!({})).await.ok().text("brands.nodes.0.name").to_owned()
}

both! {
    async fn attack_t25_token_header_and_host_name_one_store_or_nothing_is_done(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Linden").await;
        shop.brand_of_rival("Rival").await;
        let host = |who: Actor, host: &str| who.with_header("host", host);

        // Each way by itself.
        assert_eq!(brand(&shop.anonymous()).await, "Linden");
        assert_eq!(brand(&shop.anonymous().in_store(&shop.rival.store().to_string())).await, "Rival");
        assert_eq!(brand(&shop.storefront_token().nowhere()).await, "Linden");
        for name in ["linden.example", "LINDEN.Example", "linden.example.", "linden.example:8080"] {
            assert_eq!(brand(&host(shop.anonymous().nowhere(), name)).await, "Linden", "{name}");
        }
        // Two that agree.
        assert_eq!(brand(&host(shop.storefront_token(), "linden.example")).await, "Linden");
        // Two that do not.
        assert_eq!(code(&host(shop.anonymous(), "rival.example")).await, "STORE_MISMATCH");
        assert_eq!(code(&host(shop.storefront_token().nowhere(), "rival.example")).await, "STORE_MISMATCH");
        for other in ["rival", "linden-us", "nowhere"] {
            assert_eq!(code(&shop.storefront_token().in_store(other)).await, "STORE_MISMATCH", "{other}");
        }
        // One that says two things.
        assert_eq!(code(&shop.anonymous().with_header("x-store", "linden")).await, "BAD_USER_INPUT");
        // One that says nothing.
        for name in ["xn--lnden-qza.example", "example", "127.0.0.1", "localhost", "linden.example.evil.test"] {
            assert_eq!(code(&host(shop.anonymous().nowhere(), name)).await, "STORE_REQUIRED", "{name}");
        }
        assert_eq!(code(&shop.anonymous().in_store("nowhere")).await, "NOT_FOUND");
    }

    async fn attack_n18_a_token_that_is_not_good_is_refused_without_a_word_why(db: Database) {
        let shop = Shop::open(db).await;
        let good = shop.token([]).await;
        good.query("{ __typename }", json!({})).await.ok();
        let mut messages = std::collections::BTreeSet::new();
        for change in [
            "UPDATE api_tokens SET revoked_at = created_at",
            "UPDATE api_tokens SET revoked_at = NULL, expires_at = created_at",
            "UPDATE api_tokens SET expires_at = NULL; UPDATE stores SET suspended_at = created_at",
            "UPDATE stores SET suspended_at = NULL; UPDATE organizations SET suspended_at = created_at",
            "UPDATE organizations SET suspended_at = NULL; UPDATE users SET suspended_at = created_at",
        ] {
            for sql in change.split(';') {
                shop.execute(sql).await;
            }
            let answer = good.query(BRANDS, json!({})).await;
            assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{change}: {answer}");
            messages.insert(answer.message().to_owned());
        }
        for secret in ["", "x", "stoa_pat_", &good.secret().to_uppercase(), &format!("{}x", good.secret())] {
            let answer = shop.anonymous().with_secret(secret).query(BRANDS, json!({})).await;
            assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{secret}: {answer}");
            messages.insert(answer.message().to_owned());
        }
        assert_eq!(messages.len(), 1, "{messages:?}");
    }
}

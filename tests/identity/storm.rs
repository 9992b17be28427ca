//! Stories of very many people who sign in at once.

use std::time::Duration;

use super::try_to_sign_in;
use crate::harness::{Shop, json};

/// How many come at once.
const AT_ONCE: usize = 200;

/// How many passwords are looked at or wait for it; each takes 19 MiB while it is looked at.
const LET_IN: usize = 66;

both! {
    async fn fault_f21_of_a_storm_of_sign_ins_a_bounded_number_is_let_in_and_shoppers_go_on(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.database.acquire_timeout = Duration::from_secs(60);
            config.edge.operation_timeout = Duration::from_secs(120);
            config.edge.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        })
        .await;
        shop.brand("Oak").await;
        let mut people = Vec::new();
        for _ in 0..AT_ONCE {
            people.push(shop.account().await);
        }
        let nobody = shop.anonymous().nowhere();
        let visitor = shop.anonymous();
        // Each comes from an address of its own: one address alone is braked long before.
        let storm = people.iter().enumerate().map(|(place, person)| {
            let from = nobody.clone().with_header("x-forwarded-for", &format!("203.0.113.{place}"));
            async move { try_to_sign_in(&from, &person.email, person.password).await }
        });
        let storm = futures::future::join_all(storm);
        let shoppers = async {
            for _ in 0..20 {
                let answer = visitor.query("{ brands { nodes { name } } }", json!({})).await;
                assert_eq!(answer.ok().texts("brands.nodes", "name"), ["Oak"]);
            }
        };
        let (answers, ()) = tokio::join!(storm, shoppers);
        let (mut entered, mut told) = (0, 0);
        for answer in &answers {
            if answer.is_ok() {
                entered += 1;
            } else {
                // Whoever comes beyond it is told at once to come back, and nothing is held against them.
                assert_eq!(answer.code(), "UNAVAILABLE", "{answer}");
                assert!(answer.headers.contains_key("retry-after"), "{answer}");
                told += 1;
            }
        }
        assert!(entered > 0 && entered + told == AT_ONCE, "{entered} entered, {told} were told");
        assert_eq!(shop.number("SELECT COUNT(*) FROM user_audit_logs WHERE action = 'account.sign_in'").await, i64::try_from(entered).unwrap());
        let counted = "SELECT COALESCE(SUM(failures), 0) FROM sign_in_throttles";
        assert_eq!(shop.number(counted).await, 0, "a try that was not looked at does not count");
        // The storm is over: there is room again.
        try_to_sign_in(&nobody, &people[0].email, people[0].password).await.ok();
    }

    async fn fault_f21_no_more_than_the_bound_wait_and_none_holds_a_connection(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.database.acquire_timeout = Duration::from_secs(60);
            config.edge.operation_timeout = Duration::from_secs(120);
        })
        .await;
        let person = shop.account().await;
        let nobody = shop.anonymous().nowhere();
        // All places are taken: two inside, the others in the queue.
        let hashing = shop.node.system.hashing.clone();
        let mut inside = Vec::new();
        for _ in 0..2 {
            inside.push(hashing.enter().await.expect("a place"));
        }
        let mut waiting: Vec<_> = (2..LET_IN).map(|_| Box::pin(hashing.enter())).collect();
        for place in &mut waiting {
            assert!(futures::poll!(place.as_mut()).is_pending());
        }
        let answer = try_to_sign_in(&nobody, &person.email, person.password).await;
        assert_eq!(answer.code(), "UNAVAILABLE", "{answer}");
        // Nobody who waits holds a connection: the last one goes back when its request is done with it.
        while shop.node.system.db.pool_size().0 > 0 {
            tokio::task::yield_now().await;
        }
        drop(waiting);
        drop(inside);
        try_to_sign_in(&nobody, &person.email, person.password).await.ok();
    }
}

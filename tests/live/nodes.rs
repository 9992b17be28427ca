//! Several nodes over one database.

use std::collections::BTreeMap;

use futures::future::join_all;
use rules::permission::Permission::ProductsRead;
use sea_orm::DbBackend;

use super::*;

both! {
    async fn what_one_node_writes_is_heard_on_the_other(db: Database) {
        let shop = Shop::open(db).await;
        let mut other = shop.second_node().await;
        let (here, there) = (shop.owner(), shop.on(&other, &shop.owner()));
        let mut heard_here = here.listen(PRODUCTS, json!({})).await;
        let mut heard_there = there.listen(PRODUCTS, json!({})).await;
        for writer in [&here, &there] {
            let product = shop.product(writer, json!({})).await.id;
            // A file is looked at from time to time: now is one.
            other.system.signals.until_caught_up().await;
            shop.node.system.signals.until_caught_up().await;
            for events in [&mut heard_here, &mut heard_there] {
                assert_eq!(events.data().await["productChanged"]["productId"], *product);
            }
        }
        drop((heard_here, heard_there));
        other.stop().await;
    }

    async fn writers_on_two_nodes_are_told_once_each_and_in_order(db: Database) {
        if db.is_sqlite() {
            // Two processes at one file do not hear in which order the other one commits.
            return;
        }
        let shop = Shop::open(db).await;
        let mut other = shop.second_node().await;
        let (here, there) = (shop.owner(), shop.on(&other, &shop.owner()));
        let product = shop.product(&here, json!({})).await.id;
        let mut listeners = [here.listen(PRODUCTS, json!({})).await, there.listen(PRODUCTS, json!({})).await];
        let mut written = 0;
        for round in 0..5 {
            let writers = [&here, &there, &here, &there].into_iter().enumerate();
            let writing = writers.map(|(number, actor)| {
                let (actor, product) = (actor.clone(), product.clone());
                async move { retitle(&actor, &product, &format!("Title {round}-{number}")).await }
            });
            written += join_all(writing).await.iter().filter(|answer| answer.is_ok()).count();
        }
        for events in &mut listeners {
            let mut last: BTreeMap<String, i64> = BTreeMap::new();
            for _ in 0..written {
                let event = events.data().await["productChanged"].take();
                let sequence = event["sequence"].as_i64().expect("a number");
                let before = last.insert(event["productId"].to_string(), sequence).unwrap_or(1);
                assert_eq!(sequence, before + 1, "{event}");
            }
        }
        drop(listeners);
        other.stop().await;
    }

    async fn a_lost_connection_loses_no_event(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut events = owner.listen(PRODUCTS, json!({})).await;
        let mut expected = Vec::new();
        for title in ["Oak", "Elm", "Fir"] {
            if shop.db().get_database_backend() == DbBackend::Postgres {
                let others = "datname = current_database() AND pid <> pg_backend_pid()";
                shop.number(&format!("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}")).await;
            } else {
                shop.node.system.signals.hear_missed();
            }
            // A request may still meet a connection that was cut.
            let mut product = None;
            until(async || {
                let document = "mutation($title: String!) { productCreate(input: { title: $title }) { product { id } userErrors { code } } }";
                let answer = owner.query(document, json!({ "title": title })).await;
                product = answer.is_ok().then(|| answer.text("productCreate.product.id").to_owned());
                product.is_some()
            })
            .await;
            expected.extend(product);
        }
        let mut heard = Vec::new();
        for _ in 0..expected.len() {
            heard.push(events.data().await["productChanged"]["productId"].as_str().expect("an id").to_owned());
        }
        expected.sort();
        heard.sort();
        assert_eq!(heard, expected, "each once");
    }

    async fn promise_p04_attack_t21_rights_that_end_on_one_node_end_subscriptions_on_the_other(db: Database) {
        let shop = Shop::open_with(db, |config| config.recheck = std::time::Duration::from_millis(50)).await;
        let mut other = shop.second_node().await;
        let staff = shop.staff([ProductsRead]).await;
        let mut events = staff.listen(PRODUCTS, json!({})).await;
        shop.on(&other, &staff).query("mutation { signOut { userErrors { code } } }", json!({})).await.ok();
        assert_eq!(events.ended().await, "UNAUTHENTICATED");
        other.stop().await;
    }
}

//! The server is killed in the middle of a sale.
//!
//! What was promised is in the journal that the buyers keep themselves: an order that somebody was told of is there
//! afterwards, and whoever was not told finds out by asking again. `benches/stress/run kills` is the long form.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use futures::stream::{self, FuturesUnordered};
use serde_json::Value;
use stoa::kernel::Clock;
use stoa::kernel::clock::SystemClock;
use tokio::sync::Notify;

use super::{SHOWN, kept, ready, then, till, total, work};
use crate::harness::carts::CartIds;
use crate::harness::process::{KEY, Served, address};
use crate::harness::{Actor, Shop, json};

/// How often the server is killed.
const ROUNDS: usize = 2;
/// How many pay at a time.
const BUYERS: usize = 6;
/// How many have an order before the server is killed, in each round.
const LEAST: usize = 20;
/// How many carts there are a round: more than are paid by then.
const CARTS: usize = 50;

/// What buyers know.
#[derive(Default)]
struct Journal {
    /// The number of the order that each cart was told of, by the cart.
    told: BTreeMap<String, i64>,
    /// Carts that are being paid now, or were when nobody answered any more.
    unknown: BTreeSet<String>,
}

/// One buyer: pays one cart after the other, until nobody answers.
async fn pay_on(
    buyer: Actor,
    carts: Arc<Mutex<Vec<CartIds>>>,
    provider: String,
    journal: Arc<Mutex<Journal>>,
    heard: Arc<Notify>,
) {
    let document = format!(
        "mutation($cartId: ID!, $token: String, $input: CheckoutPayInput!) \
         {{ checkoutPay(cartId: $cartId, token: $token, input: $input) {{ {SHOWN} }} }}"
    );
    loop {
        let Some(cart) = carts.lock().expect("carts").pop() else { panic!("all carts were paid before the end") };
        journal.lock().expect("the journal").unknown.insert(cart.id.clone());
        let payment = json!({ "providerId": provider, "token": "tok_approve" });
        let input = json!({ "total": { "amount": "9.90", "currencyCode": "EUR" }, "payment": payment });
        let body = json!({ "query": document, "variables": cart.with(json!({ "input": input })) });
        let Ok(response) = buyer.request(body).send().await else { break };
        let Ok(answer) = response.json::<Value>().await else { break };
        let order = &answer["data"]["checkoutPay"]["checkout"]["order"];
        assert_eq!(order["paymentStatus"], "PAID", "{answer}");
        let mut journal = journal.lock().expect("the journal");
        journal.unknown.remove(&cart.id);
        journal.told.insert(cart.id, order["number"].as_i64().expect("a number"));
        heard.notify_one();
    }
}

/// Moves the clock of the servers in this process to where the others' is.
fn follow(shop: &Shop, ahead: TimeDelta) {
    let now: DateTime<Utc> = SystemClock.now();
    shop.wait(now - shop.clock().now() + ahead);
}

both! {
    async fn fault_f08_promise_p11_what_a_killed_server_acknowledged_is_there_and_what_it_began_comes_to_an_end(db: Database) {
        let shop = Shop::open(db).await;
        let provider = till(&shop).await;
        let mug = shop.for_sale(&shop.owner(), "5.00", 10_000).await;
        follow(&shop, TimeDelta::zero());
        let folder = tempfile::tempdir().expect("a folder");
        let url = address(shop.database());
        let settings = [
            ("DATABASE_URL", url.as_str()),
            ("STOA_SECRET_KEY", KEY),
            ("STOA_LISTEN", "127.0.0.1:0"),
            ("STOA_PAYMENTS_TEST_PROVIDER", "true"),
            ("STOA_THROTTLE", "false"),
            // What nobody follows up is left for this story to look at.
            ("STOA_WORKER", "false"),
        ];
        let (visitor, journal) = (shop.anonymous(), Arc::new(Mutex::new(Journal::default())));
        let mut all: BTreeMap<String, CartIds> = BTreeMap::new();
        for round in 1..=ROUNDS {
            let carts = (0..CARTS).map(async |_| ready(&visitor, &shop, &[(&mug, 1)]).await);
            let carts: Vec<CartIds> = stream::iter(carts).buffer_unordered(BUYERS).collect().await;
            all.extend(carts.iter().map(|cart| (cart.id.clone(), cart.clone())));
            let mut server = Served::start(folder.path(), &settings).await;
            let (buyer, carts) = (visitor.clone().at(server.address()), Arc::new(Mutex::new(carts)));
            let heard = Arc::new(Notify::new());
            let pays = || pay_on(buyer.clone(), Arc::clone(&carts), provider.clone(), Arc::clone(&journal), Arc::clone(&heard));
            let mut buyers: FuturesUnordered<_> = (0..BUYERS).map(|_| tokio::spawn(pays())).collect();
            let enough = || {
                let journal = journal.lock().expect("the journal");
                journal.told.len() >= LEAST * round && !journal.unknown.is_empty()
            };
            while !enough() {
                tokio::select! {
                    () = heard.notified() => {}
                    gone = buyers.next() => panic!("a buyer went away before the end: {gone:?}"),
                }
            }
            server.kill().await;
            while let Some(gone) = buyers.next().await {
                gone.expect("a buyer whom nobody answered any more");
            }
        }

        let journal = Arc::into_inner(journal).and_then(|journal| journal.into_inner().ok()).expect("the journal");
        assert!(journal.told.len() >= LEAST * ROUNDS && !journal.unknown.is_empty());
        let mut server = Served::start(folder.path(), &settings).await;
        let buyer = visitor.clone().at(server.address());
        // Every second one of those who were not told comes back, and has an order then or at the second try.
        for cart in journal.unknown.iter().step_by(2).map(|id| &all[id]) {
            let seen = then(&buyer, cart, "checkoutConfirm").await.ok();
            if seen.text("checkoutConfirm.checkout.status") == "OPEN" {
                let total = total(&buyer, cart).await;
                super::pay_total(&buyer, cart, &provider, "tok_approve", &total).await.ok();
            }
            let seen = then(&buyer, cart, "checkoutConfirm").await.ok();
            assert_eq!(seen.text("checkoutConfirm.checkout.order.paymentStatus"), "PAID");
        }
        server.terminate().await;
        assert_eq!(server.child.wait().await.expect("the end").code(), Some(0));
        // The worker sees to the others.
        follow(&shop, TimeDelta::minutes(3));
        for _ in 0..2 {
            work(&shop).await;
        }

        let document = "query($id: ID!, $token: String) { checkout(cartId: $id, token: $token) \
            { status order { number paymentStatus total { amount } } } }";
        let mut orders = 0;
        for cart in all.values() {
            let seen = visitor.query(document, json!({ "id": cart.id, "token": cart.token })).await.ok();
            let checkout = seen.data("checkout");
            let order = &checkout["order"];
            match (journal.told.get(&cart.id), checkout["status"].as_str().unwrap_or("OPEN")) {
                (Some(number), status) => {
                    assert_eq!((status, order["number"].as_i64()), ("COMPLETED", Some(*number)), "an order was lost");
                    assert_eq!((&order["paymentStatus"], &order["total"]["amount"]), (&json!("PAID"), &json!("9.90")));
                }
                (None, status) => assert!(status == "COMPLETED" || status == "OPEN", "{seen}"),
            }
            orders += i64::from(!order.is_null());
        }
        // No order without its money, no money without its order, and nothing is held for nobody.
        assert_eq!(shop.number("SELECT COUNT(*) FROM orders").await, orders);
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments WHERE captured > refunded").await, orders);
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments WHERE captured > refunded AND order_id IS NOT NULL").await, orders);
        assert_eq!(kept(&shop).await, (0, orders));
    }
}

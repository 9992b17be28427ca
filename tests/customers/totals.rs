//! Stories of what orders count of a customer.

use rules::ids::CustomerId;
use rules::{Currency, Money};
use stoa::customers::{OrderCount, buyer, count_order, find_or_create_guest};
use stoa::gate::authentication::operator;
use stoa::identity::email;
use stoa::kernel::{Action, Audit};

use super::{EMAIL, PASSWORD, sign_up};
use crate::harness::Shop;

async fn count(shop: &Shop, customer: CustomerId, orders: i64, minor: i64) -> stoa::kernel::Result<()> {
    let ctx = operator(&shop.node.system, "count", Some("linden")).await.expect("the operator");
    let tx = ctx.begin_store(Action::CustomerUpdate).await?;
    let spent = Money::from_minor(minor, Currency::from_code("EUR").expect("a currency"));
    count_order(&tx, customer, OrderCount { orders, spent }).await?;
    tx.commit(Audit::done("customer", &serde_json::json!({}))).await
}

both! {
    async fn orders_that_count_at_once_are_all_counted(db: Database) {
        let shop = Shop::open(db).await;
        let customer = shop.guest().await;
        let counts = (0..6).map(|_| count(&shop, customer, 1, 500));
        let counted = futures::future::join_all(counts).await;
        let done = counted.iter().filter(|counted| counted.is_ok()).count() as i64;
        assert!(done >= 1, "{counted:?}");
        assert_eq!(shop.number("SELECT orders FROM customer_order_totals").await, done);
        assert_eq!(shop.number("SELECT spent FROM customer_order_totals").await, done * 500);
        count(&shop, customer, -1, -500).await.expect("a canceled order");
        assert_eq!(shop.number("SELECT orders FROM customer_order_totals").await, done - 1);
        count(&shop, customer, -100, -500_000).await.expect_err("more than was counted");
        let ctx = operator(&shop.node.system, "buyer", Some("linden")).await.expect("the operator");
        let known = buyer(&ctx.store().await.expect("a read"), customer).await.expect("a buyer");
        assert_eq!((known.customer, known.first_order), (Some(customer), done == 1));
    }

    async fn rule_c3_a_guest_with_the_address_of_an_account_is_another_customer(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let ctx = operator(&shop.node.system, "guest", Some("linden")).await.expect("the operator");
        let email = email::read("email", EMAIL).expect("an address");
        let mut ids = Vec::new();
        for _ in 0..2 {
            let mut tx = ctx.begin_store(Action::CustomerCreate).await.expect("a write");
            ids.push(find_or_create_guest(&mut tx, &email).await.expect("a guest").id);
            tx.commit_unaudited("a story").await.expect("committed");
        }
        assert_eq!(ids[0], ids[1]);
        assert_eq!(shop.number("SELECT COUNT(*) FROM customers WHERE kind = 'GUEST'").await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM customers WHERE kind = 'REGISTERED'").await, 1);
    }
}

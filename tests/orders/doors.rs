//! What other domains tell an order, and where it stands then.

use rules::ids::{OrderId, OrderLineId, PaymentId};
use rules::state::payment::Payment;
use rules::{Currency, Money};
use stoa::kernel::{Action, Error};
use stoa::orders::{UnitsMoved, note_payment, note_units};

use super::{cancel, eur, inside, look};
use crate::harness::{Answer, Shop, json};

/// A payment of so many cents that were promised, taken and given back.
fn payment(authorized: i64, captured: i64, refunded: i64) -> Payment {
    let eur = |minor| Money::from_minor(minor, Currency::EUR);
    Payment {
        authorized: eur(authorized),
        captured: eur(captured),
        refunded: eur(refunded),
        ..Payment::new(Currency::EUR)
    }
}

async fn pay(shop: &Shop, order: &str, id: PaymentId, is: &Payment) -> Result<(), Error> {
    let ctx = inside(shop);
    let mut tx = ctx.begin_store(Action::OrderUpdate).await?;
    note_payment(&mut tx, order.parse().expect("an order"), id, is, Some("the bank says so")).await?;
    tx.commit_unaudited("a payment of a test").await
}

/// Units of a line were sent or came back.
pub async fn send(shop: &Shop, order: &str, line: &str, moved: UnitsMoved) -> Result<(), Error> {
    let ctx = inside(shop);
    let mut tx = ctx.begin_store(Action::OrderUpdate).await?;
    let (order, line): (OrderId, OrderLineId) = (order.parse().expect("an order"), line.parse().expect("a line"));
    note_units(&mut tx, order, &[(line, moved)], None).await?;
    tx.commit_unaudited("a parcel of a test").await
}

fn stands(seen: &Answer) -> [&str; 4] {
    ["status", "paymentStatus", "fulfillmentStatus", "returnStatus"].map(|field| seen.text(&format!("order.{field}")))
}

both! {
    async fn rule_f2_where_an_order_stands_follows_from_what_became_of_it(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let engraved = json!([{ "title": "Engraving", "quantity": 2, "unitPrice": eur("10") }]);
        let order = shop.order(&owner, json!({ "lines": engraved })).await;
        let stand = async || look(&owner, &order.id).await;
        assert_eq!(stands(&stand().await), ["OPEN", "PENDING", "UNFULFILLED", "NONE"]);
        let card: PaymentId = shop.id();
        pay(&shop, &order.id, card, &payment(2_000, 0, 0)).await.expect("noted");
        assert_eq!(stands(&stand().await)[1], "AUTHORIZED");
        pay(&shop, &order.id, card, &payment(2_000, 2_000, 0)).await.expect("noted");
        let before = shop.fingerprint().await;
        pay(&shop, &order.id, card, &payment(2_000, 2_000, 0)).await.expect("noted");
        shop.assert_unchanged(&before).await;
        assert_eq!(stands(&stand().await), ["OPEN", "PAID", "UNFULFILLED", "NONE"]);
        let one = UnitsMoved { fulfilled: 1, ..UnitsMoved::default() };
        send(&shop, &order.id, &order.lines[0], one).await.expect("sent");
        assert_eq!(stands(&stand().await)[2], "PARTIALLY_FULFILLED");
        send(&shop, &order.id, &order.lines[0], one).await.expect("sent");
        assert_eq!(stands(&stand().await), ["COMPLETED", "PAID", "FULFILLED", "NONE"]);
        let refused = send(&shop, &order.id, &order.lines[0], one).await.expect_err("all are sent");
        assert!(matches!(refused, Error::Conflict(_)), "{refused}");
        send(&shop, &order.id, &order.lines[0], UnitsMoved { returning: 1, ..UnitsMoved::default() }).await.expect("asked");
        assert_eq!(stands(&stand().await), ["OPEN", "PAID", "FULFILLED", "IN_PROGRESS"]);
        let back = UnitsMoved { returning: -1, returned: 1, fulfilled: 0 };
        send(&shop, &order.id, &order.lines[0], back).await.expect("back");
        pay(&shop, &order.id, card, &payment(2_000, 2_000, 1_000)).await.expect("noted");
        let seen = stand().await;
        assert_eq!(stands(&seen), ["COMPLETED", "PARTIALLY_REFUNDED", "FULFILLED", "PARTIALLY_RETURNED"]);
        // The guest who bought it is counted with what is kept of it.
        let counted = "SELECT COUNT(*) FROM customer_order_totals WHERE orders = 1 AND spent = 1000 AND currency = 'EUR'";
        assert_eq!(shop.number(counted).await, 1);
        let history = seen.data("order.history").as_array().expect("a list");
        assert!(history.iter().any(|change| change["to"] == "PAID" && change["reason"] == "the bank says so"), "{seen}");
    }

    async fn attack_c24_what_payments_hold_of_a_called_off_order_is_work_once(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let order = shop.order(&owner, json!({})).await;
        let (card, voucher): (PaymentId, PaymentId) = (shop.id(), shop.id());
        pay(&shop, &order.id, card, &payment(600, 0, 0)).await.expect("noted");
        pay(&shop, &order.id, voucher, &payment(400, 400, 100)).await.expect("noted");
        cancel(&owner, &order.id).await.ok();
        cancel(&owner, &order.id).await.ok();
        let tasks = async || {
            let seen = look(&owner, &order.id).await;
            let tasks = seen.data("order.paymentTasks").as_array().expect("a list").clone();
            let mut told: Vec<String> = tasks
                .iter()
                .map(|task| {
                    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
                    let open = if task["doneAt"].is_null() { "open" } else { "done" };
                    format!("{} {} {open}", word(&task["kind"]), word(&task["amount"]["amount"]))
                })
                .collect();
            told.sort_unstable();
            told
        };
        assert_eq!(tasks().await, ["REFUND 3.00 open", "VOID 6.00 open"]);
        let let_go = Payment { voided: Money::from_minor(600, Currency::EUR), ..payment(600, 0, 0) };
        pay(&shop, &order.id, card, &let_go).await.expect("noted");
        assert_eq!(tasks().await, ["REFUND 3.00 open", "VOID 6.00 done"]);
        pay(&shop, &order.id, voucher, &payment(400, 400, 400)).await.expect("noted");
        assert_eq!(tasks().await, ["REFUND 3.00 done", "VOID 6.00 done"]);
        // Money that comes too late is not kept.
        pay(&shop, &order.id, shop.id(), &payment(1_000, 1_000, 0)).await.expect("noted");
        assert_eq!(tasks().await, ["REFUND 10.00 open", "REFUND 3.00 done", "VOID 6.00 done"]);
    }

    async fn attack_c04_a_payment_in_another_currency_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let order = shop.order(&shop.owner(), json!({})).await;
        let before = shop.fingerprint().await;
        let dollars = Payment::new(Currency::from_code("USD").expect("a currency"));
        let refused = pay(&shop, &order.id, shop.id(), &dollars).await.expect_err("refused");
        assert!(matches!(refused, Error::Conflict(_)), "{refused}");
        let nobodys = pay(&shop, &shop.id::<OrderId>().to_string(), shop.id(), &payment(1, 0, 0)).await;
        assert!(matches!(nobodys, Err(Error::NotFound)));
        shop.assert_unchanged(&before).await;
    }
}

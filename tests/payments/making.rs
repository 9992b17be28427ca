//! Stories of payments that are made with the test provider, and by hand.

use std::time::Duration;

use chrono::TimeDelta;
use rules::states::{DeclineReason, PaymentAttemptState, PaymentStatus};
use rules::{Currency, ErrorCode, Money};
use stoa::kernel::{Action, Error};
use stoa::payments::asking::{ask, look_up};
use stoa::payments::changes;
use stoa::payments::gateway::{NextAction, Token};
use stoa::payments::session::{Begin, How, begin, carry_out};

use super::{capture, look, stands, state, sums, void};
use crate::harness::{Database, Shop, json};

async fn impatient(db: Database) -> Shop {
    Shop::open_with(db, |config| config.settings.payments.patience = Duration::from_millis(50)).await
}

both! {
    async fn rule_y2_a_payment_is_made_at_once_or_promised(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        for (mode, status, authorized, captured) in
            [("AUTOMATIC", "PAID", "100.00", "100.00"), ("MANUAL", "AUTHORIZED", "100.00", "0.00")]
        {
            let provider = shop.test_provider(&shop.owner(), mode).await;
            let made = shop.pay(&ctx, &provider, "tok_approve").await;
            assert_eq!((state(&made), made.action, made.failure), (PaymentAttemptState::Succeeded, None, None));
            let seen = look(&shop, made.payment.id).await;
            assert_eq!(seen.text("payment.status"), status);
            assert_eq!(seen.text("payment.authorized.amount"), authorized);
            assert_eq!(seen.text("payment.captured.amount"), captured);
        }
    }

    async fn rule_y2_a_payment_is_declined_for_a_reason(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        for (token, reason) in [
            ("tok_decline", DeclineReason::CardDeclined),
            ("tok_insufficient_funds", DeclineReason::InsufficientFunds),
            ("tok_expired_card", DeclineReason::ExpiredCard),
        ] {
            let made = shop.pay(&ctx, &provider, token).await;
            assert_eq!((state(&made), made.failure), (PaymentAttemptState::Declined, Some(reason)), "{token}");
            assert_eq!(made.payment.status, PaymentStatus::Failed);
            assert_eq!(sums(&shop, made.payment.id).await, ["0.00", "0.00", "0.00", "0.00", "0.00"]);
        }
        let made = shop.pay(&ctx, &provider, "nonsense").await;
        assert_eq!((state(&made), made.failure), (PaymentAttemptState::Failed, Some(DeclineReason::RefusedByProvider)));
    }

    async fn rule_y2_a_step_of_the_buyers_comes_before_the_money(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        for (token, status) in [("tok_action", "PAID"), ("tok_action_fails", "FAILED")] {
            let made = shop.pay(&ctx, &provider, token).await;
            assert_eq!(state(&made), PaymentAttemptState::ActionRequired);
            assert_eq!(made.action, Some(NextAction::Redirect("https://shop.example/back".to_owned())));
            assert_eq!(stands(&shop, made.payment.id).await, ("PENDING".to_owned(), "ACTION_REQUIRED".to_owned()));
            changes::sync(&ctx, made.payment.id).await.expect("the buyer is back");
            assert_eq!(stands(&shop, made.payment.id).await.0, status, "{token}");
        }
    }

    async fn fault_f10_an_answer_that_never_came_is_asked_after(db: Database) {
        let shop = impatient(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        for (token, status, ended) in
            [("tok_timeout", "PAID", "SUCCEEDED"), ("tok_timeout_lost", "FAILED", "FAILED"), ("tok_late", "PAID", "SUCCEEDED")]
        {
            let made = shop.pay(&ctx, &provider, token).await;
            assert!(matches!(state(&made), PaymentAttemptState::Unknown | PaymentAttemptState::Pending), "{token}");
            assert_eq!(ask(&ctx, 10).await.expect("asked"), 0, "it is too early to ask");
            shop.wait(TimeDelta::minutes(3));
            let worker = shop.inside("linden").await;
            assert_eq!(ask(&worker, 10).await.expect("asked"), 1, "{token}");
            assert_eq!(stands(&shop, made.payment.id).await, (status.to_owned(), ended.to_owned()), "{token}");
            assert_eq!(ask(&worker, 10).await.expect("asked"), 0, "nothing is left to ask");
            ctx.release().await;
            worker.release().await;
        }
    }

    async fn fault_f10_whoever_begins_and_goes_away_leaves_a_payment_that_was_never_made(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let cart = shop.cart_row(shop.linden.store()).await;
        let wanted = Begin {
            provider: provider.parse().expect("an id"),
            cart: Some(cart),
            order: None,
            amount: Money::from_minor(10_000, Currency::EUR),
            key: "lost".to_owned(),
        };
        let mut tx = ctx.begin_store(Action::PaymentStart).await.expect("a write");
        let begun = begin(&mut tx, &wanted).await.expect("a payment");
        // No provider is asked while the write is open.
        let refused = carry_out(&ctx, begun, How::default()).await;
        assert!(refused.is_err(), "{refused:?}");
        assert!(ctx.outside().await.is_err(), "nobody gets out of a write");
        tx.commit_unaudited("as checkout does").await.expect("it is written");
        assert!(ctx.outside().await.is_ok());
        assert_eq!(stands(&shop, begun.payment).await, ("PENDING".to_owned(), "STARTED".to_owned()));
        look_up(&ctx, begun.attempt).await.expect("an answer");
        assert_eq!(stands(&shop, begun.payment).await, ("FAILED".to_owned(), "FAILED".to_owned()));
    }

    async fn promise_p08_the_same_key_is_the_same_payment(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let cart = shop.cart_row(shop.linden.store()).await;
        let first = shop.pay_for(&ctx, &provider, cart, "tok_approve", "cart/1").await.expect("a payment");
        // Another token does not make it another payment, and nobody is asked again.
        let again = shop.pay_for(&ctx, &provider, cart, "tok_decline", "cart/1").await.expect("the same");
        assert_eq!((again.payment.id, again.state), (first.payment.id, PaymentAttemptState::Succeeded));
        let other = shop.cart_row(shop.linden.store()).await;
        let refused = shop.pay_for(&ctx, &provider, other, "tok_approve", "cart/1").await.expect_err("another cart");
        assert!(matches!(refused, Error::Conflict(problem) if problem.code == ErrorCode::IdempotencyKeyReused));
        let many = (0..8).map(|_| async {
            let ctx = shop.inside("linden").await;
            shop.pay_for(&ctx, &provider, other, "tok_approve", "cart/2").await.map(|made| made.payment.id)
        });
        let made = futures::future::join_all(many).await;
        let ids: std::collections::BTreeSet<_> = made.iter().filter_map(|made| made.as_ref().ok()).collect();
        assert_eq!(ids.len(), 1, "{made:?}");
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments").await, 2);
    }

    async fn attack_t04_a_provider_or_cart_of_another_store_is_none(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let theirs = shop.test_provider(&shop.rival(), "AUTOMATIC").await;
        let ours = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let cart = shop.cart_row(shop.linden.store()).await;
        let refused = shop.pay_for(&ctx, &theirs, cart, "tok_approve", "a").await.expect_err("their provider");
        assert!(matches!(refused, Error::Conflict(problem) if problem.code == ErrorCode::NotFound));
        let their_cart = shop.cart_row(shop.rival.store()).await;
        assert!(shop.pay_for(&ctx, &ours, their_cart, "tok_approve", "b").await.is_err(), "their cart");
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments").await, 0);
        // A payment of ours is none of the rival's.
        let paid = shop.pay(&ctx, &ours, "tok_approve").await.payment.id;
        let before = shop.fingerprint().await;
        for answer in [capture(&shop.rival(), paid, None).await, void(&shop.rival(), paid).await] {
            assert_eq!(answer.code(), "NOT_FOUND", "{answer}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn what_was_promised_is_taken_in_part_or_let_go(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "MANUAL").await;
        let paid = shop.pay(&ctx, &provider, "tok_approve").await.payment.id;
        let answer = capture(&shop.owner(), paid, Some("100.01")).await;
        assert_eq!(answer.user_error("paymentCapture"), "OUT_OF_RANGE amount", "{answer}");
        capture(&shop.owner(), paid, Some("60.00")).await.ok();
        assert_eq!(stands(&shop, paid).await, ("PARTIALLY_PAID".to_owned(), "SUCCEEDED".to_owned()));
        assert_eq!(capture(&shop.owner(), paid, Some("40.01")).await.user_error("paymentCapture"), "OUT_OF_RANGE amount");
        void(&shop.owner(), paid).await.ok();
        assert_eq!(sums(&shop, paid).await, ["100.00", "60.00", "40.00", "0.00", "0.00"]);
        assert_eq!(stands(&shop, paid).await.0, "PAID");
        assert_eq!(void(&shop.owner(), paid).await.user_error("paymentVoid"), "NOT_ALLOWED");
        assert!(!capture(&shop.owner(), paid, None).await.is_ok());
    }

    async fn attack_c16_fifty_captures_at_once_take_no_more_than_was_promised(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "MANUAL").await;
        let paid = shop.pay(&ctx, &provider, "tok_approve").await.payment.id;
        let owner = shop.owner();
        let all = (0..50).map(|_| capture(&owner, paid, Some("30.00")));
        let taken = futures::future::join_all(all).await.iter().filter(|answer| answer.is_ok()).count();
        assert!((1..=3).contains(&taken), "{taken} were taken");
        let expected = format!("{}.00", taken * 30);
        assert_eq!(sums(&shop, paid).await[1], expected);
    }

    async fn money_by_hand_is_said_to_have_come_in(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let input = json!({ "kind": "BANK_TRANSFER", "name": "Transfer", "instructions": "IBAN DE00\nName the number." });
        let provider = shop.payment_provider(&shop.owner(), input).await;
        let made = shop.pay(&ctx, &provider, "").await;
        assert_eq!(made.action, Some(NextAction::Instructions("IBAN DE00\nName the number.".to_owned())));
        let id = made.payment.id;
        let mark = "mutation($id: ID!, $amount: MoneyInput) { paymentMarkAsPaid(id: $id, amount: $amount) \
            { payment { status } userErrors { code field } } }";
        let say = async |amount: Option<&str>| {
            shop.owner().query(mark, json!({ "id": id.to_string(), "amount": amount.map(super::eur) })).await
        };
        assert_eq!(capture(&shop.owner(), id, None).await.user_error("paymentCapture"), "NOT_ALLOWED");
        assert_eq!(say(Some("100.01")).await.user_error("paymentMarkAsPaid"), "OUT_OF_RANGE amount");
        assert_eq!(say(Some("40.00")).await.ok().text("paymentMarkAsPaid.payment.status"), "PARTIALLY_PAID");
        assert_eq!(say(None).await.ok().text("paymentMarkAsPaid.payment.status"), "PAID");
        assert_eq!(say(None).await.user_error("paymentMarkAsPaid"), "OUT_OF_RANGE amount");
        let card = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &card, "tok_late").await.payment.id.to_string();
        let answer = shop.owner().query(mark, json!({ "id": paid })).await;
        assert_eq!(answer.user_error("paymentMarkAsPaid"), "NOT_ALLOWED", "its provider tells");
    }

    async fn a_payment_is_undone_be_it_made_or_not(db: Database) {
        let shop = impatient(db).await;
        let ctx = shop.inside("linden").await;
        for (mode, token, was_made, status) in [
            ("AUTOMATIC", "tok_approve", true, "REFUNDED"),
            ("MANUAL", "tok_approve", true, "VOIDED"),
            ("AUTOMATIC", "tok_timeout", true, "REFUNDED"),
            ("AUTOMATIC", "tok_decline", false, "VOIDED"),
        ] {
            let provider = shop.test_provider(&shop.owner(), mode).await;
            let paid = shop.pay(&ctx, &provider, token).await.payment.id;
            let undone = changes::undo(&ctx, paid).await.expect("undone");
            assert_eq!((undone.was_made, undone.finished), (was_made, true), "{mode} {token}");
            assert_eq!(stands(&shop, paid).await.0, status, "{mode} {token}");
            let before = sums(&shop, paid).await;
            changes::undo(&ctx, paid).await.expect("undone again");
            assert_eq!(sums(&shop, paid).await, before, "nothing is undone twice");
        }
    }

    async fn attack_s02_the_number_of_a_card_is_no_token(db: Database) {
        let shop = Shop::open(db).await;
        for number in ["4242424242424242", "4242 4242 4242 4242", "5555-5555-5555-4444"] {
            assert_eq!(Token::new(number), None, "{number}");
        }
        let token = Token::new("tok_canary").expect("a token");
        assert!(!format!("{token:?}").contains("canary"));
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_approve").await.payment.id;
        ask(&ctx, 1).await.expect("asked");
        assert!(look(&shop, paid).await.is_ok());
    }
}

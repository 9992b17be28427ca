//! Stories of payments with Paystack, told to a stand-in that answers as its documentation says.

use std::time::Duration;

use rules::states::{DeclineReason, PaymentAttemptState};
use rules::{Currency, Money};
use serde_json::Value;
use stoa::payments::changes;
use stoa::payments::gateway::{NextAction, Token};
use stoa::payments::session::{Begin, How, Progress, start};

use super::{look, refund, stands, state};
use crate::harness::paystack::{Paystack, sign};
use crate::harness::{Database, Shop, json};

const KEY: &str = "sk_test_canary_of_paystack";

struct Story {
    shop: Shop,
    paystack: Paystack,
    provider: String,
    ctx: stoa::kernel::Ctx,
}

async fn story(db: Database) -> Story {
    let paystack = Paystack::open().await;
    let url = paystack.url.clone();
    let shop = Shop::open_with(db, |config| {
        config.settings.payments.paystack_url = url;
        config.settings.payments.patience = Duration::from_millis(500);
    })
    .await;
    let input = json!({ "kind": "PAYSTACK", "name": "Paystack", "secretKey": KEY, "subaccount": "ACCT_xxxxxxxxx" });
    let provider = shop.payment_provider(&shop.owner(), input).await;
    let ctx = shop.inside("linden").await;
    Story { shop, paystack, provider, ctx }
}

impl Story {
    /// Pays 100.00 NGN.
    async fn pay(&self, token: Option<&str>) -> Progress {
        let cart = self.shop.cart_row(self.shop.linden.store()).await;
        let begin = Begin {
            provider: self.provider.parse().expect("an id"),
            cart: Some(cart),
            order: None,
            amount: Money::from_minor(10_000, Currency::from_code("NGN").expect("a currency")),
            key: cart.to_string(),
        };
        let how = How {
            token: token.and_then(Token::new),
            return_url: Some("https://shop.example/back".to_owned()),
            email: Some("ann@people.example".to_owned()),
            description: None,
        };
        start(&self.ctx, &begin, how).await.expect("a payment")
    }

    async fn tell(&self, event: &str, data: &Value, key: &str) -> u16 {
        let body = json!({ "event": event, "data": data }).to_string();
        let url = format!("{}/webhooks/payments/{}", self.shop.url(), self.provider);
        let request = self.shop.client().post(url).header("x-paystack-signature", sign(key, &body)).body(body);
        request.send().await.expect("an answer").status().as_u16()
    }
}

both! {
    async fn rule_y2_the_buyer_pays_on_paystacks_page(db: Database) {
        let story = story(db).await;
        let made = story.pay(None).await;
        let id = made.payment.id;
        assert_eq!(made.action, Some(NextAction::Redirect("https://checkout.paystack.example/0peioxfhpn".to_owned())));
        let asked = story.paystack.last("initialize");
        assert_eq!((asked["amount"].as_str(), asked["currency"].as_str()), (Some("10000"), Some("NGN")));
        assert_eq!((asked["subaccount"].as_str(), asked["callback_url"].as_str()), (Some("ACCT_xxxxxxxxx"), Some("https://shop.example/back")));
        changes::sync(&story.ctx, id).await.expect("an answer");
        assert_eq!(stands(&story.shop, id).await, ("PENDING".to_owned(), "ACTION_REQUIRED".to_owned()), "not paid yet");
        let paid = story.paystack.buyer_pays();
        assert_eq!(story.tell("charge.success", &paid, "sk_test_of_somebody_else").await, 400);
        for _ in 0..2 {
            assert_eq!(story.tell("charge.success", &paid, KEY).await, 200);
        }
        assert_eq!(stands(&story.shop, id).await, ("PAID".to_owned(), "SUCCEEDED".to_owned()));
        assert_eq!(story.shop.number("SELECT COUNT(*) FROM inbound_webhooks").await, 1);
        let mut other = paid.clone();
        other["amount"] = json!(9_000);
        assert_eq!(story.tell("charge.success", &other, KEY).await, 200);
        assert_eq!(look(&story.shop, id).await.text("payment.review"), "AMOUNT_DIFFERS");
    }

    async fn rule_y2_an_earlier_authorization_is_charged_at_once(db: Database) {
        let story = story(db).await;
        let made = story.pay(Some("AUTH_72btv547")).await;
        assert_eq!((state(&made), stands(&story.shop, made.payment.id).await.0.as_str()), (PaymentAttemptState::Succeeded, "PAID"));
        let poor = story.pay(Some("AUTH_poor")).await;
        assert_eq!((state(&poor), poor.failure), (PaymentAttemptState::Declined, Some(DeclineReason::InsufficientFunds)));
        // No answer: the transaction is asked for by the reference that we chose.
        story.paystack.hang(Some("charge_authorization"));
        let lost = story.pay(Some("AUTH_72btv547")).await;
        assert_eq!(state(&lost), PaymentAttemptState::Unknown);
        changes::sync(&story.ctx, lost.payment.id).await.expect("an answer");
        assert_eq!(stands(&story.shop, lost.payment.id).await.0, "PAID");
    }

    async fn attack_c18_a_refund_whose_answer_was_lost_is_found_by_its_note(db: Database) {
        let story = story(db).await;
        let paid = story.pay(Some("AUTH_72btv547")).await.payment.id;
        story.paystack.hang(Some("/refund"));
        let owner = story.shop.owner();
        let input = json!({ "amount": { "amount": "40.00", "currencyCode": "NGN" } });
        let answer = refund(&owner, paid, input).await.ok();
        assert_eq!(answer.text("paymentRefund.refund.state"), "REQUESTED");
        story.paystack.hang(None);
        let made = story.paystack.refunds().remove(0);
        assert_eq!(made["merchant_note"], answer.text("paymentRefund.refund.id"));
        changes::sync(&story.ctx, paid).await.expect("an answer");
        assert_eq!(look(&story.shop, paid).await.text("payment.refunds.0.state"), "REQUESTED", "it is queued");
        story.paystack.process_refunds();
        // Their webhook names the transaction and the amount, and neither our note nor their number.
        let told = json!({
            "status": "processed", "transaction_reference": look(&story.shop, paid).await.text("payment.reference"),
            "refund_reference": "TRF_18pt1", "amount": "4000", "currency": "NGN", "domain": "test",
        });
        assert_eq!(story.tell("refund.processed", &told, KEY).await, 200);
        let seen = look(&story.shop, paid).await;
        assert_eq!(seen.texts("payment.refunds", "state"), ["SUCCEEDED"]);
        assert_eq!((seen.text("payment.refunded.amount"), seen.text("payment.refunding.amount")), ("40.00", "0.00"));
        // Asked after again, it is the same one, and was asked for once.
        changes::sync(&story.ctx, paid).await.expect("an answer");
        assert_eq!(look(&story.shop, paid).await.text("payment.refunded.amount"), "40.00");
        assert_eq!(story.paystack.refunds().len(), 1);
    }
}

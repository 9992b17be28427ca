//! Stories of payments with Stripe, told to a stand-in that answers as its documentation says.

use std::time::Duration;

use rules::states::{DeclineReason, PaymentAttemptState};
use stoa::payments::changes;
use stoa::payments::gateway::NextAction;

use super::{capture, eur, look, refund, stands, state, sums, void};
use crate::harness::stripe::{Mood, Stripe, event, sign};
use crate::harness::{Database, Shop, json};

const WEBHOOK: &str = "whsec_canary_of_stripe";

struct Story {
    shop: Shop,
    stripe: Stripe,
    provider: String,
    ctx: stoa::kernel::Ctx,
}

async fn story(db: Database, capture: &str) -> Story {
    let stripe = Stripe::open().await;
    let url = stripe.url.clone();
    let shop = Shop::open_with(db, |config| {
        config.settings.payments.stripe_url = url;
        config.settings.payments.patience = Duration::from_millis(500);
    })
    .await;
    let input = json!({
        "kind": "STRIPE", "name": "Card", "secretKey": "sk_test_12345678", "webhookSecret": WEBHOOK,
        "captureMode": capture, "subaccount": "acct_1",
    });
    let provider = shop.payment_provider(&shop.owner(), input).await;
    let ctx = shop.inside("linden").await;
    Story { shop, stripe, provider, ctx }
}

impl Story {
    /// Tells an event, and gives the status that is answered.
    async fn tell(&self, id: &str, kind: &str, object: &serde_json::Value) -> u16 {
        let body = event(id, kind, object);
        let signature = sign(WEBHOOK, self.shop.writer().now.timestamp(), &body);
        let url = format!("{}/webhooks/payments/{}", self.shop.url(), self.provider);
        let request = self.shop.client().post(url).header("stripe-signature", signature).body(body);
        request.send().await.expect("an answer").status().as_u16()
    }
}

both! {
    async fn rule_y2_stripe_takes_the_money_in_two_steps_with_a_key_each(db: Database) {
        let story = story(db, "AUTOMATIC").await;
        let made = story.shop.pay(&story.ctx, &story.provider, "pm_card_visa").await;
        assert_eq!(state(&made), PaymentAttemptState::Succeeded);
        let id = made.payment.id;
        assert_eq!(sums(&story.shop, id).await, ["100.00", "100.00", "0.00", "0.00", "0.00"]);
        let intent = story.stripe.intent();
        assert_eq!((intent["amount"].as_i64(), intent["currency"].as_str()), (Some(10_000), Some("eur")));
        assert_eq!(intent["metadata"]["stoa_payment"], id.to_string());
        assert_eq!(intent["transfer_data"]["destination"], "acct_1", "it is split");
        let asked = story.stripe.asked();
        assert!(asked[0].starts_with("POST /v1/payment_intents payment_attempt_") && asked[0].ends_with("-create"), "{asked:?}");
        assert!(asked[1].contains("/confirm payment_attempt_"), "{asked:?}");
        assert_eq!(look(&story.shop, id).await.text("payment.reference"), intent["id"]);
    }

    async fn rule_y2_stripe_declines_for_a_reason(db: Database) {
        let story = story(db, "AUTOMATIC").await;
        for (token, reason) in [
            ("pm_card_chargeDeclined", DeclineReason::CardDeclined),
            ("pm_card_chargeDeclinedInsufficientFunds", DeclineReason::InsufficientFunds),
            ("pm_card_chargeDeclinedExpiredCard", DeclineReason::ExpiredCard),
        ] {
            let made = story.shop.pay(&story.ctx, &story.provider, token).await;
            assert_eq!((state(&made), made.failure), (PaymentAttemptState::Declined, Some(reason)), "{token}");
        }
    }

    async fn rule_y2_stripe_sends_the_buyer_to_the_bank(db: Database) {
        let story = story(db, "AUTOMATIC").await;
        let made = story.shop.pay(&story.ctx, &story.provider, "pm_card_authenticationRequired").await;
        let url = "https://hooks.stripe.example/3d_secure".to_owned();
        assert_eq!(made.action, Some(NextAction::Redirect(url)));
        let intent = story.stripe.intent();
        let done = story.stripe.buyer_confirms(intent["id"].as_str().expect("an id"));
        assert_eq!(story.tell("evt_1", "payment_intent.succeeded", &done).await, 200);
        assert_eq!(stands(&story.shop, made.payment.id).await, ("PAID".to_owned(), "SUCCEEDED".to_owned()));
        // Who asks afterwards hears nothing new, and an event from before changes nothing.
        changes::sync(&story.ctx, made.payment.id).await.expect("an answer");
        assert_eq!(story.tell("evt_0", "payment_intent.requires_action", &intent).await, 200);
        assert_eq!(stands(&story.shop, made.payment.id).await.0, "PAID");
    }

    async fn without_a_token_the_buyer_confirms_in_the_storefront(db: Database) {
        let story = story(db, "MANUAL").await;
        let made = story.shop.pay(&story.ctx, &story.provider, "").await;
        let intent = story.stripe.intent();
        let client_secret = intent["client_secret"].as_str().expect("a secret").to_owned();
        assert_eq!(made.action, Some(NextAction::Confirm { client_secret }));
        // As long as nobody has confirmed, nothing is over.
        changes::sync(&story.ctx, made.payment.id).await.expect("an answer");
        assert_eq!(stands(&story.shop, made.payment.id).await, ("PENDING".to_owned(), "ACTION_REQUIRED".to_owned()));
        let done = story.stripe.buyer_confirms(intent["id"].as_str().expect("an id"));
        assert_eq!(story.tell("evt_1", "payment_intent.amount_capturable_updated", &done).await, 200);
        assert_eq!(stands(&story.shop, made.payment.id).await.0, "AUTHORIZED");
        let dump = story.shop.texts("SELECT COALESCE(action_url, '') FROM payment_attempts").await;
        assert_eq!(dump, [[""]], "the secret of the intent is kept nowhere");
    }

    async fn stripe_takes_a_part_and_lets_the_rest_go(db: Database) {
        let story = story(db, "MANUAL").await;
        let paid = story.shop.pay(&story.ctx, &story.provider, "pm_card_visa").await.payment.id;
        assert_eq!(stands(&story.shop, paid).await.0, "AUTHORIZED");
        capture(&story.shop.owner(), paid, Some("60.00")).await.ok();
        assert_eq!(sums(&story.shop, paid).await, ["100.00", "60.00", "40.00", "0.00", "0.00"]);
        let other = story.shop.pay(&story.ctx, &story.provider, "pm_card_visa").await.payment.id;
        void(&story.shop.owner(), other).await.ok();
        assert_eq!(stands(&story.shop, other).await, ("VOIDED".to_owned(), "SUCCEEDED".to_owned()));
    }

    async fn stripe_gives_back_once_whoever_tells_first(db: Database) {
        let story = story(db, "AUTOMATIC").await;
        let paid = story.shop.pay(&story.ctx, &story.provider, "pm_card_visa").await.payment.id;
        story.stripe.set_mood("refunds", Mood::Hangs);
        let answer = refund(&story.shop.owner(), paid, json!({ "amount": eur("30.00") })).await.ok();
        assert_eq!(answer.text("paymentRefund.refund.state"), "REQUESTED", "no answer came");
        let made = story.stripe.refunds().remove(0);
        assert_eq!(made["metadata"]["stoa_refund"], answer.text("paymentRefund.refund.id"));
        for id in ["evt_1", "evt_1", "evt_2"] {
            assert_eq!(story.tell(id, "refund.updated", &made).await, 200);
        }
        assert_eq!(sums(&story.shop, paid).await, ["100.00", "100.00", "0.00", "30.00", "0.00"]);
        assert_eq!(stands(&story.shop, paid).await, ("PARTIALLY_REFUNDED".to_owned(), "SUCCEEDED".to_owned()));
        assert_eq!(story.shop.number("SELECT COUNT(*) FROM refunds").await, 1);
        // One that was made in Stripe's own dashboard is heard of, too.
        let mut other = made.clone();
        (other["id"], other["amount"], other["metadata"]) = (json!("re_9"), json!(500), json!({}));
        assert_eq!(story.tell("evt_3", "refund.created", &other).await, 200);
        assert_eq!(sums(&story.shop, paid).await[3], "35.00");
    }

    async fn fault_f10_stripe_fails_hangs_or_is_not_there(db: Database) {
        let story = story(db, "AUTOMATIC").await;
        for (mood, then) in [(Mood::FailsAfter, "PAID"), (Mood::Hangs, "PAID"), (Mood::FailsBefore, "FAILED")] {
            story.stripe.set_mood("confirm", mood);
            let made = story.shop.pay(&story.ctx, &story.provider, "pm_card_visa").await;
            assert_eq!(state(&made), PaymentAttemptState::Unknown, "{mood:?}");
            story.stripe.set_mood("confirm", Mood::Well);
            changes::sync(&story.ctx, made.payment.id).await.expect("an answer");
            assert_eq!(stands(&story.shop, made.payment.id).await.0, then, "{mood:?}");
        }
        // The intent itself can't be made: no money can have moved.
        for mood in [Mood::Hangs, Mood::FailsAfter, Mood::Redirects, Mood::Floods] {
            story.stripe.set_mood("payment_intents", mood);
            let made = story.shop.pay(&story.ctx, &story.provider, "pm_card_visa").await;
            assert_eq!(state(&made), PaymentAttemptState::Unknown, "{mood:?}");
            story.stripe.set_mood("payment_intents", Mood::Well);
            changes::sync(&story.ctx, made.payment.id).await.expect("an answer");
            assert_eq!(stands(&story.shop, made.payment.id).await.0, "FAILED", "{mood:?}");
        }
    }

    async fn attack_c19_stripe_events_of_others_are_not_ours(db: Database) {
        let story = story(db, "AUTOMATIC").await;
        let made = story.shop.pay(&story.ctx, &story.provider, "").await;
        let intent = story.stripe.intent();
        let mut done = story.stripe.buyer_confirms(intent["id"].as_str().expect("an id"));
        // Of live mode, where the account is one of test mode.
        let body = event("evt_1", "payment_intent.succeeded", &done).replace("\"livemode\":false", "\"livemode\":true");
        let now = story.shop.writer().now.timestamp();
        let url = format!("{}/webhooks/payments/{}", story.shop.url(), story.provider);
        let send = async |body: &str, signature: String| {
            let request = story.shop.client().post(&url).header("stripe-signature", signature).body(body.to_owned());
            request.send().await.expect("an answer").status().as_u16()
        };
        assert_eq!(send(&body, sign(WEBHOOK, now, &body)).await, 200);
        assert_eq!(stands(&story.shop, made.payment.id).await.0, "PENDING");
        assert_eq!(send(&body, sign("whsec_wrong", now, &body)).await, 400);
        assert_eq!(send(&body, sign(WEBHOOK, now - 600, &body)).await, 400, "told again, ten minutes later");
        // Another amount for what is known is parked.
        assert_eq!(story.tell("evt_2", "payment_intent.succeeded", &done).await, 200);
        done["amount_received"] = json!(9_999);
        done["amount"] = json!(9_999);
        assert_eq!(story.tell("evt_3", "payment_intent.succeeded", &done).await, 200);
        let seen = look(&story.shop, made.payment.id).await;
        assert_eq!((seen.text("payment.review"), seen.text("payment.captured.amount")), ("AMOUNT_DIFFERS", "100.00"));
        assert_eq!(story.tell("evt_4", "customer.created", &json!({ "object": "customer" })).await, 200);
    }
}

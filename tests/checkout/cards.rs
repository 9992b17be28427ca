//! Paying with gift cards and store credit.

use chrono::TimeDelta;
use futures::future::join_all;

use super::storms::crowded;
use super::{kept, pay_due, ready, then, till, work};
use crate::carts::{edit, gift_cards, look};
use crate::harness::carts::CartIds;
use crate::harness::{Actor, Answer, Shop, json};

const ORDERS: &str = "SELECT COUNT(*) FROM orders";
const HOLDS: &str = "SELECT COUNT(*) FROM gift_card_holds";

/// What is left of a gift card, in cents.
async fn worth(shop: &Shop, card: &str) -> i64 {
    shop.number(&format!("SELECT balance FROM gift_cards WHERE id = {}", shop.literal_of(card))).await
}

/// What a customer's one store credit comes to, in cents.
async fn credit(shop: &Shop) -> i64 {
    shop.number("SELECT balance FROM store_credits").await
}

async fn use_credit(buyer: &Actor, cart: &CartIds) -> Answer {
    let document = "mutation($cartId: ID!) { cartStoreCreditUpdate(cartId: $cartId, used: true) \
        { cart { pricing { storeCredit { available { amount } covers { amount } } amountDue { amount } } } \
          userErrors { code field message } } }";
    buyer.query(document, json!({ "cartId": cart.id })).await
}

/// The newest order: its id, and what it shows of its payments.
async fn newest(shop: &Shop) -> Answer {
    let document = "{ orders(first: 1) { nodes { id paymentStatus payments { paymentId captured { amount } \
        refunded { amount } } } } }";
    shop.owner().query(document, json!({})).await.ok()
}

async fn cancel(shop: &Shop) {
    let id = newest(shop).await.text("orders.nodes.0.id").to_owned();
    let document = "mutation($id: ID!) { orderCancel(id: $id, input: { reason: CUSTOMER }) { userErrors { code } } }";
    shop.owner().query(document, json!({ "id": id })).await.ok();
}

both! {
    async fn rule_p1_a_gift_card_pays_first_and_the_provider_the_rest(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        let (small, small_code) = shop.gift_card_of(&shop.owner(), "4.00", json!({})).await;
        let (large, large_code) = shop.gift_card_of(&shop.owner(), "6.00", json!({})).await;
        let shown = gift_cards(&buyer, &cart, &[&small_code.to_lowercase(), &large_code, &small_code]).await.ok();
        let of = |path: &str| shown.text(&format!("cartGiftCardsApply.cart.pricing.{path}")).to_owned();
        assert_eq!((of("total.amount"), of("amountDue.amount")), ("14.90".into(), "4.90".into()), "no total is changed");
        assert_eq!((of("giftCards.0.covers.amount"), of("giftCards.1.covers.amount")), ("4.00".into(), "6.00".into()));
        assert_eq!(of("giftCards.0.lastFour"), &small_code[15..]);
        assert!(!shown.to_string().contains(&small_code), "the code is shown to nobody");
        assert_eq!(shop.number(HOLDS).await, 0, "nothing is kept by looking");
        // What the buyer was not shown is not taken.
        let missing = pay_due(&buyer, &cart, Some(&provider), "tok_approve", None).await;
        assert_eq!(missing.user_error("checkoutPay"), "REQUIRED amountDue");
        let other = pay_due(&buyer, &cart, Some(&provider), "tok_approve", Some("4.91")).await;
        assert_eq!(other.user_error("checkoutPay"), "PRICE_CHANGED amountDue");
        let paid = pay_due(&buyer, &cart, Some(&provider), "tok_approve", Some("4.90")).await.ok();
        assert_eq!(paid.text("checkoutPay.checkout.order.paymentStatus"), "PAID");
        assert_eq!((worth(&shop, &small).await, worth(&shop, &large).await, shop.number(HOLDS).await), (0, 0, 0));
        let seen = newest(&shop).await;
        let mut captured: Vec<String> = (0..3).map(|place| seen.text(&format!("orders.nodes.0.payments.{place}.captured.amount")).to_owned()).collect();
        captured.sort();
        assert_eq!(captured, ["4.00", "4.90", "6.00"]);
        let used = gift_cards(&buyer, &ready(&buyer, &shop, &[(&mug, 1)]).await, &[&small_code]).await;
        assert_eq!(used.user_error("cartGiftCardsApply"), "GIFT_CARD_EMPTY codes.0");
        // Whoever calls the order off gives each its own back.
        cancel(&shop).await;
        work(&shop).await;
        assert_eq!((worth(&shop, &small).await, worth(&shop, &large).await), (400, 600));
        assert_eq!(newest(&shop).await.text("orders.nodes.0.paymentStatus"), "REFUNDED");
        work(&shop).await;
        assert_eq!((worth(&shop, &small).await, worth(&shop, &large).await), (400, 600), "once");
    }

    async fn rule_c6_a_cart_that_cards_cover_needs_no_provider(db: Database) {
        let shop = Shop::open(db).await;
        till(&shop).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        let (card, code) = shop.gift_card(&shop.owner()).await;
        gift_cards(&buyer, &cart, &[&code]).await.ok();
        let paid = pay_due(&buyer, &cart, None, "", Some("0.00")).await.ok();
        assert_eq!(paid.text("checkoutPay.checkout.order.paymentStatus"), "PAID");
        assert_eq!((worth(&shop, &card).await, kept(&shop).await, shop.number(HOLDS).await), (3_510, (0, 2), 0));
        let again = pay_due(&buyer, &cart, None, "", Some("0.00")).await.ok();
        assert_eq!(again.number("checkoutPay.checkout.order.number"), 1_001);
        assert_eq!((worth(&shop, &card).await, shop.number(ORDERS).await), (3_510, 1));
        // A part is given back by staff, to the card, at once.
        let payment = newest(&shop).await.text("orders.nodes.0.payments.0.paymentId").to_owned();
        let refund = "mutation($id: ID!, $amount: MoneyInput!) { paymentRefund(id: $id, input: { amount: $amount }) \
            { refund { state payment { giftCard { id } provider { id } } } userErrors { code message } } }";
        let part = json!({ "id": payment, "amount": { "amount": "4.90", "currencyCode": "EUR" } });
        let given = shop.owner().query(refund, part).await.ok();
        assert_eq!(given.text("paymentRefund.refund.state"), "SUCCEEDED");
        assert_eq!(given.text("paymentRefund.refund.payment.giftCard.id"), card);
        assert!(given.data("paymentRefund.refund.payment.provider").is_null());
        assert_eq!(worth(&shop, &card).await, 4_000);
        assert_eq!(newest(&shop).await.text("orders.nodes.0.paymentStatus"), "PARTIALLY_REFUNDED");
    }

    async fn rule_c5_what_comes_to_nothing_gives_the_card_free(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        let (card, code) = shop.gift_card_of(&shop.owner(), "10.00", json!({})).await;
        gift_cards(&buyer, &cart, &[&code]).await.ok();
        let declined = pay_due(&buyer, &cart, Some(&provider), "tok_decline", Some("4.90")).await.ok();
        assert_eq!(declined.text("checkoutPay.checkout.status"), "OPEN");
        assert_eq!((worth(&shop, &card).await, shop.number(HOLDS).await), (1_000, 0));
        // At the bank it is kept, and one's own is in nobody's way; going back lets go of it.
        pay_due(&buyer, &cart, Some(&provider), "tok_action", Some("4.90")).await.ok();
        assert_eq!(shop.number("SELECT amount FROM gift_card_holds").await, 1_000);
        assert_eq!(look(&buyer, &cart).await.text("cart.pricing.amountDue.amount"), "4.90");
        let second = ready(&buyer, &shop, &[(&mug, 1)]).await;
        let refused = gift_cards(&buyer, &second, &[&code]).await;
        assert_eq!(refused.user_error("cartGiftCardsApply"), "GIFT_CARD_EMPTY codes.0");
        then(&buyer, &cart, "checkoutCancel").await.ok();
        assert_eq!((worth(&shop, &card).await, shop.number(HOLDS).await), (1_000, 0));
        // Nobody comes back from the bank: the worker lets go of it.
        pay_due(&buyer, &cart, Some(&provider), "tok_action_fails", Some("4.90")).await.ok();
        shop.wait(TimeDelta::minutes(40));
        work(&shop).await;
        assert_eq!((worth(&shop, &card).await, shop.number(HOLDS).await, shop.number(ORDERS).await), (1_000, 0, 0));
        // The card that the buyer still has pays another cart.
        gift_cards(&buyer, &second, &[&code]).await.ok();
    }

    /// The hold is over, and somebody else has spent the card when the money comes.
    async fn attack_c27_a_payment_whose_card_was_spent_meanwhile_goes_back(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let slow = ready(&buyer, &shop, &[(&mug, 2)]).await;
        let (card, code) = shop.gift_card_of(&shop.owner(), "9.90", json!({})).await;
        gift_cards(&buyer, &slow, &[&code]).await.ok();
        pay_due(&buyer, &slow, Some(&provider), "tok_action", Some("5.00")).await.ok();
        shop.wait(TimeDelta::minutes(31));
        let quick = ready(&buyer, &shop, &[(&mug, 1)]).await;
        gift_cards(&buyer, &quick, &[&code]).await.ok();
        pay_due(&buyer, &quick, None, "", Some("0.00")).await.ok();
        assert_eq!(worth(&shop, &card).await, 0);
        let late = then(&buyer, &slow, "checkoutConfirm").await.ok();
        assert_eq!(late.text("checkoutConfirm.checkout.status"), "OPEN");
        work(&shop).await;
        assert_eq!((shop.number(ORDERS).await, worth(&shop, &card).await), (1, 0));
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments WHERE provider_id IS NOT NULL AND captured > refunded").await, 0);
        let shown = look(&buyer, &slow).await;
        assert_eq!(shown.text("cart.pricing.giftCards.0.problem.code"), "GIFT_CARD_EMPTY");
        let refused = pay_due(&buyer, &slow, Some(&provider), "tok_approve", Some("14.90")).await;
        assert_eq!(refused.user_error("checkoutPay"), "GIFT_CARD_EMPTY giftCards.0");
        let remove = edit(&buyer, &slow, "cartGiftCardsRemove", &[("giftCardIds", "[ID!]!", json!([card]))]).await.ok();
        assert_eq!(remove.text("cartGiftCardsRemove.cart.pricing.amountDue.amount"), "14.90");
        pay_due(&buyer, &slow, Some(&provider), "tok_approve", None).await.ok();
        assert_eq!(shop.number(ORDERS).await, 2);
    }

    async fn attack_c27_two_checkouts_on_one_card_never_spend_more_than_it_is_worth(db: Database) {
        let shop = crowded(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 90).await;
        let (card, code) = shop.gift_card_of(&shop.owner(), "20.00", json!({})).await;
        let mut carts = Vec::new();
        for _ in 0..8 {
            let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
            gift_cards(&buyer, &cart, &[&code]).await.ok();
            carts.push(cart);
        }
        // Each was shown that the card covers all of its 14.90.
        let answers = join_all(carts.iter().map(|cart| pay_due(&buyer, cart, None, "", Some("0.00")))).await;
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!((done, worth(&shop, &card).await, shop.number(ORDERS).await), (1, 510, 1));
        for answer in answers.iter().filter(|answer| !answer.is_ok()) {
            // What the card covers by now is told; before the first is through, all of it is being paid with.
            let error = answer.user_error("checkoutPay");
            assert!(error.starts_with("PRICE_CHANGED amountDue") || error.starts_with("GIFT_CARD_EMPTY"), "{error}");
        }
        // Now each is shown what is left, and all pay at once.
        let rest: Vec<&CartIds> = carts.iter().zip(&answers).filter(|(_, answer)| !answer.is_ok()).map(|(cart, _)| cart).collect();
        let answers = join_all(rest.iter().map(|cart| pay_due(&buyer, cart, Some(&provider), "tok_approve", Some("9.80")))).await;
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!((done, worth(&shop, &card).await, shop.number(ORDERS).await), (1, 0, 2));
    }

    async fn what_is_wrong_with_a_card_is_told_to_whoever_knows_its_code(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let mug = shop.for_sale(&owner, "5.00", 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 2)]).await;
        let disable = "mutation($id: ID!) { giftCardDisable(id: $id) { userErrors { code } } }";
        let (disabled, disabled_code) = shop.gift_card(&owner).await;
        owner.query(disable, json!({ "id": disabled })).await.ok();
        let soon = (shop.writer().now + TimeDelta::hours(1)).to_rfc3339();
        let (_, expiring) = shop.gift_card_of(&owner, "5.00", json!({ "expiresAt": soon })).await;
        let dollars = "mutation { giftCardCreate(input: { amount: { amount: \"5\", currencyCode: USD } }) { issued { code } userErrors { code } } }";
        let dollars = owner.query(dollars, json!({})).await.ok().text("giftCardCreate.issued.code").to_owned();
        gift_cards(&buyer, &cart, &[&expiring]).await.ok();
        shop.wait(TimeDelta::hours(1));
        assert_eq!(look(&buyer, &cart).await.text("cart.pricing.giftCards.0.problem.code"), "GIFT_CARD_EXPIRED");
        let all = gift_cards(&buyer, &cart, &[&disabled_code, &dollars, "AAAA-BBBB-CCCC-DDDD", "nonsense"]).await;
        assert_eq!(all.user_error("cartGiftCardsApply"), "GIFT_CARD_UNUSABLE codes.2");
        let known = gift_cards(&buyer, &cart, &[&disabled_code, &dollars]).await;
        assert_eq!(known.texts("cartGiftCardsApply.userErrors", "code"), ["GIFT_CARD_DISABLED", "GIFT_CARD_OTHER_CURRENCY"]);
        let none = gift_cards(&buyer, &cart, &[]).await;
        assert_eq!(none.user_error("cartGiftCardsApply"), "OUT_OF_RANGE codes");
        // Wrong codes are counted wherever they are typed.
        for guess in 0..18 {
            let answer = gift_cards(&buyer, &cart, &["AAAA-BBBB-CCCC-DDDD"]).await;
            assert_eq!(answer.user_error("cartGiftCardsApply"), "GIFT_CARD_UNUSABLE codes.0", "guess {guess}");
        }
        let locked = gift_cards(&buyer, &cart, &[&dollars]).await;
        assert_eq!(locked.user_error("cartGiftCardsApply"), "LOCKED_OUT codes.0");
    }

    async fn rule_p1_a_customer_pays_with_store_credit_after_the_cards(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, ann) = (till(&shop).await, shop.customer().await);
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        shop.store_credit(&shop.owner(), ann.id, "7.00").await;
        let cart = ready(&ann.actor, &shop, &[(&mug, 2)]).await;
        let (card, code) = shop.gift_card_of(&shop.owner(), "5.00", json!({})).await;
        gift_cards(&ann.actor, &cart, &[&code]).await.ok();
        let shown = use_credit(&ann.actor, &cart).await.ok();
        assert_eq!(shown.text("cartStoreCreditUpdate.cart.pricing.storeCredit.covers.amount"), "7.00");
        assert_eq!(shown.text("cartStoreCreditUpdate.cart.pricing.amountDue.amount"), "2.90");
        shop.wait(TimeDelta::milliseconds(1));
        pay_due(&ann.actor, &cart, Some(&provider), "tok_insufficient_funds", Some("2.90")).await.ok();
        assert_eq!((credit(&shop).await, shop.number("SELECT COUNT(*) FROM store_credit_holds").await), (700, 0));
        let paid = pay_due(&ann.actor, &cart, Some(&provider), "tok_approve", Some("2.90")).await.ok();
        assert_eq!(paid.text("checkoutPay.checkout.order.paymentStatus"), "PAID");
        assert_eq!((credit(&shop).await, worth(&shop, &card).await), (0, 0));
        let own = "{ customerStoreCredits { id balance { amount } } customer { storeCredits { balance { amount } } } }";
        let own = ann.actor.query(own, json!({})).await.ok();
        assert_eq!(own.text("customerStoreCredits.0.balance.amount"), "0.00");
        assert_eq!(own.text("customer.storeCredits.0.balance.amount"), "0.00");
        let id = own.text("customerStoreCredits.0.id").to_owned();
        let entries = "query($id: ID!) { storeCreditEntries(storeCreditId: $id) { totalCount nodes { kind balance { amount } } } }";
        let seen = ann.actor.query(entries, json!({ "id": id })).await.ok();
        assert_eq!(seen.texts("storeCreditEntries.nodes", "kind"), ["TAKEN", "ISSUED"]);
        // Nobody else sees it.
        let other = shop.customer().await.actor.query(entries, json!({ "id": id })).await.ok();
        assert!(other.data("storeCreditEntries").is_null());
        cancel(&shop).await;
        work(&shop).await;
        assert_eq!((credit(&shop).await, worth(&shop, &card).await), (700, 500));
    }

    async fn attack_c27_store_credit_is_spent_once_by_two_carts_of_its_customer(db: Database) {
        let shop = crowded(db).await;
        till(&shop).await;
        let ann = shop.customer().await;
        let mug = shop.for_sale(&shop.owner(), "5.00", 90).await;
        shop.store_credit(&shop.owner(), ann.id, "20.00").await;
        let mut carts = Vec::new();
        for _ in 0..6 {
            let cart = ready(&ann.actor, &shop, &[(&mug, 2)]).await;
            use_credit(&ann.actor, &cart).await.ok();
            carts.push(cart);
        }
        let answers = join_all(carts.iter().map(|cart| pay_due(&ann.actor, cart, None, "", Some("0.00")))).await;
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!((done, credit(&shop).await, shop.number(ORDERS).await), (1, 510, 1));
    }

    async fn store_credit_is_given_and_taken_away_within_bounds(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, ann) = (shop.owner(), shop.customer().await);
        let ask = async |mutation: &str, customer: String, amount: &str, currency: &str| {
            shop.wait(TimeDelta::milliseconds(1));
            let document = format!(
                "mutation($id: ID!, $amount: MoneyInput!) {{ {mutation}(customerId: $id, amount: $amount, note: \"n\") \
                 {{ storeCredit {{ balance {{ amount }} }} userErrors {{ code field }} }} }}"
            );
            let amount = json!({ "amount": amount, "currencyCode": currency });
            owner.query(&document, json!({ "id": customer, "amount": amount })).await
        };
        let ann_id = ann.id.to_string();
        for (mutation, amount, currency, error) in [
            ("storeCreditIssue", "0.00", "EUR", "OUT_OF_RANGE amount"),
            ("storeCreditIssue", "-1.00", "EUR", "OUT_OF_RANGE amount"),
            ("storeCreditIssue", "1", "XOF", "CURRENCY_NOT_ENABLED amount"),
            ("storeCreditIssue", "1000000000.00", "EUR", "OUT_OF_RANGE amount"),
            ("storeCreditDebit", "1.00", "EUR", "STORE_CREDIT_SHORT amount"),
        ] {
            assert_eq!(ask(mutation, ann_id.clone(), amount, currency).await.user_error(mutation), error, "{amount}");
        }
        let guest = shop.guest().await.to_string();
        assert_eq!(ask("storeCreditIssue", guest, "1.00", "EUR").await.user_error("storeCreditIssue"), "NOT_ALLOWED customerId");
        let given = ask("storeCreditIssue", ann_id.clone(), "5.00", "EUR").await.ok();
        assert_eq!(given.text("storeCreditIssue.storeCredit.balance.amount"), "5.00");
        ask("storeCreditIssue", ann_id.clone(), "2.50", "EUR").await.ok();
        let most = ask("storeCreditDebit", ann_id.clone(), "7.51", "EUR").await;
        assert_eq!(most.user_error("storeCreditDebit"), "STORE_CREDIT_SHORT amount");
        let left = ask("storeCreditDebit", ann_id, "7.50", "EUR").await.ok();
        assert_eq!(left.text("storeCreditDebit.storeCredit.balance.amount"), "0.00");
        // A guest's cart is nobody's to pay with store credit.
        let mug = shop.for_sale(&owner, "5.00", 9).await;
        let cart = shop.cart(&shop.anonymous(), &[(&mug, 1)]).await;
        assert_eq!(use_credit(&ann.actor, &cart).await.user_error("cartStoreCreditUpdate"), "NOT_FOUND cartId");
    }
}

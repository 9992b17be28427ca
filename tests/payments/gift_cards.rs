//! Stories of gift cards.

use chrono::TimeDelta;
use futures::future::join_all;
use rules::ids::{CartId, PaymentId};
use rules::{Currency, ErrorCode, Money};
use stoa::kernel::{Action, Audit, Ctx, Error};
use stoa::payments::changes;
use stoa::payments::stored::{self, Wanted};

use super::eur;
use crate::harness::{Answer, Shop, json};

const CHECK: &str = "mutation($code: String!) { giftCardCheck(code: $code) \
    { giftCard { balance { amount currencyCode } lastFour } userErrors { code field } } }";

fn money(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

async fn check(shop: &Shop, code: &str) -> Answer {
    shop.anonymous().query(CHECK, json!({ "code": code })).await
}

/// Keeps so much of a card for a cart, in a write of its own.
async fn keep(ctx: &Ctx, card: &str, cart: CartId, most: i64) -> i64 {
    let cards = [card.parse().expect("an id")];
    let kept = ctx.retrying((), async |ctx: &Ctx, ()| {
        let tx = ctx.begin_store(Action::GiftCardTake).await?;
        let wanted = Wanted { cart, cards: &cards, credit: None, currency: Currency::EUR };
        let kept = stored::hold(&tx, &wanted, money(most), ctx.now() + TimeDelta::minutes(15)).await?;
        let sum = kept.iter().map(|part| part.amount.minor()).sum();
        tx.commit(Audit::done("gift_card", &sum)).await?;
        Ok(sum)
    });
    kept.await.expect("kept")
}

/// Takes what is kept for a cart, and makes the payment of it.
async fn spend(ctx: &Ctx, cart: CartId) -> Result<(i64, Option<PaymentId>), Error> {
    ctx.retrying((), async |ctx: &Ctx, ()| {
        let mut tx = ctx.begin_store(Action::GiftCardTake).await?;
        let taken = stored::take(&mut tx, cart).await?;
        let mut made = (0, None);
        for part in &taken {
            let payment = stored::pay(&mut tx, part, cart, ctx.id()).await?;
            made = (part.amount.minor(), Some(payment.id));
        }
        tx.commit(Audit::done("gift_card", &made.0)).await?;
        Ok(made)
    })
    .await
}

async fn refund(ctx: &Ctx, payment: PaymentId, amount: Option<i64>) -> Result<i64, Error> {
    let wanted = changes::Refund { payment, amount: amount.map(money), reason: None, key: None };
    changes::refund(ctx, &wanted).await.map(|refund| refund.amount)
}

both! {
    async fn a_code_is_shown_once_and_leads_to_its_card(db: Database) {
        let shop = Shop::open(db).await;
        let (id, code) = shop.gift_card(&shop.owner()).await;
        for typed in [code.clone(), code.to_lowercase(), code.replace('-', " ")] {
            let answer = check(&shop, &typed).await.ok();
            assert_eq!(answer.text("giftCardCheck.giftCard.balance.amount"), "50.00");
        }
        let seen = shop.owner().query("query($id: ID!) { giftCard(id: $id) { lastFour note } }", json!({ "id": id })).await.ok();
        assert_eq!(seen.text("giftCard.lastFour"), &code[15..]);
        let signs = code.replace('-', "");
        for table in ["gift_cards", "gift_card_entries", "audit_logs", "domain_events"] {
            let sql = match shop.database().is_postgres() {
                true => format!("SELECT COUNT(*) FROM {table} t WHERE t::text LIKE '%{code}%' OR t::text LIKE '%{signs}%'"),
                false if table == "gift_cards" => format!("SELECT COUNT(*) FROM gift_cards WHERE last_four = '{signs}'"),
                false if table == "gift_card_entries" => format!("SELECT COUNT(*) FROM gift_card_entries WHERE note LIKE '%{signs}%'"),
                false if table == "audit_logs" => format!("SELECT COUNT(*) FROM audit_logs WHERE after LIKE '%{code}%'"),
                false => format!("SELECT COUNT(*) FROM domain_events WHERE payload LIKE '%{code}%'"),
            };
            assert_eq!(shop.number(&sql).await, 0, "{table}");
        }
        // It is one of this store alone.
        let rival = shop.rival().query(CHECK, json!({ "code": code })).await;
        assert_eq!(rival.user_error("giftCardCheck"), "GIFT_CARD_UNUSABLE code");
    }

    async fn promise_p16_codes_are_not_guessed(db: Database) {
        let shop = Shop::open(db).await;
        let (_, code) = shop.gift_card(&shop.owner()).await;
        // What is right counts for nothing.
        for _ in 0..25 {
            check(&shop, &code).await.ok();
        }
        for guess in 0..20 {
            let answer = check(&shop, "AAAA-BBBB-CCCC-DDDD").await;
            assert_eq!(answer.user_error("giftCardCheck"), "GIFT_CARD_UNUSABLE code", "guess {guess}");
        }
        assert_eq!(check(&shop, &code).await.user_error("giftCardCheck"), "LOCKED_OUT code", "even the right one");
        shop.wait(TimeDelta::minutes(2));
        check(&shop, &code).await.ok();
        let two = "mutation { a: giftCardCheck(code: \"A\") { userErrors { code } } b: giftCardCheck(code: \"B\") { userErrors { code } } }";
        assert!(!shop.anonymous().query(two, json!({})).await.is_ok(), "one at a time");
    }

    async fn what_a_card_is_worth_is_changed_within_bounds(db: Database) {
        let shop = Shop::open(db).await;
        let (id, code) = shop.gift_card(&shop.owner()).await;
        let adjust = "mutation($id: ID!, $amount: MoneyInput!) { giftCardAdjust(id: $id, amount: $amount, note: \"n\") \
            { giftCard { balance { amount } } userErrors { code field } } }";
        let by = async |amount: serde_json::Value| {
            shop.wait(TimeDelta::milliseconds(1));
            shop.owner().query(adjust, json!({ "id": id, "amount": amount })).await
        };
        assert_eq!(by(eur("-50.01")).await.user_error("giftCardAdjust"), "OUT_OF_RANGE amount");
        assert_eq!(by(eur("0.00")).await.user_error("giftCardAdjust"), "OUT_OF_RANGE amount");
        assert_eq!(by(json!({ "amount": "1", "currencyCode": "USD" })).await.user_error("giftCardAdjust"), "INVALID amount");
        assert_eq!(by(eur("-20.00")).await.ok().text("giftCardAdjust.giftCard.balance.amount"), "30.00");
        assert_eq!(by(eur("5.00")).await.ok().text("giftCardAdjust.giftCard.balance.amount"), "35.00");
        let entries = "query($id: ID!) { giftCardEntries(giftCardId: $id) { totalCount nodes { kind amount { amount } balance { amount } } } }";
        let seen = shop.owner().query(entries, json!({ "id": id })).await.ok();
        assert_eq!(seen.texts("giftCardEntries.nodes", "kind"), ["ADJUSTED", "ADJUSTED", "ISSUED"]);
        assert_eq!(seen.text("giftCardEntries.nodes.1.amount.amount"), "-20.00");
        let disable = "mutation($id: ID!) { giftCardDisable(id: $id) { giftCard { state } userErrors { code } } }";
        shop.owner().query(disable, json!({ "id": id })).await.ok();
        assert_eq!(check(&shop, &code).await.user_error("giftCardCheck"), "GIFT_CARD_DISABLED code");
        let create = "mutation($input: GiftCardCreateInput!) { giftCardCreate(input: $input) { userErrors { code field } } }";
        for (input, error) in [
            (json!({ "amount": eur("0.00") }), "OUT_OF_RANGE amount"),
            (json!({ "amount": { "amount": "1", "currencyCode": "XOF" } }), "CURRENCY_NOT_ENABLED amount"),
            (json!({ "amount": eur("1.00"), "expiresAt": "2020-01-01T00:00:00Z" }), "OUT_OF_RANGE expiresAt"),
        ] {
            let answer = shop.owner().query(create, json!({ "input": input })).await;
            assert_eq!(answer.user_error("giftCardCreate"), error, "{input}");
        }
    }

    async fn attack_c27_a_card_is_spent_once_whoever_comes_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let (card, _) = shop.gift_card(&shop.owner()).await;
        let mut carts = Vec::new();
        for _ in 0..10 {
            carts.push(shop.cart_row(shop.linden.store()).await);
        }
        let all = carts.iter().map(|cart| async {
            let ctx = shop.inside("linden").await;
            match keep(&ctx, &card, *cart, 3_000).await {
                0 => 0,
                _ => spend(&ctx, *cart).await.map(|(taken, _)| taken).unwrap_or_default(),
            }
        });
        let taken: i64 = join_all(all).await.iter().sum();
        assert_eq!(taken, 5_000, "the first takes 30, the second what is left, and the others nothing");
        assert_eq!(shop.number("SELECT balance FROM gift_cards").await, 0);
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments WHERE status = 'PAID'").await, 2);
    }

    async fn a_hold_keeps_others_away_until_it_is_over(db: Database) {
        let shop = Shop::open(db).await;
        let (card, _) = shop.gift_card(&shop.owner()).await;
        let ctx = shop.inside("linden").await;
        let store = shop.linden.store();
        let (one, other, third) = (shop.cart_row(store).await, shop.cart_row(store).await, shop.cart_row(store).await);
        assert_eq!(keep(&ctx, &card, one, 4_000).await, 4_000);
        assert_eq!(keep(&ctx, &card, one, 4_500).await, 4_500, "one's own is in nobody's way");
        assert_eq!(keep(&ctx, &card, other, 4_000).await, 500, "the rest");
        assert_eq!(keep(&ctx, &card, third, 1).await, 0, "nothing is left");
        shop.wait(TimeDelta::minutes(16));
        let later = shop.inside("linden").await;
        assert_eq!(keep(&later, &card, third, 5_000).await, 5_000, "all of it");
        let gone = spend(&later, one).await.expect_err("it is somebody else's by now");
        assert!(matches!(gone, Error::Conflict(problem) if problem.code == ErrorCode::GiftCardEmpty));
        assert_eq!(spend(&later, third).await.expect("taken").0, 5_000);
        assert_eq!(spend(&later, third).await.expect("nothing is taken twice").0, 0);
        let tx = later.begin_store(Action::GiftCardTake).await.expect("a write");
        stored::release(&tx, one).await.expect("let go");
        tx.commit_unaudited("as checkout does").await.expect("written");
        assert_eq!(shop.number("SELECT COUNT(*) FROM gift_card_holds").await, 1, "the other one's, which is over");
    }

    async fn rule_y3_what_was_taken_is_given_back_and_never_more(db: Database) {
        let shop = Shop::open(db).await;
        let (card, _) = shop.gift_card(&shop.owner()).await;
        let ctx = shop.inside("linden").await;
        let cart = shop.cart_row(shop.linden.store()).await;
        keep(&ctx, &card, cart, 4_000).await;
        let (_, payment) = spend(&ctx, cart).await.expect("taken");
        let payment = payment.expect("a payment");
        let disable = "mutation($id: ID!) { giftCardDisable(id: $id) { userErrors { code } } }";
        shop.owner().query(disable, json!({ "id": card })).await.ok();
        assert_eq!(refund(&ctx, payment, Some(1_000)).await.expect("a part"), 1_000);
        assert_eq!(shop.number("SELECT balance FROM gift_cards").await, 2_000);
        let too_much = refund(&ctx, payment, Some(3_001)).await.expect_err("more than is left");
        assert!(matches!(too_much, Error::Conflict(problem) if problem.code == ErrorCode::OutOfRange));
        let at_once = join_all((0..5).map(|_| async {
            let ctx = shop.inside("linden").await;
            ctx.retrying((), async |ctx: &Ctx, ()| refund(ctx, payment, Some(2_000)).await).await.unwrap_or_default()
        }));
        assert_eq!(at_once.await.iter().sum::<i64>(), 2_000);
        assert_eq!(refund(&ctx, payment, None).await.expect("the rest"), 1_000);
        assert!(refund(&ctx, payment, None).await.is_err(), "nothing more");
        assert_eq!(shop.number("SELECT balance FROM gift_cards").await, 5_000);
        assert_eq!(shop.number("SELECT COUNT(*) FROM payment_attempts").await, 0, "nobody outside was asked");
    }
}

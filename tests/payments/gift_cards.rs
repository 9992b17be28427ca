//! Stories of gift cards.

use chrono::TimeDelta;
use futures::future::join_all;
use rules::ids::OrderId;
use rules::{Currency, ErrorCode, Money};
use stoa::kernel::{Action, Audit, Ctx, Error};
use stoa::payments::gift_cards::{give_back, hold, release, take};

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

/// Keeps so much of a card for an order, in a write of its own.
async fn keep(ctx: &Ctx, code: &str, order: OrderId, most: i64) -> Result<i64, Error> {
    ctx.retrying((), async |ctx: &Ctx, ()| {
        let tx = ctx.begin_store(Action::GiftCardTake).await?;
        let kept = hold(&tx, code, order, money(most), ctx.now() + TimeDelta::minutes(15)).await?;
        tx.commit(Audit::done("gift_card", &kept.amount)).await?;
        Ok(kept.amount.minor())
    })
    .await
}

/// Takes what is kept for an order.
async fn spend(ctx: &Ctx, order: OrderId) -> Result<i64, Error> {
    ctx.retrying((), async |ctx: &Ctx, ()| {
        let mut tx = ctx.begin_store(Action::GiftCardTake).await?;
        let taken = take(&mut tx, order).await?;
        let sum = taken.iter().map(|taken| taken.amount.minor()).sum();
        tx.commit(Audit::done("gift_card", &sum)).await?;
        Ok(sum)
    })
    .await
}

/// Gives back what was taken for an order.
async fn unspend(ctx: &Ctx, order: OrderId, most: Option<i64>) -> Result<i64, Error> {
    ctx.retrying((), async |ctx: &Ctx, ()| {
        let mut tx = ctx.begin_store(Action::GiftCardGiveBack).await?;
        let given = give_back(&mut tx, order, most.map(money)).await?;
        let sum = given.iter().map(|given| given.amount.minor()).sum();
        tx.commit(Audit::done("gift_card", &sum)).await?;
        Ok(sum)
    })
    .await
}

fn is_unusable(error: &Error) -> bool {
    matches!(error, Error::Conflict(problem) if problem.code == ErrorCode::GiftCardUnusable)
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
        assert_eq!(check(&shop, &code).await.user_error("giftCardCheck"), "GIFT_CARD_UNUSABLE code");
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
        let (_, code) = shop.gift_card(&shop.owner()).await;
        let orders: Vec<OrderId> = (0..10).map(|_| shop.id()).collect();
        let all = orders.iter().map(|order| async {
            let ctx = shop.inside("linden").await;
            match keep(&ctx, &code, *order, 3_000).await {
                Ok(_) => spend(&ctx, *order).await.unwrap_or_default(),
                Err(_) => 0,
            }
        });
        let taken: i64 = join_all(all).await.iter().sum();
        assert!(taken > 0 && taken <= 5_000, "{taken}");
        let left = shop.number("SELECT balance FROM gift_cards").await;
        assert_eq!(left, 5_000 - taken);
    }

    async fn a_hold_keeps_others_away_until_it_is_over(db: Database) {
        let shop = Shop::open(db).await;
        let (_, code) = shop.gift_card(&shop.owner()).await;
        let ctx = shop.inside("linden").await;
        let (one, other): (OrderId, OrderId) = (shop.id(), shop.id());
        assert_eq!(keep(&ctx, &code, one, 4_000).await.expect("kept"), 4_000);
        assert_eq!(keep(&ctx, &code, one, 4_500).await.expect("kept again"), 4_500, "one's own is in nobody's way");
        assert_eq!(keep(&ctx, &code, other, 4_000).await.expect("the rest"), 500);
        let third: OrderId = shop.id();
        assert!(keep(&ctx, &code, third, 1).await.is_err_and(|error| is_unusable(&error)), "nothing is left");
        shop.wait(TimeDelta::minutes(16));
        let later = shop.inside("linden").await;
        assert_eq!(keep(&later, &code, third, 5_000).await.expect("all of it"), 5_000);
        assert!(spend(&later, one).await.is_err_and(|error| is_unusable(&error)), "it is somebody else's by now");
        assert_eq!(spend(&later, third).await.expect("taken"), 5_000);
        assert_eq!(spend(&later, third).await.expect("nothing is taken twice"), 0);
        let tx = later.begin_store(Action::GiftCardTake).await.expect("a write");
        release(&tx, one).await.expect("let go");
        tx.commit_unaudited("as checkout does").await.expect("written");
    }

    async fn what_was_taken_is_given_back_and_never_more(db: Database) {
        let shop = Shop::open(db).await;
        let (_, code) = shop.gift_card(&shop.owner()).await;
        let ctx = shop.inside("linden").await;
        let order: OrderId = shop.id();
        keep(&ctx, &code, order, 4_000).await.expect("kept");
        spend(&ctx, order).await.expect("taken");
        assert_eq!(unspend(&ctx, order, Some(1_000)).await.expect("a part"), 1_000);
        assert_eq!(unspend(&ctx, order, None).await.expect("the rest"), 3_000);
        assert_eq!(unspend(&ctx, order, None).await.expect("nothing more"), 0);
        assert_eq!(shop.number("SELECT balance FROM gift_cards").await, 5_000);
        assert!(keep(&ctx, "nonsense", order, 1).await.is_err_and(|error| is_unusable(&error)));
    }
}

//! The doors of checkout: what orders use of promotions and codes, and give back.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use rules::Currency;
use rules::basket::Buyer;
use rules::ids::{OrderId, ProductVariantId};
use rules::promotion::{CodeStatus, Evaluation, evaluate};
use rules::states::{DocumentPolicy, StorePlan};
use rules::{ErrorCode, Problem};
use stoa::baskets::{Wanted, WantedLine, assemble};
use stoa::catalog::products::Viewer;
use stoa::kernel::ctx::{Caller, StoreContext};
use stoa::kernel::{Action, Ctx, Error, StoreScope};
use stoa::promotions::redemption::{BuyerKey, Redemption, give_back, redeem};
use stoa::promotions::{Asked, offers};
use tokio::sync::Barrier;

use super::{create_code, promotion, promotion_with_code, variant};
use crate::harness::{Database, Shop, json};

/// A checkout of Linden's first store, as it will call the doors.
fn checkout(shop: &Shop) -> Ctx {
    let store = StoreContext {
        id: shop.linden.store(),
        organization: shop.linden.id,
        handle: "linden".to_owned(),
        currency: Currency::EUR,
        currencies: vec![Currency::EUR],
        locale: "en".to_owned(),
        plan: StorePlan::Standard,
        document_policy: DocumentPolicy::Any,
    };
    let caller = Caller { store: Some(store), ..Caller::anonymous("checkout") };
    Ctx::new(Arc::clone(&shop.node.system), caller, None, Arc::default())
}

/// What somebody is about to buy: one unit of a variant, with these codes.
#[derive(Clone)]
struct Cart {
    order: OrderId,
    variant: ProductVariantId,
    codes: Vec<String>,
    buyer: Option<BuyerKey>,
}

impl Cart {
    fn of(shop: &Shop, variant: &str, codes: &[&str]) -> Self {
        Self {
            order: shop.id(),
            variant: variant.parse().expect("an id"),
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            buyer: None,
        }
    }

    fn by(mut self, email: &str) -> Self {
        self.buyer = Some(BuyerKey::guest(email));
        self
    }

    /// Works the cart out on the offers as they are.
    async fn evaluate(&self, scope: &StoreScope, ctx: &Ctx) -> Result<Evaluation, Error> {
        let wanted = Wanted {
            lines: vec![WantedLine { variant: self.variant, quantity: 1 }],
            currency: Currency::EUR,
            at: ctx.now(),
            viewer: Viewer::Visitor(ctx.now()),
            shipping: None,
            codes: self.codes.clone(),
            buyer: Buyer::default(),
            country: None,
            channel: None,
        };
        let basket = assemble(scope, wanted).await?;
        let asked = Asked {
            at: ctx.now(),
            currency: Currency::EUR,
            codes: &self.codes,
            buyer: self.buyer.as_ref(),
            disabled: &[],
        };
        let offers = offers(scope, &asked).await?;
        Ok(evaluate(&basket, &offers, ctx.now())?)
    }

    /// Completes the cart, in one transaction: a code that is refused stops it. `meanwhile` runs between working it
    /// out and taking what it uses.
    async fn complete(&self, shop: &Shop, meanwhile: impl AsyncFn()) -> Result<Evaluation, Error> {
        checkout(shop)
            .retrying((), async |ctx, ()| {
                let tx = ctx.begin_store(Action::PromotionUpdate).await?;
                let evaluation = self.evaluate(&tx, ctx).await?;
                for (place, code) in evaluation.codes.iter().enumerate() {
                    if let CodeStatus::Refused { refusal } = code.status {
                        return Err(Error::Conflict(refusal.problem(&format!("codes.{place}"))));
                    }
                }
                meanwhile().await;
                let redemption = Redemption {
                    order: self.order,
                    buyer: self.buyer.as_ref(),
                    evaluation: &evaluation,
                    at: ctx.now(),
                };
                redeem(&tx, &redemption).await?;
                tx.commit_unaudited("a checkout of a test").await?;
                Ok(evaluation)
            })
            .await
    }

    async fn buy(&self, shop: &Shop) -> Result<Evaluation, Error> {
        self.complete(shop, async || ()).await
    }

    async fn cancel(&self, shop: &Shop) {
        let ctx = checkout(shop);
        let tx = ctx.begin_store(Action::PromotionUpdate).await.expect("a transaction");
        give_back(&tx, self.order).await.expect("given back");
        tx.commit_unaudited("a cancellation of a test").await.expect("a commit");
    }
}

/// The code and the path of a refusal.
fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    match outcome {
        Err(Error::Conflict(Problem { code, field, .. })) => format!("{code:?} {}", field.join(".")).trim().to_owned(),
        other => panic!("not refused: {other:?}"),
    }
}

/// Invariant I9, for every counter there is: it is what its uses add up to, and not above its limit.
async fn assert_counters_are_true(shop: &Shop) {
    for (what, sql) in [
        (
            "codes",
            "SELECT COUNT(*) FROM discount_codes c WHERE c.used > COALESCE(c.usage_limit, c.used) OR c.used <> \
             (SELECT COUNT(*) FROM code_redemptions r WHERE r.store_id = c.store_id AND r.code_id = c.id AND r.canceled_at IS NULL)",
        ),
        (
            "buyers",
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM code_redemptions r JOIN discount_codes c ON c.store_id = r.store_id AND c.id = r.code_id \
             WHERE r.canceled_at IS NULL AND r.buyer IS NOT NULL AND c.limit_per_buyer IS NOT NULL \
             GROUP BY r.store_id, r.code_id, r.buyer, c.limit_per_buyer HAVING COUNT(*) > c.limit_per_buyer) over",
        ),
        (
            "uses",
            "SELECT COUNT(*) FROM promotion_usage u WHERE u.uses > COALESCE(u.maximum_uses, u.uses) OR u.uses <> \
             (SELECT COUNT(*) FROM applied_promotions a WHERE a.store_id = u.store_id AND a.promotion_id = u.promotion_id AND a.canceled_at IS NULL)",
        ),
        (
            "spending",
            "SELECT COUNT(*) FROM promotion_spending s WHERE s.spent > COALESCE(s.budget, s.spent) OR s.spent <> \
             (SELECT COALESCE(SUM(a.amount), 0) FROM applied_promotions a WHERE a.store_id = s.store_id AND a.promotion_id = s.promotion_id \
              AND a.currency = s.currency AND a.canceled_at IS NULL)",
        ),
    ] {
        assert_eq!(shop.number(sql).await, 0, "{what}");
    }
}

/// A shop whose callers wait for one another as long as it takes.
async fn crowded(db: Database) -> Shop {
    Shop::open_with(db, |config| {
        config.database.acquire_timeout = Duration::from_secs(120);
        config.database.lock_timeout = Duration::from_secs(120);
        config.database.statement_timeout = Duration::from_secs(120);
    })
    .await
}

async fn used(shop: &Shop) -> i64 {
    shop.number("SELECT CAST(SUM(used) AS bigint) FROM discount_codes").await
}

both! {
    async fn attack_c07_a_code_for_one_use_is_used_once_by_100_carts_at_the_same_time(db: Database) {
        let shop = crowded(db).await;
        let mug = variant(&shop, "10").await;
        promotion_with_code(&shop.owner(), json!({}), json!({ "code": "ONCE", "usageLimit": 1 })).await;
        let carts: Vec<Cart> = (0..100).map(|_| Cart::of(&shop, &mug, &["once"])).collect();
        let outcomes = join_all(carts.iter().map(|cart| cart.buy(&shop))).await;
        let (bought, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!((bought.len(), refused.len()), (1, 99));
        for outcome in refused {
            assert_eq!(refusal(outcome), "CodeUsedUp codes.0");
        }
        assert_eq!(used(&shop).await, 1);
        assert_counters_are_true(&shop).await;
    }

    async fn attack_c07_one_customer_uses_a_code_as_often_as_one_may(db: Database) {
        let shop = crowded(db).await;
        let mug = variant(&shop, "10").await;
        promotion_with_code(&shop.owner(), json!({}), json!({ "code": "TWICE", "limitPerBuyer": 2 })).await;
        let mails = ["ann@people.example", " Ann@People.example", "ANN@PEOPLE.EXAMPLE "];
        let carts: Vec<Cart> = (0..50).map(|place| Cart::of(&shop, &mug, &["twice"]).by(mails[place % 3])).collect();
        let outcomes = join_all(carts.iter().map(|cart| cart.buy(&shop))).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 2);
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(refusal(outcome), "CodeUsedUp codes.0");
        }
        // Another one has two of their own.
        Cart::of(&shop, &mug, &["twice"]).by("bob@people.example").buy(&shop).await.expect("bought");
        assert_eq!(used(&shop).await, 3);
        assert_counters_are_true(&shop).await;
    }

    async fn fault_f03_a_budget_is_never_overspent(db: Database) {
        let shop = crowded(db).await;
        let mug = variant(&shop, "100").await;
        let eur = |amount: &str| json!([{ "amount": amount, "currencyCode": "EUR" }]);
        let terms = json!({ "action": { "order": { "amount": eur("3") } }, "caps": { "budget": eur("10"), "maximumUses": 30 } });
        let id = promotion(&shop.owner(), terms).await;
        let carts: Vec<Cart> = (0..40).map(|_| Cart::of(&shop, &mug, &[])).collect();
        // A checkout that is told that the price has changed works the cart out again.
        let outcomes = join_all(carts.iter().map(async |cart| {
            loop {
                match cart.buy(&shop).await {
                    Err(Error::Conflict(problem)) if problem.code == ErrorCode::PriceChanged => {}
                    outcome => break outcome,
                }
            }
        }))
        .await;
        let mut taken: Vec<i64> = Vec::new();
        for outcome in outcomes {
            let off = outcome.expect("bought").amount(Currency::EUR).expect("an amount").minor();
            taken.extend((off > 0).then_some(off));
        }
        taken.sort_unstable();
        assert_eq!(taken, [100, 300, 300, 300], "the last one gets what is left");
        assert_counters_are_true(&shop).await;
        let look = "query($id: ID!) { promotion(id: $id) { uses spent { amount } } }";
        let seen = shop.owner().query(look, json!({ "id": id })).await.ok();
        assert_eq!((seen.number("promotion.uses"), seen.text("promotion.spent.0.amount")), (4, "10.00"));
    }

    async fn promise_p06_a_promotion_for_so_many_orders_is_for_no_more(db: Database) {
        let shop = Shop::open(db).await;
        let mug = variant(&shop, "100").await;
        promotion(&shop.owner(), json!({ "caps": { "maximumUses": 3 } })).await;
        let carts: Vec<Cart> = (0..20).map(|_| Cart::of(&shop, &mug, &[])).collect();
        for cart in &carts {
            let off = cart.buy(&shop).await.expect("bought").amount(Currency::EUR).expect("an amount").minor();
            assert!(off == 0 || off == 1_000);
        }
        assert_eq!(shop.number("SELECT uses FROM promotion_usage").await, 3);
        assert_counters_are_true(&shop).await;
    }

    async fn rule_p5_of_two_buyers_and_one_use_one_wins_and_the_other_is_told(db: Database) {
        let shop = Shop::open(db).await;
        let mug = variant(&shop, "10").await;
        promotion_with_code(&shop.owner(), json!({}), json!({ "code": "ONCE", "usageLimit": 1 })).await;
        let (one, other) = (Cart::of(&shop, &mug, &["once"]), Cart::of(&shop, &mug, &["once"]));
        // Both see it unused before either takes it. On SQLite the second one has not begun yet.
        let (meeting, meets) = (Barrier::new(2), shop.database().is_postgres());
        let meet = async || {
            if meets {
                meeting.wait().await;
            }
        };
        let outcomes = tokio::join!(one.complete(&shop, meet), other.complete(&shop, meet));
        let outcomes = [outcomes.0, outcomes.1];
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(refusal(outcome), "CodeUsedUp codes.0");
        }
        assert_counters_are_true(&shop).await;
    }

    async fn rule_p5_a_promotion_that_is_used_up_meanwhile_is_told_by_its_code_or_as_another_price(db: Database) {
        let shop = Shop::open(db).await;
        let mug = variant(&shop, "10").await;
        let (id, _) = promotion_with_code(&shop.owner(), json!({ "caps": { "maximumUses": 1 } }), json!({ "code": "FIRST" })).await;
        let (open, codeless) = (Cart::of(&shop, &mug, &["first"]), Cart::of(&shop, &mug, &[]));
        let used_up = format!("UPDATE promotion_usage SET uses = 1 WHERE promotion_id = {}", shop.literal_of(&id));
        // What another one took in the moment between, written behind the doors' back.
        let evaluated = async |cart: &Cart| {
            let ctx = checkout(&shop);
            let scope = ctx.store().await.expect("a read");
            let evaluation = cart.evaluate(&scope, &ctx).await.expect("an evaluation");
            ctx.release().await;
            evaluation
        };
        let evaluation = evaluated(&open).await;
        shop.execute(&used_up).await;
        let take = async |cart: &Cart, evaluation: &Evaluation| {
            let ctx = checkout(&shop);
            let tx = ctx.begin_store(Action::PromotionUpdate).await.expect("a transaction");
            let redemption = Redemption { order: cart.order, buyer: None, evaluation, at: ctx.now() };
            redeem(&tx, &redemption).await
        };
        assert_eq!(refusal(take(&open, &evaluation).await), "CodeUsedUp codes.0");
        let everybody = promotion(&shop.owner(), json!({ "caps": { "maximumUses": 1 } })).await;
        let evaluation = evaluated(&codeless).await;
        shop.execute(&format!("UPDATE promotion_usage SET uses = 1 WHERE promotion_id = {}", shop.literal_of(&everybody))).await;
        assert_eq!(refusal(take(&codeless, &evaluation).await), "PriceChanged");
        assert_eq!(shop.number("SELECT COUNT(*) FROM applied_promotions").await, 0);
        assert_eq!(used(&shop).await, 0, "what was taken before the refusal went with the transaction");
    }

    async fn attack_c08_an_order_that_is_canceled_gives_its_use_back_once(db: Database) {
        let shop = Shop::open(db).await;
        let mug = variant(&shop, "10").await;
        promotion_with_code(&shop.owner(), json!({}), json!({ "code": "Once", "usageLimit": 1 })).await;
        let first = Cart::of(&shop, &mug, &["once"]);
        first.buy(&shop).await.expect("bought");
        let second = Cart::of(&shop, &mug, &[" ONCE "]);
        assert_eq!(refusal(second.buy(&shop).await), "CodeUsedUp codes.0");
        first.cancel(&shop).await;
        assert_eq!(used(&shop).await, 0);
        second.buy(&shop).await.expect("the use is free again");
        let before = shop.fingerprint().await;
        first.cancel(&shop).await;
        Cart::of(&shop, &mug, &[]).cancel(&shop).await;
        shop.assert_unchanged(&before).await;
        // The order comes back to life, and finds its use taken.
        assert_eq!(refusal(first.buy(&shop).await), "CodeUsedUp codes.0");
        second.cancel(&shop).await;
        first.buy(&shop).await.expect("taken again");
        assert_eq!(used(&shop).await, 1);
        assert_counters_are_true(&shop).await;
    }

    async fn an_order_takes_what_it_uses_once(db: Database) {
        let shop = crowded(db).await;
        let mug = variant(&shop, "10").await;
        promotion_with_code(&shop.owner(), json!({ "caps": { "maximumUses": 5 } }), json!({ "code": "Five", "usageLimit": 5 })).await;
        let cart = Cart::of(&shop, &mug, &["five"]);
        cart.buy(&shop).await.expect("bought");
        let before = shop.fingerprint().await;
        cart.buy(&shop).await.expect("taken already");
        shop.assert_unchanged(&before).await;
        let both = join_all((0..8).map(|_| cart.buy(&shop))).await;
        assert!(both.iter().all(Result::is_ok));
        shop.assert_unchanged(&before).await;
    }

    async fn invariant_i9_what_is_counted_is_what_was_used(db: Database) {
        let shop = crowded(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "10").await;
        let limits = json!({ "code": "A", "usageLimit": 4, "limitPerBuyer": 3 });
        let (id, _) = promotion_with_code(&owner, json!({ "caps": { "maximumUses": 9 } }), limits).await;
        create_code(&owner, &id, json!({ "code": "B" })).await.ok();
        let buyers = ["ann@people.example", "bob@people.example"];
        let carts: Vec<Cart> =
            (0..24).map(|place| Cart::of(&shop, &mug, if place % 3 == 0 { &["b"] } else { &["a"] }).by(buyers[place % 2])).collect();
        // Orders come and go all at once, and one of them twice.
        join_all(carts.iter().enumerate().map(async |(place, cart)| {
            let bought = cart.buy(&shop).await;
            if place % 2 == 0 {
                cart.cancel(&shop).await;
            }
            if place % 4 == 0 && bought.is_ok() {
                let _ = cart.buy(&shop).await;
            }
        }))
        .await;
        assert_counters_are_true(&shop).await;
    }

    async fn invariant_i9_no_merchant_takes_a_limit_below_what_was_used(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "10").await;
        let (id, code) = promotion_with_code(&owner, json!({}), json!({ "code": "A" })).await;
        for _ in 0..2 {
            Cart::of(&shop, &mug, &["a"]).buy(&shop).await.expect("bought");
        }
        let update = "mutation($id: ID!, $limit: Int) { discountCodeUpdate(id: $id, input: { usageLimit: $limit }) \
            { userErrors { code field } } }";
        let refused = owner.query(update, json!({ "id": code, "limit": 1 })).await;
        assert_eq!(refused.user_error("discountCodeUpdate"), "OUT_OF_RANGE usageLimit");
        owner.query(update, json!({ "id": code, "limit": 2 })).await.ok();
        let caps = "mutation($id: ID!, $caps: PromotionCapsInput) { promotionUpdate(id: $id, input: { caps: $caps }) \
            { userErrors { code field } } }";
        let eur = |amount: &str| json!([{ "amount": amount, "currencyCode": "EUR" }]);
        for (given, path) in [(json!({ "maximumUses": 1 }), "caps.maximumUses"), (json!({ "budget": eur("1.99") }), "caps.budget")] {
            let refused = owner.query(caps, json!({ "id": id, "caps": given })).await;
            assert_eq!(refused.user_error("promotionUpdate"), format!("OUT_OF_RANGE {path}"));
        }
        owner.query(caps, json!({ "id": id, "caps": { "maximumUses": 2, "budget": eur("2") } })).await.ok();
        assert_counters_are_true(&shop).await;
        let full = Cart::of(&shop, &mug, &["a"]).buy(&shop).await;
        assert_eq!(refusal(full), "CodeUsedUp codes.0");
        // A limit that goes keeps what was counted.
        owner.query(update, json!({ "id": code, "limit": null })).await.ok();
        owner.query(caps, json!({ "id": id, "caps": null })).await.ok();
        Cart::of(&shop, &mug, &["a"]).buy(&shop).await.expect("bought");
        assert_counters_are_true(&shop).await;
    }
}

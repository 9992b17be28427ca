//! The doors of `stoa::carts::checkout`, as whoever turns a cart into an order will come through them.

use rules::ErrorCode;
use rules::ids::{CartId, OrderId};
use stoa::carts::checkout;
use stoa::kernel::{Action, Audit, Ctx, Error};

use super::{add, choose, codes, edit, look, quantities, ship_to, ten_off};
use crate::harness::carts::CartIds;
use crate::harness::{Shop, json};
use crate::inventory::operator;
use crate::tax::set_store;

fn ctx(shop: &Shop) -> Ctx {
    operator(&shop.node.system, shop, shop.linden.store())
}

fn id(cart: &CartIds) -> CartId {
    cart.id.parse().expect("a cart")
}

/// What was refused, by its code.
fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> ErrorCode {
    match outcome {
        Err(Error::Conflict(problem)) => problem.code,
        other => panic!("it was not refused: {other:?}"),
    }
}

async fn lock(shop: &Shop, cart: &CartIds, version: i64) -> Result<i64, Error> {
    let tx = ctx(shop).begin_store(Action::CartNoteUpdate).await?;
    let row = checkout::lock(&tx, id(cart), version).await?;
    tx.commit(Audit::done("cart", &"locked")).await?;
    Ok(row.version)
}

async fn unlock(shop: &Shop, cart: &CartIds) -> Result<i64, Error> {
    let tx = ctx(shop).begin_store(Action::CartNoteUpdate).await?;
    let row = checkout::unlock(&tx, id(cart)).await?;
    tx.commit(Audit::done("cart", &"unlocked")).await?;
    Ok(row.version)
}

async fn complete(shop: &Shop, cart: &CartIds, version: i64, order: OrderId) -> Result<(), Error> {
    let mut tx = ctx(shop).begin_store(Action::CartNoteUpdate).await?;
    checkout::complete(&mut tx, id(cart), version, order).await?;
    tx.commit(Audit::done("cart", &"completed")).await
}

both! {
    async fn rule_c4_while_it_is_being_paid_edits_are_refused_and_going_back_is_possible(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        assert_eq!(code(lock(&shop, &cart, 7).await), ErrorCode::Stale, "it is another one than was priced");
        let version = lock(&shop, &cart, 1).await.expect("locked");
        assert_eq!(code(lock(&shop, &cart, version).await), ErrorCode::CartLocked);
        let before = shop.fingerprint().await;
        for (mutation, name, ty, value) in [
            ("cartLinesAdd", "lines", "[CartLineInput!]!", json!([{ "variantId": mug }])),
            ("cartLinesUpdate", "lines", "[CartLineUpdateInput!]!", json!([{ "lineId": cart.lines[0], "quantity": 2 }])),
            ("cartLinesRemove", "lineIds", "[ID!]!", json!([cart.lines[0]])),
            ("cartDiscountCodesUpdate", "codes", "[String!]!", json!([])),
            ("cartBuyerIdentityUpdate", "buyerIdentity", "CartBuyerIdentityInput!", json!({ "email": "a@b.example" })),
            ("cartShippingAddressUpdate", "address", "AddressInput", json!(null)),
            ("cartBillingAddressUpdate", "address", "AddressInput", json!(null)),
            ("cartShippingOptionsUpdate", "options", "[CartShippingChoiceInput!]!", json!([{ "deliveryGroupId": shop.id::<rules::ids::ShippingProfileId>().to_string() }])),
            ("cartCurrencyUpdate", "currency", "CurrencyCode!", json!("USD")),
            ("cartNoteUpdate", "note", "String", json!("Hello")),
            ("cartAttributesUpdate", "attributes", "[CartAttributeInput!]!", json!([])),
        ] {
            let answer = edit(&buyer, &cart, mutation, &[(name, ty, value)]).await;
            assert_eq!(answer.user_error(mutation), "CART_LOCKED cartId");
        }
        shop.assert_unchanged(&before).await;
        assert_eq!(look(&buyer, &cart).await.text("cart.state"), "LOCKED", "it can still be seen");
        unlock(&shop, &cart).await.expect("open again");
        unlock(&shop, &cart).await.expect("once more changes nothing");
        assert_eq!(quantities(add(&buyer, &cart, json!([{ "variantId": mug }])).await.ok().data("cartLinesAdd.cart")), [2]);
    }

    async fn rule_c5_a_cart_becomes_one_order_and_never_another(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        let (one, other): (OrderId, OrderId) = (shop.id(), shop.id());
        let version = lock(&shop, &cart, 1).await.expect("locked");
        assert_eq!(code(complete(&shop, &cart, 1, one).await), ErrorCode::Stale);
        let before = shop.ledger().await;
        // All at once, as a buyer and a letter from the bank.
        let tries = (0..8).map(|place| complete(&shop, &cart, version, if place % 2 == 0 { one } else { other }));
        let outcomes = futures::future::join_all(tries).await;
        let order = shop.texts(&format!("SELECT CASE WHEN order_id = {} THEN 'one' ELSE 'other' END FROM carts", shop.literal(one))).await;
        let won = if order[0][0] == "one" { 0 } else { 1 };
        for (place, outcome) in outcomes.into_iter().enumerate() {
            match outcome {
                Ok(()) => assert_eq!(place % 2, won),
                Err(Error::Retry | Error::Busy) => {}
                refused => assert_eq!((code(refused), place % 2), (ErrorCode::CartCompleted, 1 - won)),
            }
        }
        let told = shop.told_since(&before).await;
        assert_eq!(told.events.iter().filter(|event| format!("{event:?}").contains("cart.completed")).count(), 1, "{told:?}");
        assert_eq!(add(&buyer, &cart, json!([{ "variantId": mug }])).await.user_error("cartLinesAdd"), "CART_COMPLETED cartId");
        assert_eq!(code(unlock(&shop, &cart).await), ErrorCode::CartCompleted);
        assert_eq!(code(lock(&shop, &cart, version + 1).await), ErrorCode::CartCompleted);
        // Two carts never become one order either.
        let second = shop.cart(&buyer, &[(&mug, 1)]).await;
        let order = if won == 0 { one } else { other };
        assert!(matches!(complete(&shop, &second, 1, order).await, Err(Error::Internal(_))), "the database refuses");
    }

    async fn rule_c6_everything_in_the_way_is_told_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let mug = shop.for_sale(&owner, "5.00", 9).await;
        let (profile, rate) = shop.ships_to_germany(&owner).await;
        let cart = shop.cart(&buyer, &[(&mug, 3)]).await;
        shop.stock(&owner, &mug, 2).await;
        let told = async || {
            let shown = look(&buyer, &cart).await;
            let problems = shown.data("cart.problems").as_array().expect("a list").clone();
            let told = |problem: &serde_json::Value| {
                let field: Vec<&str> = problem["field"].as_array().into_iter().flatten().filter_map(|part| part.as_str()).collect();
                format!("{} {}", problem["code"].as_str().unwrap_or_default(), field.join(".")).trim().to_owned()
            };
            problems.iter().map(told).collect::<Vec<String>>()
        };
        let all = ["OUT_OF_STOCK lines.0", "REQUIRED email", "REQUIRED shippingAddress", "REQUIRED billingAddress"];
        assert_eq!(told().await, all);
        set_store(&shop, json!({ "country": "DE" })).await;
        shop.stock(&owner, &mug, 9).await;
        let identity = json!({ "email": "ann@people.example" });
        edit(&buyer, &cart, "cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", identity)]).await.ok();
        ship_to(&buyer, &cart, "DE").await.ok();
        assert_eq!(told().await, ["REQUIRED deliveryGroups.0"]);
        choose(&buyer, &cart, &profile, &rate).await.ok();
        assert!(told().await.is_empty());
        assert!(checkout::priced(&ctx(&shop), id(&cart)).await.expect("a cart").obstacles().is_empty());
    }

    async fn rule_p6_what_is_frozen_gives_the_same_total_again(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        set_store(&shop, json!({ "country": "DE" })).await;
        let zone = shop.tax_zone(&owner, json!([{ "country": "DE" }])).await;
        shop.tax_rate(&owner, &zone, None, "0.19").await;
        ten_off(&shop, json!({ "code": "TEN" })).await;
        let mug = shop.for_sale(&owner, "3.33", 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 7)]).await;
        codes(&buyer, &cart, &["TEN"]).await.ok();
        ship_to(&buyer, &cart, "DE").await.ok();
        let priced = checkout::priced(&ctx(&shop), id(&cart)).await.expect("a cart");
        let terms = priced.terms().expect("its terms").frozen(&priced.facts.evaluation);
        let text = serde_json::to_string(&terms).expect("a text");
        let again: rules::totals::Terms = serde_json::from_str(&text).expect("terms");
        let reckoned = again.work_out().expect("a total");
        assert_eq!(reckoned.totals, priced.totals);
        let shown = look(&buyer, &cart).await;
        assert_eq!(shown.text("cart.pricing.total.amount").replace('.', ""), reckoned.totals.total.minor().to_string());
        let proven = checkout::find(&ctx(&shop), id(&cart), Some(&cart.token)).await.expect("an answer");
        assert_eq!(proven.map(|cart| cart.version), Some(priced.facts.parts.cart.version));
        assert!(checkout::find(&ctx(&shop), id(&cart), None).await.expect("an answer").is_none());
    }
}

//! Carts that are left: noticed, told of, come back to, and swept away (rule C7).

use chrono::TimeDelta;
use rules::ids::CartAbandonmentId;
use rules::permission::Permission::OrdersManage;
use serde_json::Value;
use stoa::carts::{abandonment, checkout};
use stoa::kernel::{Action, Audit, Ctx};
use stoa::worker::{Resting, pass};
use tokio_util::sync::CancellationToken;

use super::{add, look, quantities};
use crate::harness::carts::CartIds;
use crate::harness::{Actor, Answer, Shop, json};
use crate::inventory::operator;

fn ctx(shop: &Shop) -> Ctx {
    operator(&shop.node.system, shop, shop.linden.store())
}

async fn notice(shop: &Shop) -> u64 {
    abandonment::notice(&ctx(shop), 100).await.expect("noticed")
}

async fn sweep(shop: &Shop) -> u64 {
    abandonment::sweep(&ctx(shop), 100).await.expect("swept")
}

/// The events of carts that were left, as they are told.
async fn told(shop: &Shop) -> Vec<Value> {
    let sql = "SELECT CAST(payload AS TEXT) FROM domain_events WHERE topic = 'cart.abandoned' ORDER BY id";
    let rows = shop.texts(sql).await.into_iter().flatten();
    rows.map(|text| serde_json::from_str(&text).expect("JSON")).collect()
}

/// The secret of the link that a letter would hold.
fn link(shop: &Shop, event: &Value) -> String {
    let id: CartAbandonmentId = event["abandonmentId"].as_str().expect("an id").parse().expect("an id");
    abandonment::recovery_secret(&ctx(shop), shop.linden.store(), id).expose().to_owned()
}

async fn recover(who: &Actor, token: &str) -> Answer {
    let document = "mutation($token: String!) { cartRecover(token: $token) { cart { id lines { quantity } } token \
        userErrors { code field } } }";
    who.query(document, json!({ "token": token })).await
}

both! {
    async fn rule_c7_a_cart_that_is_left_is_told_of_once_and_an_edit_ends_it(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let mug = shop.for_sale(&owner, "5.00", 99).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        shop.cart(&shop.anonymous().in_store("rival"), &[(&shop.for_sale(&shop.rival(), "5.00", 9).await, 1)]).await;
        let empty = shop.cart(&buyer, &[(&mug, 1)]).await;
        super::update(&buyer, &empty, json!([{ "lineId": empty.lines[0], "quantity": 0 }])).await.ok();
        shop.wait(TimeDelta::minutes(60) - TimeDelta::microseconds(1));
        assert_eq!(notice(&shop).await, 0, "not yet");
        shop.wait(TimeDelta::microseconds(1));
        assert_eq!((notice(&shop).await, notice(&shop).await), (1, 0));
        let events = told(&shop).await;
        assert_eq!((events.len(), events[0]["cart"]["id"].as_str()), (1, Some(cart.id.as_str())));
        assert!(!look(&buyer, &cart).await.data("cart.abandonedAt").is_null());
        add(&buyer, &cart, json!([{ "variantId": mug }])).await.ok();
        assert!(look(&buyer, &cart).await.data("cart.abandonedAt").is_null());
        shop.wait(TimeDelta::hours(2));
        assert_eq!(notice(&shop).await, 1, "left once more");
        assert_eq!(told(&shop).await.len(), 2);
        // A merchant may wait longer.
        let set = "mutation { cartSettingsUpdate(input: { abandonedAfterMinutes: 600 }) { userErrors { code } } }";
        shop.staff([OrdersManage]).await.query(set, json!({})).await.ok();
        add(&buyer, &cart, json!([{ "variantId": mug }])).await.ok();
        shop.wait(TimeDelta::hours(9));
        assert_eq!(notice(&shop).await, 0);
    }

    async fn rule_c7_the_link_leads_back_and_takes_nothing_from_where_it_was_begun(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let cart = shop.any_cart(&shop.owner()).await;
        shop.wait(TimeDelta::hours(2));
        assert_eq!(notice(&shop).await, 1);
        let event = told(&shop).await.remove(0);
        let link = link(&shop, &event);
        assert!(!event.to_string().contains("stoa_crv_"), "the event holds no secret: {event}");
        for wrong in ["", "stoa_crv_1", cart.token.as_str()] {
            assert_eq!(recover(&buyer, wrong).await.user_error("cartRecover"), "INVALID_TOKEN token");
        }
        assert_eq!(recover(&shop.anonymous().in_store("rival"), &link).await.user_error("cartRecover"), "INVALID_TOKEN token");
        let mut tokens = vec![cart.token.clone()];
        for _ in 0..2 {
            let answer = recover(&buyer, &link).await.ok();
            assert_eq!((answer.text("cartRecover.cart.id"), answer.number("cartRecover.cart.lines.0.quantity")), (cart.id.as_str(), 2));
            tokens.push(answer.text("cartRecover.token").to_owned());
        }
        for token in tokens {
            let device = CartIds { token, ..cart.clone() };
            assert!(!look(&buyer, &device).await.data("cart").is_null(), "each device has a secret of its own");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM cart_abandonments WHERE recovered_at IS NOT NULL").await, 1);
        // The link dies with the cart.
        shop.wait(TimeDelta::days(30));
        assert_eq!(recover(&buyer, &link).await.user_error("cartRecover"), "INVALID_TOKEN token");
    }

    async fn rule_c7_what_is_over_is_swept_away_and_what_may_hold_money_never_is(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 99).await;
        let (cart, paid) = (shop.cart(&buyer, &[(&mug, 1)]).await, shop.cart(&buyer, &[(&mug, 2)]).await);
        let tx = ctx(&shop).begin_store(Action::CartNoteUpdate).await.expect("a write");
        checkout::lock(&tx, paid.id.parse().expect("a cart"), 1).await.expect("locked");
        checkout::unlock(&tx, paid.id.parse().expect("a cart")).await.expect("open again");
        tx.commit(Audit::done("cart", &"paid")).await.expect("done");
        shop.wait(TimeDelta::days(30) - TimeDelta::microseconds(1));
        assert_eq!(sweep(&shop).await, 0);
        shop.wait(TimeDelta::days(1));
        let one_by_one = abandonment::sweep(&ctx(&shop), 1).await.expect("swept");
        assert_eq!((one_by_one, sweep(&shop).await), (1, 0));
        assert!(look(&buyer, &cart).await.data("cart").is_null());
        assert_eq!(quantities(look(&buyer, &paid).await.data("cart")), [2]);
        for table in ["carts", "cart_lines", "cart_tokens"] {
            assert_eq!(shop.number(&format!("SELECT COUNT(*) FROM {table}")).await, 1, "{table}");
        }
    }

    async fn rule_c7_the_worker_does_both_in_every_store_and_in_each_at_its_own_time(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, rival) = (shop.owner(), shop.rival());
        let set = "mutation { cartSettingsUpdate(input: { abandonedAfterMinutes: 20 }) { userErrors { code } } }";
        rival.query(set, json!({})).await.ok();
        for owner in [&owner, &rival] {
            shop.any_cart(owner).await;
        }
        let system = &shop.node.system;
        let mut noticed = Vec::new();
        for minutes in [19, 1, 39, 1, 60] {
            shop.wait(TimeDelta::minutes(minutes));
            let done = pass(system, &mut Resting::default(), &CancellationToken::new()).await;
            noticed.push((told(&shop).await.len(), done.failures));
        }
        assert_eq!(noticed, [(0, 0), (1, 0), (1, 0), (2, 0), (2, 0)]);
        shop.wait(TimeDelta::days(30));
        pass(system, &mut Resting::default(), &CancellationToken::new()).await;
        assert_eq!(shop.number("SELECT COUNT(*) FROM carts").await, 0);
        assert_eq!(told(&shop).await.len(), 2);
    }

    async fn fault_f12_two_nodes_tell_of_each_cart_once(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 99).await;
        for _ in 0..9 {
            shop.cart(&buyer, &[(&mug, 1)]).await;
        }
        shop.wait(TimeDelta::hours(2));
        let other = shop.second_node().await;
        let (here, there) = (ctx(&shop), operator(&other.system, &shop, shop.linden.store()));
        let all = async |ctx: &Ctx| {
            let mut noticed = 0;
            for _ in 0..9 {
                noticed += ctx.retrying((), async |ctx, ()| abandonment::notice(ctx, 2).await).await.expect("noticed");
            }
            noticed
        };
        let (one, two) = tokio::join!(all(&here), all(&there));
        assert_eq!((one + two, told(&shop).await.len()), (9, 9));
        assert_eq!(shop.number("SELECT COUNT(*) FROM cart_abandonments").await, 9);
    }
}

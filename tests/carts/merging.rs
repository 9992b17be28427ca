//! `stoa::carts::merge`: a guest's cart becomes a customer's, as whoever lets customers in will do it (rule C3).

use rules::ids::CustomerId;
use serde_json::Value;
use stoa::carts::{self, CartRef};
use stoa::kernel::Error;

use super::{add, codes, edit, look, ship_to, ten_off};
use crate::harness::carts::CartIds;
use crate::harness::{Shop, json};
use crate::inventory::operator;
use crate::pricing::Stock;

/// Signs a customer in with a guest's cart at hand: the codes of the warnings.
async fn merge(shop: &Shop, customer: CustomerId, cart: &CartIds) -> Result<Vec<String>, Error> {
    let ctx = operator(&shop.node.system, shop, shop.linden.store());
    let cart = CartRef { id: cart.id.parse().expect("a cart"), token: Some(cart.token.clone()) };
    let edited = ctx.retrying((customer, cart), async |ctx, input| carts::merge(ctx, input).await).await?;
    Ok(edited.warnings.iter().map(|warning| format!("{warning:?}")).collect())
}

fn refusal(outcome: Result<Vec<String>, Error>) -> String {
    match outcome {
        Err(Error::Conflict(problem)) => format!("{:?}", problem.code),
        Err(Error::Invalid(problems)) => format!("{:?} {}", problems[0].code, problems[0].field.join(".")),
        other => panic!("it was not refused: {other:?}"),
    }
}

/// The carts that there are, as the staff sees them.
async fn carts_of(shop: &Shop) -> Vec<Value> {
    let document = "{ carts(sort: OLDEST) { nodes { id currency email note discountCodes shippingAddress { country } \
        lines { variantId quantity status } expiresAt } } }";
    let answer = shop.owner().query(document, json!({})).await.ok();
    answer.data("carts.nodes").as_array().expect("a list").clone()
}

fn line(variant: &str, quantity: i64) -> Value {
    json!({ "variantId": variant, "quantity": quantity, "status": "AVAILABLE" })
}

both! {
    async fn rule_c3_the_first_cart_is_taken_over_and_goes_to_no_second_account(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let (ann, ben) = (shop.customer().await.id, shop.customer().await.id);
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 2)]).await;
        merge(&shop, ann, &cart).await.expect("taken over");
        let all = carts_of(&shop).await;
        assert_eq!((all.len(), &all[0]["id"], &all[0]["lines"]), (1, &json!(cart.id), &json!([line(&mug, 2)])));
        assert!(all[0]["expiresAt"].as_str() > Some("2026-05-29"), "ninety days: {}", all[0]);
        // The secret opens nothing any more, neither for the guest nor for somebody else who signs in with it.
        let before = shop.fingerprint().await;
        assert!(look(&buyer, &cart).await.data("cart").is_null());
        assert_eq!(add(&buyer, &cart, json!([{ "variantId": mug }])).await.user_error("cartLinesAdd"), "NOT_FOUND cartId");
        for who in [ben, ann] {
            assert_eq!(refusal(merge(&shop, who, &cart).await), "NotFound");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t08_the_right_secret_opens_no_customers_cart(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let cart = shop.any_cart(&shop.owner()).await;
        let ann = shop.customer().await.id;
        // As if the secret were still there.
        shop.execute(&format!("UPDATE carts SET customer_id = {}", shop.literal(ann))).await;
        assert!(look(&buyer, &cart).await.data("cart").is_null());
        assert_eq!(refusal(merge(&shop, shop.customer().await.id, &cart).await), "NotFound");
    }

    async fn rule_c3_two_carts_become_one_and_the_guests_quantities_count(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let ann = shop.customer().await.id;
        let (mug, cup, jug) = (shop.for_sale(&owner, "5.00", 9).await, shop.for_sale(&owner, "3.00", 9).await, shop.for_sale(&owner, "8.00", 4).await);
        for code in ["OWN", "GUEST"] {
            ten_off(&shop, json!({ "code": code })).await;
        }
        let own = shop.cart(&buyer, &[(&mug, 5), (&cup, 1)]).await;
        codes(&buyer, &own, &["own"]).await.ok();
        ship_to(&buyer, &own, "DE").await.ok();
        merge(&shop, ann, &own).await.expect("taken over");
        let guest = shop.cart(&buyer, &[(&jug, 4), (&mug, 1)]).await;
        codes(&buyer, &guest, &["OWN", "guest"]).await.ok();
        ship_to(&buyer, &guest, "US").await.ok();
        edit(&buyer, &guest, "cartNoteUpdate", &[("note", "String", json!("Ring twice"))]).await.ok();
        shop.stock(&owner, &jug, 3).await;
        let warnings = merge(&shop, ann, &guest).await.expect("put together");
        assert!(warnings.len() == 1 && warnings[0].contains("QuantityReduced"), "{warnings:?}");
        let all = carts_of(&shop).await;
        assert_eq!((all.len(), &all[0]["id"]), (1, &json!(own.id)));
        assert_eq!(all[0]["lines"], json!([line(&mug, 1), line(&cup, 1), line(&jug, 3)]));
        assert_eq!(json!([all[0]["discountCodes"], all[0]["note"], all[0]["shippingAddress"]]), json!([["own", "guest"], "Ring twice", { "country": "DE" }]));
        assert_eq!(shop.number("SELECT COUNT(*) FROM cart_tokens").await, 0);
    }

    async fn rule_m3_two_carts_in_two_currencies_become_one_or_nothing_changes(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let ann = shop.customer().await.id;
        let both = Stock::of_linden(&shop, 1).await;
        both.set(&owner, json!([{ "currency": "EUR", "amount": "10" }, { "currency": "USD", "amount": "12" }])).await.ok();
        shop.stock(&owner, &both.variants[0], 9).await;
        let euros = shop.for_sale(&owner, "5.00", 9).await;
        let own = shop.cart(&buyer, &[(&both.variants[0], 1), (&euros, 1)]).await;
        merge(&shop, ann, &own).await.expect("taken over");
        let guest = shop.cart(&buyer, &[(&both.variants[0], 2)]).await;
        edit(&buyer, &guest, "cartCurrencyUpdate", &[("currency", "CurrencyCode!", json!("USD"))]).await.ok();
        let before = shop.fingerprint().await;
        assert_eq!(refusal(merge(&shop, ann, &guest).await), "NoPrice lines.1");
        shop.assert_unchanged(&before).await;
        let price = format!("UPDATE cart_lines SET variant_id = {} , attributes_key = 'x' WHERE variant_id = {}", shop.literal_of(&both.variants[0]), shop.literal_of(&euros));
        shop.execute(&price).await;
        merge(&shop, ann, &guest).await.expect("put together");
        let all = carts_of(&shop).await;
        assert_eq!((all.len(), &all[0]["currency"]), (1, &json!("USD")));
        assert_eq!(shop.number("SELECT COUNT(*) FROM cart_lines WHERE added_price = 1200").await, 2);
    }

    async fn rule_c3_a_customer_merges_and_nobody_else_opens_the_cart(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, guest) = (shop.owner(), shop.anonymous());
        let (buyer, other) = (shop.customer().await, shop.customer().await);
        let (ann, ben, id) = (buyer.actor, other.actor, buyer.id);
        let mug = shop.for_sale(&owner, "5.00", 9).await;
        let cart = shop.cart(&guest, &[(&mug, 2)]).await;
        let document = "mutation($cartId: ID!, $token: String!) { cartMerge(cartId: $cartId, token: $token) { cart { id lines { quantity } } \
            warnings { code } userErrors { code field } } }";
        let variables = cart.with(json!({}));
        assert_eq!(guest.query(document, variables.clone()).await.code(), "UNAUTHENTICATED");
        assert!(!owner.query(document, variables.clone()).await.is_ok(), "who runs a shop is none of its customers");
        let answer = ann.query(document, variables.clone()).await.ok();
        assert_eq!(answer.text("cartMerge.cart.id"), cart.id);
        assert_eq!(ben.query(document, variables).await.user_error("cartMerge"), "NOT_FOUND cartId");
        // From here on being signed in opens it, and nothing else.
        let signed_in = CartIds { token: String::new(), ..cart.clone() };
        assert_eq!(super::quantities(look(&ann, &signed_in).await.data("cart")), [2]);
        let own = "{ customerCart { id } }";
        assert_eq!(ann.query(own, json!({})).await.ok().text("customerCart.id"), cart.id);
        assert!(ben.query(own, json!({})).await.ok().data("customerCart").is_null());
        for (who, cart) in [(&ben, &cart), (&guest, &cart), (&ben, &signed_in)] {
            assert!(look(who, cart).await.data("cart").is_null());
            assert_eq!(add(who, cart, json!([{ "variantId": mug }])).await.user_error("cartLinesAdd"), "NOT_FOUND cartId");
        }
        add(&ann, &signed_in, json!([{ "variantId": mug }])).await.ok();
        // A customer's cart is made without a secret, and pays no tax where the customer does not.
        let made = shop.cart(&ann, &[(&mug, 1)]).await;
        assert_eq!(made.token, "");
        crate::tax::set_store(&shop, json!({ "country": "DE" })).await;
        let zone = shop.tax_zone(&owner, json!([{ "country": "DE" }])).await;
        shop.tax_rate(&owner, &zone, None, "0.25").await;
        assert_eq!(look(&ann, &made).await.text("cart.pricing.total.amount"), "5.00");
        shop.execute(&format!("UPDATE customers SET tax_exempt = true WHERE id = {}", shop.literal(id))).await;
        let shown = look(&ann, &made).await;
        assert_eq!((shown.text("cart.pricing.total.amount"), shown.text("cart.pricing.tax.amount")), ("4.00", "0.00"));
        super::assert_adds_up(shown.data("cart"));
    }

    async fn rule_p5_a_first_order_is_one_of_the_address_too(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let first = json!({ "name": "First", "condition": { "all": [{ "codeGiven": true }, { "firstOrder": true }] } });
        crate::promotions::promotion_with_code(&shop.owner(), first, json!({ "code": "FIRST" })).await;
        let ann = shop.customer().await.id;
        let email = shop.texts(&format!("SELECT email FROM customers WHERE id = {}", shop.literal(ann))).await.remove(0).remove(0);
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        let identity = json!({ "email": email.to_uppercase() });
        edit(&buyer, &cart, "cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", identity)]).await.ok();
        codes(&buyer, &cart, &["FIRST"]).await.ok();
        let ordered = format!(
            "INSERT INTO customer_order_totals (store_id, customer_id, currency, orders, spent, updated_at) \
             SELECT store_id, id, 'EUR', 1, 500, created_at FROM customers WHERE id = {}",
            shop.literal(ann)
        );
        shop.execute(&ordered).await;
        assert_eq!(look(&buyer, &cart).await.text("cart.pricing.discountCodes.0.refusal"), "NOT_FOR_YOU");
    }

    async fn rule_c3_two_sign_ins_at_once_take_a_cart_once(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let (ann, ben) = (shop.customer().await.id, shop.customer().await.id);
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        for who in [ann, ben] {
            merge(&shop, who, &shop.cart(&buyer, &[(&mug, 1)]).await).await.expect("taken over");
        }
        let guest = shop.cart(&buyer, &[(&mug, 3)]).await;
        let (one, two) = tokio::join!(merge(&shop, ann, &guest), merge(&shop, ben, &guest));
        assert_eq!([&one, &two].into_iter().filter(|outcome| outcome.is_ok()).count(), 1, "{one:?} {two:?}");
        let mut quantities: Vec<Value> = carts_of(&shop).await.iter().map(|cart| cart["lines"][0]["quantity"].clone()).collect();
        quantities.sort_by_key(|quantity| quantity.as_i64());
        assert_eq!(quantities, [json!(1), json!(3)]);
    }
}

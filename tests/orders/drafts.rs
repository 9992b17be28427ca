//! What staff puts together.

use serde_json::Value;

use super::{complete, eur, german_taxes, line, stocked};
use crate::harness::orders::address;
use crate::harness::{Actor, Answer, Shop, json};
use crate::promotions::promotion;

const DRAFT: &str = "id status version email note discountCodes tags takesPromotions taxExempt
    discount { name percent amount { amount } } shippingTitle shippingPrice { amount } shippingAddress { city }
    lines { variantId title quantity unitPrice { amount } } order { id }";

async fn create(owner: &Actor, input: Value) -> Answer {
    let document = format!(
        "mutation($input: DraftOrderCreateInput!) {{ draftOrderCreate(input: $input) \
         {{ draftOrder {{ {DRAFT} }} userErrors {{ code field message }} }} }}"
    );
    owner.query(&document, json!({ "input": input })).await
}

async fn update(owner: &Actor, id: &str, input: Value, version: Option<i32>) -> Answer {
    let document = format!(
        "mutation($id: ID!, $input: DraftOrderUpdateInput!, $version: Int) {{ draftOrderUpdate(id: $id, input: $input, \
         expectedVersion: $version) {{ draftOrder {{ {DRAFT} }} userErrors {{ code field message }} }} }}"
    );
    owner.query(&document, json!({ "id": id, "input": input, "version": version })).await
}

async fn delete(owner: &Actor, id: &str) -> Answer {
    let document = "mutation($id: ID!) { draftOrderDelete(id: $id) { deletedDraftOrderId userErrors { code field } } }";
    owner.query(document, json!({ "id": id })).await
}

async fn preview(owner: &Actor, id: &str) -> Answer {
    let document = "query($id: ID!) { draftOrderPreview(id: $id) { subtotal { amount } discount { amount } \
        shippingPrice { amount } net { amount } tax { amount } total { amount } taxSource \
        lines { variantId title quantity unitPrice { amount } discount { amount } amount { gross { amount } } } \
        promotions { name decision } codes { code decision refusal } } }";
    owner.query(document, json!({ "id": id })).await
}

both! {
    async fn rule_p6_a_preview_and_the_order_say_the_same(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        german_taxes(&shop).await;
        promotion(&owner, json!({ "name": "Ten off", "stacking": crate::promotions::beside_all() })).await;
        let mug = stocked(&shop, "20", 9).await;
        let priced = json!({ "variantId": mug, "quantity": 2, "unitPrice": eur("12.50") });
        let input = json!({
            "lines": [priced, line(&mug, 1)],
            "discount": { "name": "For a friend", "amount": eur("5") },
            "shipping": { "title": "Courier", "price": eur("4.90") },
        });
        let draft = shop.draft_order(&owner, input).await;
        let seen = preview(&owner, &draft).await.ok();
        // 45.00, then five off, then ten per cent of what is left.
        assert_eq!(seen.text("draftOrderPreview.subtotal.amount"), "45.00");
        assert_eq!(seen.text("draftOrderPreview.discount.amount"), "9.00");
        assert_eq!(seen.text("draftOrderPreview.total.amount"), "40.90");
        assert_eq!(seen.texts("draftOrderPreview.promotions", "name"), ["For a friend", "Ten off"]);
        let order = complete(&owner, &draft).await.ok();
        for field in ["subtotal", "discount", "shippingPrice", "net", "tax", "total"] {
            let (one, other) = (format!("draftOrderPreview.{field}.amount"), format!("draftOrderComplete.order.{field}.amount"));
            assert_eq!(seen.text(&one), order.text(&other), "{field}");
        }
        // The staff's own discount is no promotion of the store's.
        let own = order.data("draftOrderComplete.order.discounts").as_array().expect("a list").iter();
        let own: Vec<&Value> = own.filter(|off| off["name"] == "For a friend").collect();
        assert!(own.len() == 2 && own.iter().all(|off| off["promotionId"].is_null()), "{own:?}");
        assert_eq!(shop.number("SELECT COUNT(*) FROM applied_promotions").await, 1);
    }

    async fn a_draft_without_promotions_takes_only_its_codes(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        promotion(&owner, json!({})).await;
        let draft = shop.draft_order(&owner, json!({ "takesPromotions": false })).await;
        assert_eq!(preview(&owner, &draft).await.ok().text("draftOrderPreview.total.amount"), "10.00");
        update(&owner, &draft, json!({ "takesPromotions": true }), None).await.ok();
        assert_eq!(preview(&owner, &draft).await.ok().text("draftOrderPreview.total.amount"), "9.00");
    }

    async fn a_draft_is_changed_in_parts_and_cleared_by_null(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let whole = json!({ "discount": { "name": "Ten", "percent": "10" }, "note": "One", "tags": ["a"] });
        let draft = shop.draft_order(&owner, whole).await;
        let changed = update(&owner, &draft, json!({ "discount": null, "note": "Two" }), Some(1)).await.ok();
        let seen = changed.data("draftOrderUpdate.draftOrder");
        assert_eq!((&seen["discount"], &seen["note"], &seen["tags"]), (&json!(null), &json!("Two"), &json!(["a"])));
        assert_eq!(seen["lines"].as_array().map(Vec::len), Some(1));
        assert_eq!(update(&owner, &draft, json!({}), Some(1)).await.user_error("draftOrderUpdate"), "STALE expectedVersion");
        delete(&owner, &draft).await.ok();
        assert_eq!(delete(&owner, &draft).await.code(), "NOT_FOUND");
        assert_eq!(shop.number("SELECT COUNT(*) FROM draft_order_lines").await, 0);
    }

    async fn a_draft_that_became_an_order_stays_as_it_is(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let draft = shop.draft_order(&owner, json!({})).await;
        let first = complete(&owner, &draft).await.ok();
        assert!(first.data("draftOrderComplete.orderToken").is_string());
        let again = complete(&owner, &draft).await.ok();
        assert_eq!(first.data("draftOrderComplete.order.id"), again.data("draftOrderComplete.order.id"));
        assert!(again.data("draftOrderComplete.orderToken").is_null(), "the secret is given once");
        assert_eq!(update(&owner, &draft, json!({ "note": "x" }), None).await.user_error("draftOrderUpdate"), "NOT_ALLOWED id");
        assert_eq!(delete(&owner, &draft).await.user_error("draftOrderDelete"), "NOT_ALLOWED id");
    }

    async fn attack_c01_a_draft_says_all_that_is_wrong_with_it(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let usd = json!({ "amount": "1", "currencyCode": "USD" });
        let input = json!({
            "currencyCode": "EUR",
            "lines": [
                { "quantity": 1 },
                { "title": "Gift", "quantity": 0, "unitPrice": eur("1") },
                { "title": "Gift", "quantity": 1 },
                { "title": "Gift", "quantity": 1, "unitPrice": usd },
                { "title": "Gift", "quantity": 1, "unitPrice": eur("-1") },
            ],
            "email": "nobody",
            "discount": { "name": "x", "percent": "101" },
            "shippingAddress": { "address1": "", "city": "Berlin", "country": "DE" },
        });
        let before = shop.fingerprint().await;
        let answer = create(&owner, input).await;
        let errors = answer.data("draftOrderCreate.userErrors").as_array().expect("a list");
        let path = |error: &Value| {
            let field: Vec<&str> = error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            field.join(".")
        };
        let found: std::collections::BTreeSet<String> = errors.iter().map(path).collect();
        for field in [
            "lines.0.variantId", "lines.1.quantity", "lines.2.unitPrice", "lines.3.unitPrice", "lines.4.unitPrice",
            "email", "discount.percent", "shippingAddress.address1",
        ] {
            assert!(found.contains(field), "{field} is not among {found:?}");
        }
        let nobody = shop.id::<rules::ids::ProductVariantId>().to_string();
        let lines = json!({ "lines": [line(&nobody, 1)], "shippingAddress": address() });
        assert_eq!(create(&owner, lines).await.user_error("draftOrderCreate"), "NOT_FOUND lines");
        assert_eq!(create(&owner, json!({ "lines": [] })).await.user_error("draftOrderCreate"), "REQUIRED lines");
        shop.assert_unchanged(&before).await;
    }

    async fn attack_c31_a_shopper_sets_no_price(db: Database) {
        let shop = Shop::open(db).await;
        let input = json!({ "lines": [{ "title": "Gift", "quantity": 1, "unitPrice": eur("0") }] });
        let before = shop.fingerprint().await;
        for who in [shop.anonymous(), shop.storefront_token(), shop.powerless().await] {
            let answer = create(&who, input.clone()).await;
            assert!(["UNAUTHENTICATED", "FORBIDDEN"].contains(&answer.code()), "{answer}");
        }
        let changed = before.changed(&shop.fingerprint().await);
        assert!(!changed.iter().any(|table| table.contains("draft")), "{changed:?}");
    }
}

//! Stories of carts.

mod abandoned;
mod access;
mod checkout;
mod codes;
mod create;
mod currency;
mod delivery;
mod lines;
mod merging;
mod pricing;
mod settings;
mod staff;
mod storms;

use serde_json::Value;

use crate::harness::carts::CartIds;
use crate::harness::{Actor, Answer, Shop, json};

/// All that a cart shows.
const SHOWN: &str = "id state currency version totalQuantity email note attributes { key value } discountCodes
    attribution { utmSource referrer } expiresAt abandonedAt
    shippingAddress { address1 city country } billingAddress { country }
    lines { id variantId quantity attributes { key value } status availableQuantity unitPrice { amount currencyCode }
        addedUnitPrice { amount } priceChanged subtotal { amount } discount { amount } total { amount }
        discounts { name amount { amount } } }
    deliveryGroups { deliveryGroupId lineIds options { shippingRateId name price { amount } selected }
        selectedOption { name } }
    problems { code field ... on StockError { availableQuantity } }
    pricing { subtotal { amount } discount { amount } shipping { amount } shippingDiscount { amount }
        giftCards { giftCardId lastFour available { amount } covers { amount } problem { code field message } }
        storeCredit { available { amount } covers { amount } } amountDue { amount }
        taxMode taxStatus taxes { name rate net { amount } tax { amount } } net { amount } tax { amount } total { amount }
        lines { lineId giftOf variantId quantity unitPrice { amount } subtotal { amount } discount { amount }
            total { amount } discounts { promotionId name code phase amount { amount } }
            taxed { net { amount } tax { amount } gross { amount } } }
        taxedShipping { net { amount } tax { amount } gross { amount } }
        steps { kind amount { amount } soFar { amount } }
        promotions { promotionId name phase code decision amount { amount } limitedBy
            effects { kind line units amount { amount } giftVariantId }
            skipped { reason message unmet missing { amount } outdoneBy } }
        discountCodes { code decision promotionId refusal message } }";

/// What every edit answers beside the cart.
const TOLD: &str = "warnings { code message variantId requestedQuantity addedQuantity availableQuantity
    deliveryGroupId shippingRateId } userErrors { __typename code field message ... on StockError { availableQuantity } }";

/// One edit: the mutation, its arguments beside the cart, and their types.
pub async fn edit(buyer: &Actor, cart: &CartIds, mutation: &str, arguments: &[(&str, &str, Value)]) -> Answer {
    let types: String = arguments.iter().map(|(name, ty, _)| format!(", ${name}: {ty}")).collect();
    let given: String = arguments.iter().map(|(name, ..)| format!(", {name}: ${name}")).collect();
    let document = format!(
        "mutation($cartId: ID!, $token: String{types}) {{ {mutation}(cartId: $cartId, token: $token{given}) \
         {{ cart {{ {SHOWN} }} {TOLD} }} }}"
    );
    let mut variables = cart.with(json!({}));
    for (name, _, value) in arguments {
        variables[name] = value.clone();
    }
    buyer.query(&document, variables).await
}

/// Puts more into a cart.
pub async fn add(buyer: &Actor, cart: &CartIds, lines: Value) -> Answer {
    edit(buyer, cart, "cartLinesAdd", &[("lines", "[CartLineInput!]!", lines)]).await
}

/// Changes lines of a cart.
pub async fn update(buyer: &Actor, cart: &CartIds, lines: Value) -> Answer {
    edit(buyer, cart, "cartLinesUpdate", &[("lines", "[CartLineUpdateInput!]!", lines)]).await
}

/// Sets the codes of a cart.
pub async fn codes(buyer: &Actor, cart: &CartIds, codes: &[&str]) -> Answer {
    edit(buyer, cart, "cartDiscountCodesUpdate", &[("codes", "[String!]!", json!(codes))]).await
}

/// Adds gift cards to a cart.
pub async fn gift_cards(buyer: &Actor, cart: &CartIds, codes: &[&str]) -> Answer {
    edit(buyer, cart, "cartGiftCardsApply", &[("codes", "[String!]!", json!(codes))]).await
}

/// Says where a cart goes to.
pub async fn ship_to(buyer: &Actor, cart: &CartIds, country: &str) -> Answer {
    let address = json!({ "firstName": "Ann", "address1": "Main Street 1", "city": "Town", "country": country });
    edit(buyer, cart, "cartShippingAddressUpdate", &[("address", "AddressInput", address)]).await
}

/// Chooses one rate for one group.
pub async fn choose(buyer: &Actor, cart: &CartIds, group: &str, rate: &str) -> Answer {
    let options = json!([{ "deliveryGroupId": group, "shippingRateId": rate }]);
    edit(buyer, cart, "cartShippingOptionsUpdate", &[("options", "[CartShippingChoiceInput!]!", options)]).await
}

/// The cart as its buyer sees it.
pub async fn look(buyer: &Actor, cart: &CartIds) -> Answer {
    let document = format!("query($id: ID!, $token: String) {{ cart(id: $id, token: $token) {{ {SHOWN} }} }}");
    buyer.query(&document, json!({ "id": cart.id, "token": cart.token })).await.ok()
}

/// Minor units of an amount with two decimals.
pub fn cents(amount: &Value) -> i64 {
    let text = amount["amount"].as_str().unwrap_or_else(|| panic!("no amount: {amount}"));
    text.replace('.', "").parse().expect("an amount")
}

/// The quantities of the lines of a cart, in their order.
pub fn quantities(cart: &Value) -> Vec<i64> {
    cart["lines"].as_array().expect("lines").iter().map(|line| line["quantity"].as_i64().expect("a number")).collect()
}

/// Every amount of a cart adds up to the total (rule T4).
pub fn assert_adds_up(cart: &Value) {
    let pricing = &cart["pricing"];
    let all = |path: &str| pricing[path].as_array().unwrap_or_else(|| panic!("no {path}: {cart}"));
    let lines = all("lines");
    let sum = |field: &str| lines.iter().map(|line| cents(&line[field])).sum::<i64>();
    let of_shipping = |field: &str| {
        let shipping = &pricing["taxedShipping"];
        if shipping.is_null() { 0 } else { cents(&shipping[field]) }
    };
    let taxed = |field: &str| lines.iter().map(|line| cents(&line["taxed"][field])).sum::<i64>() + of_shipping(field);
    assert_eq!(
        (sum("subtotal"), sum("discount")),
        (cents(&pricing["subtotal"]), cents(&pricing["discount"])),
        "{cart}"
    );
    for line in lines {
        let off: i64 = line["discounts"].as_array().expect("a list").iter().map(|off| cents(&off["amount"])).sum();
        assert_eq!((off, cents(&line["subtotal"]) - off), (cents(&line["discount"]), cents(&line["total"])), "{line}");
        let gross = cents(&line["taxed"]["net"]) + cents(&line["taxed"]["tax"]);
        assert_eq!(gross, cents(&line["taxed"]["gross"]), "{line}");
    }
    assert_eq!(taxed("gross"), cents(&pricing["total"]), "{cart}");
    assert_eq!((taxed("net"), taxed("tax")), (cents(&pricing["net"]), cents(&pricing["tax"])), "{cart}");
    let taxes: i64 = all("taxes").iter().map(|tax| cents(&tax["tax"])).sum();
    assert_eq!(taxes, cents(&pricing["tax"]), "{cart}");
    let steps = all("steps");
    let mut so_far = 0;
    for step in steps {
        so_far += cents(&step["amount"]);
        assert_eq!(so_far, cents(&step["soFar"]), "{step}");
    }
    assert_eq!(so_far, cents(&pricing["total"]), "the last step is the total: {cart}");
}

/// A promotion of ten per cent off the order that a code opens.
pub async fn ten_off(shop: &Shop, code: Value) -> String {
    let promotion = json!({ "name": shop.word() });
    crate::promotions::promotion_with_code(&shop.owner(), promotion, code).await.0
}

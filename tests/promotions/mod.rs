//! Stories of promotions and discount codes.

mod codes;
mod create;
mod list;
mod preview;
mod redeem;
mod update;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};
use crate::pricing::Stock;

const CREATE: &str = "mutation($input: PromotionCreateInput!) { promotionCreate(input: $input) {
    promotion { id name enabled status priority phase validFrom validTo version
        condition { __typename summary } action { __typename summary } stacking { combinesWith exclusiveGroup }
        caps { maximumDiscount { amount } maximumApplications budget { amount currencyCode } maximumUses } }
    userErrors { code field message } } }";

const CREATE_CODE: &str = "mutation($input: DiscountCodeCreateInput!) { discountCodeCreate(input: $input) {
    discountCode { id code enabled used usageLimit limitPerBuyer validFrom validTo version promotion { id } }
    userErrors { code field message } } }";

const PREVIEW: &str = "query($input: PromotionPreviewInput!) { promotionPreview(input: $input) {
    subtotal { amount currencyCode } discount { amount } shipping { amount } shippingDiscount { amount } total { amount }
    lines { variantId quantity giftOf unitPrice { amount } subtotal { amount } discount { amount } total { amount }
        discounts { promotionId name code phase amount { amount } } }
    promotions { promotionId name phase code decision amount { amount } limitedBy
        effects { kind line units amount { amount } giftVariantId }
        skipped { reason message unmet missing { amount } outdoneBy } }
    codes { code decision promotionId refusal message } } }";

/// Asks for a promotion to be created: ten per cent off the order for everybody, and what `input` says otherwise.
pub async fn create(actor: &Actor, input: Value) -> Answer {
    let mut whole = json!({ "name": "Ten off", "action": { "order": { "percent": "10" } } });
    for (field, value) in input.as_object().expect("an object") {
        whole[field] = value.clone();
    }
    actor.query(CREATE, json!({ "input": whole })).await
}

/// The same, done: its id.
pub async fn promotion(actor: &Actor, input: Value) -> String {
    create(actor, input).await.ok().text("promotionCreate.promotion.id").to_owned()
}

/// A promotion that its codes open, and one of them: the promotion's id, and the code's.
pub async fn promotion_with_code(actor: &Actor, promotion: Value, code: Value) -> (String, String) {
    let mut whole = json!({ "condition": { "codeGiven": true } });
    for (field, value) in promotion.as_object().expect("an object") {
        whole[field] = value.clone();
    }
    let promotion = self::promotion(actor, whole).await;
    let code = create_code(actor, &promotion, code).await.ok();
    (promotion, code.text("discountCodeCreate.discountCode.id").to_owned())
}

/// Asks for a code to be created.
pub async fn create_code(actor: &Actor, promotion: &str, input: Value) -> Answer {
    let mut whole = json!({ "promotionId": promotion });
    for (field, value) in input.as_object().expect("an object") {
        whole[field] = value.clone();
    }
    actor.query(CREATE_CODE, json!({ "input": whole })).await
}

/// A variant of a product of its own with a price in euros.
pub async fn variant(shop: &Shop, price: &str) -> String {
    let stock = Stock::of_linden(shop, 1).await;
    stock.set(&shop.owner(), json!([{ "currency": "EUR", "amount": price }])).await.ok();
    stock.variants[0].clone()
}

/// Stacks with everything.
pub fn beside_all() -> Value {
    json!({ "combinesWith": ["LINE", "ORDER", "SHIPPING"] })
}

/// What promotions do to a basket.
pub struct Preview(Answer);

/// Tries a basket of these variants and quantities; `input` says what else there is.
pub async fn preview(actor: &Actor, lines: &[(&str, i32)], input: Value) -> Preview {
    let answer = ask(actor, lines, input).await.ok();
    let preview = Preview(answer);
    preview.assert_adds_up();
    preview
}

async fn ask(actor: &Actor, lines: &[(&str, i32)], input: Value) -> Answer {
    let lines: Vec<Value> = lines.iter().map(|(id, count)| json!({ "variantId": id, "quantity": count })).collect();
    let mut whole = json!({ "lines": lines });
    for (field, value) in input.as_object().expect("an object") {
        whole[field] = value.clone();
    }
    actor.query(PREVIEW, json!({ "input": whole })).await
}

/// Minor units of an amount with two decimals.
fn cents(amount: &Value) -> i64 {
    let text = amount["amount"].as_str().unwrap_or_else(|| panic!("no amount: {amount}"));
    text.replace('.', "").parse().expect("an amount")
}

impl Preview {
    fn list(&self, path: &str) -> &Vec<Value> {
        self.0.data(&format!("promotionPreview.{path}")).as_array().expect("a list")
    }

    /// The amount in cents at a field.
    pub fn cents(&self, path: &str) -> i64 {
        cents(self.0.data(&format!("promotionPreview.{path}")))
    }

    /// What came of each promotion by its name: what it took off, or why it was skipped.
    pub fn outcomes(&self) -> BTreeMap<&str, String> {
        let outcome = |verdict: &Value| match verdict["decision"].as_str() {
            Some("APPLIED") => verdict["amount"]["amount"].as_str().expect("an amount").to_owned(),
            _ => {
                let skipped = &verdict["skipped"];
                let word = |field: &str| skipped[field].as_str().unwrap_or_default();
                format!("{} {}", word("reason"), word("unmet")).trim().to_owned()
            }
        };
        let verdicts = self.list("promotions").iter();
        verdicts.map(|verdict| (verdict["name"].as_str().expect("a name"), outcome(verdict))).collect()
    }

    /// What came of one promotion.
    #[track_caller]
    pub fn outcome(&self, name: &str) -> String {
        self.outcomes().remove(name).unwrap_or_else(|| panic!("no promotion {name}: {}", self.0))
    }

    /// The cap that kept a promotion from taking off more.
    pub fn limit(&self, name: &str) -> Value {
        let verdict = self.list("promotions").iter().find(|verdict| verdict["name"] == name);
        verdict.expect("a promotion")["limitedBy"].clone()
    }

    /// What came of each code, in the order in which they were given.
    pub fn codes(&self) -> Vec<String> {
        let word = |code: &Value, field: &str| code[field].as_str().unwrap_or_default().to_owned();
        let codes = self.list("codes").iter();
        let outcome = |code: &Value| format!("{} {}", word(code, "decision"), word(code, "refusal")).trim().to_owned();
        codes.map(outcome).collect()
    }

    /// What is left of each line, in cents.
    pub fn lines(&self) -> Vec<i64> {
        self.list("lines").iter().map(|line| cents(&line["total"])).collect()
    }

    /// The explanation adds up: promotion by promotion, line by line, and altogether (rule P6).
    fn assert_adds_up(&self) {
        let lines = self.list("lines");
        let sum = |field: &str| lines.iter().map(|line| cents(&line[field])).sum::<i64>();
        for line in lines {
            let off: i64 = line["discounts"].as_array().expect("a list").iter().map(|off| cents(&off["amount"])).sum();
            assert_eq!(off, cents(&line["discount"]), "{line}");
            assert_eq!(cents(&line["subtotal"]) - off, cents(&line["total"]), "{line}");
            assert_eq!(cents(&line["unitPrice"]) * line["quantity"].as_i64().expect("units"), cents(&line["subtotal"]));
        }
        assert_eq!((sum("subtotal"), sum("discount")), (self.cents("subtotal"), self.cents("discount")));
        let shipping = self.cents("shipping") - self.cents("shippingDiscount");
        assert_eq!(self.cents("subtotal") - self.cents("discount") + shipping, self.cents("total"));
        let mut off = 0;
        for verdict in self.list("promotions") {
            let effects = verdict["effects"].as_array().expect("a list").iter();
            let effects: i64 =
                effects.filter(|effect| !effect["amount"].is_null()).map(|effect| cents(&effect["amount"])).sum();
            let applied = verdict["decision"] == "APPLIED";
            assert_eq!((verdict["amount"].is_null(), verdict["skipped"].is_null()), (!applied, applied), "{verdict}");
            if applied {
                assert_eq!(effects, cents(&verdict["amount"]), "{verdict}");
                off += effects;
            }
        }
        assert_eq!(off, self.cents("discount") + self.cents("shippingDiscount"));
    }
}

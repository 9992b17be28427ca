//! Ways to pay, payments and gift cards that stories need to stand there first.

use chrono::TimeDelta;
use entity::carts::carts;
use rules::ids::{CartId, PaymentProviderId, StoreId};
use rules::states::CartState;
use rules::{Currency, Money};
use serde_json::Value;
use stoa::gate::authentication::operator;
use stoa::kernel::Ctx;
use stoa::payments::gateway::Token;
use stoa::payments::session::{Begin, How, Progress, start};

use super::{Actor, Shop, json};

/// The secret that test providers of stories sign with.
pub const WEBHOOK_SECRET: &str = "whsec_canary_of_the_story";

impl Shop {
    /// A context as checkout and the worker have one, in a store of this handle.
    pub async fn inside(&self, handle: &str) -> Ctx {
        operator(&self.node.system, &self.word(), Some(handle)).await.expect("a store")
    }

    /// A cart with nothing in it.
    pub async fn cart_row(&self, store: StoreId) -> CartId {
        let (writer, id) = (self.writer(), self.id::<CartId>());
        let row = carts::Model {
            store_id: store,
            id,
            state: CartState::Open,
            customer_id: None,
            currency: Currency::EUR,
            email: None,
            email_normalized: None,
            note: None,
            attributes: json!([]),
            store_credit: false,
            utm_source: None,
            utm_medium: None,
            utm_campaign: None,
            utm_term: None,
            utm_content: None,
            referrer: None,
            order_id: None,
            locked_at: None,
            payment_started_at: None,
            active_at: writer.now,
            abandoned_at: None,
            expires_at: writer.now + TimeDelta::days(30),
            version: 1,
            created_at: writer.now,
            updated_at: writer.now,
        };
        writer.put(row).await;
        id
    }

    /// A way to pay, made by the owner.
    pub async fn payment_provider(&self, owner: &Actor, input: Value) -> String {
        let document = "mutation($input: PaymentProviderCreateInput!) { paymentProviderCreate(input: $input) \
            { paymentProvider { id } userErrors { code field message } } }";
        let answer = owner.query(document, json!({ "input": input })).await.ok();
        answer.text("paymentProviderCreate.paymentProvider.id").to_owned()
    }

    /// The provider that moves no money.
    pub async fn test_provider(&self, owner: &Actor, capture: &str) -> String {
        let input = json!({
            "kind": "TEST", "name": "Test", "captureMode": capture, "webhookSecret": WEBHOOK_SECRET,
        });
        self.payment_provider(owner, input).await
    }

    /// Makes a payment of 100.00 EUR for a new cart with this token.
    pub async fn pay(&self, ctx: &Ctx, provider: &str, token: &str) -> Progress {
        let cart = self.cart_row(ctx.store_context().expect("a store").id).await;
        self.pay_for(ctx, provider, cart, token, &format!("{cart}/1")).await.expect("a payment")
    }

    /// The same for a cart that is there, under a key.
    pub async fn pay_for(
        &self,
        ctx: &Ctx,
        provider: &str,
        cart: CartId,
        token: &str,
        key: &str,
    ) -> Result<Progress, stoa::kernel::Error> {
        let provider: PaymentProviderId = provider.parse().expect("an id");
        let amount = Money::from_minor(10_000, Currency::EUR);
        let begin = Begin { provider, cart: Some(cart), order: None, amount, key: key.to_owned() };
        let how = How {
            token: (!token.is_empty()).then(|| Token::new(token).expect("a token")),
            return_url: Some("https://shop.example/back".to_owned()),
            email: Some("ann@people.example".to_owned()),
            description: None,
        };
        let made = start(ctx, &begin, how).await;
        // What is asked for next comes later.
        self.wait(TimeDelta::milliseconds(1));
        made
    }

    /// A gift card of 50.00 EUR, made by the owner: its id and its code.
    pub async fn gift_card(&self, owner: &Actor) -> (String, String) {
        self.gift_card_of(owner, "50.00", json!({})).await
    }

    /// One of so many euros, with more of its input.
    pub async fn gift_card_of(&self, owner: &Actor, amount: &str, more: Value) -> (String, String) {
        let document = "mutation($input: GiftCardCreateInput!) { giftCardCreate(input: $input) \
            { issued { code giftCard { id } } userErrors { code field message } } }";
        let mut input = json!({ "amount": { "amount": amount, "currencyCode": "EUR" } });
        for (name, value) in more.as_object().expect("an object") {
            input[name] = value.clone();
        }
        let answer = owner.query(document, json!({ "input": input })).await.ok();
        let of = |path: &str| answer.text(&format!("giftCardCreate.issued.{path}")).to_owned();
        (of("giftCard.id"), of("code"))
    }

    /// Gives a customer so many euros of store credit: its id.
    pub async fn store_credit(&self, owner: &Actor, customer: impl ToString, amount: &str) -> String {
        let document = "mutation($id: ID!, $amount: MoneyInput!) { storeCreditIssue(customerId: $id, amount: $amount) \
            { storeCredit { id } userErrors { code field message } } }";
        let amount = json!({ "amount": amount, "currencyCode": "EUR" });
        let answer = owner.query(document, json!({ "id": customer.to_string(), "amount": amount })).await.ok();
        answer.text("storeCreditIssue.storeCredit.id").to_owned()
    }

    /// A customer with an account in the owner's store, made as it is by others of whatever store.
    pub async fn registered(&self, owner: &Actor) -> String {
        let create = "mutation($input: CustomerCreateInput!) { customerCreate(input: $input) \
            { customer { id } userErrors { code } } }";
        let email = format!("{}@people.example", self.word());
        let answer = owner.query(create, json!({ "input": { "email": email } })).await.ok();
        let id = answer.text("customerCreate.customer.id").to_owned();
        self.execute(&format!("UPDATE customers SET kind = 'REGISTERED' WHERE id = {}", self.literal_of(&id))).await;
        id
    }
}

/// The ids of and around a payment that was made and given back in part, and of a gift card.
pub struct Paid {
    pub provider: String,
    pub payment: String,
    pub attempt: String,
    pub event: String,
    pub refund: String,
    pub gift_card: String,
    pub entry: String,
    pub store_credit: String,
    pub credit_entry: String,
}

impl Paid {
    /// Makes them in the store that the owner asks in.
    pub async fn of(shop: &Shop, owner: &Actor) -> Self {
        let handle = owner.query("{ store { handle } }", json!({})).await.ok().text("store.handle").to_owned();
        let ctx = shop.inside(&handle).await;
        let provider = shop.test_provider(owner, "AUTOMATIC").await;
        let payment = shop.pay(&ctx, &provider, "tok_approve").await.payment.id.to_string();
        let refund = "mutation($id: ID!) { paymentRefund(id: $id, input: { amount: { amount: \"10.00\", \
            currencyCode: EUR } }) { refund { id } userErrors { code message } } }";
        let refund = owner.query(refund, json!({ "id": payment })).await.ok();
        let refund = refund.text("paymentRefund.refund.id").to_owned();
        let look = "query($id: ID!) { payment(id: $id) { attempts { id } events { id } } }";
        let seen = owner.query(look, json!({ "id": payment })).await.ok();
        let (gift_card, _) = shop.gift_card(owner).await;
        let entries = "query($id: ID!) { giftCardEntries(giftCardId: $id) { nodes { id } } }";
        let entries = owner.query(entries, json!({ "id": gift_card })).await.ok();
        let store_credit = shop.store_credit(owner, shop.registered(owner).await, "20.00").await;
        let look = "query($id: ID!) { storeCreditEntries(storeCreditId: $id) { nodes { id } } }";
        let credits = owner.query(look, json!({ "id": store_credit })).await.ok();
        Self {
            credit_entry: credits.text("storeCreditEntries.nodes.0.id").to_owned(),
            store_credit,
            attempt: seen.text("payment.attempts.0.id").to_owned(),
            event: seen.text("payment.events.0.id").to_owned(),
            entry: entries.text("giftCardEntries.nodes.0.id").to_owned(),
            provider,
            payment,
            refund,
            gift_card,
        }
    }
}

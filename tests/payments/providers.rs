//! Stories of how stores are paid, and of the secrets behind it.

use chrono::TimeDelta;
use stoa::kernel::settings::SecretKey;
use stoa::payments::providers;

use crate::harness::{Answer, Shop, json};

/// What must never be seen again.
const SECRET: &str = "sk_test_canary4eC39HqLyjWDarjtT1zdp7dc";
const WEBHOOK: &str = "whsec_canary5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd";

const CREATE: &str = "mutation($input: PaymentProviderCreateInput!) { paymentProviderCreate(input: $input) \
    { paymentProvider { id version test secretKeyLastFour webhookSecretLastFour publicKey currencies webhookUrl } \
      userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: PaymentProviderUpdateInput!, $version: Int) { \
    paymentProviderUpdate(id: $id, input: $input, expectedVersion: $version) \
    { paymentProvider { version enabled secretKeyLastFour currencies } userErrors { code field message } } }";

fn stripe() -> serde_json::Value {
    json!({ "kind": "STRIPE", "name": "Card", "secretKey": SECRET, "webhookSecret": WEBHOOK, "publicKey": "pk_test_12345678" })
}

async fn create(shop: &Shop, input: serde_json::Value) -> Answer {
    shop.owner().query(CREATE, json!({ "input": input })).await
}

/// Every text and every byte of the database, as far as it can be read.
async fn dump(shop: &Shop) -> String {
    let mut all = String::new();
    for (table, _) in migration::GUARDED_TABLES {
        let sql = match shop.database().is_postgres() {
            true => format!("SELECT COALESCE(string_agg(t::text, ' '), '') FROM \"{table}\" t"),
            false => {
                let columns = shop.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
                let columns: Vec<String> = columns.iter().map(|row| format!("quote(\"{}\")", row[0])).collect();
                format!("SELECT COALESCE(group_concat({}, ' '), '') FROM \"{table}\"", columns.join(" || ' ' || "))
            }
        };
        all.push_str(&shop.texts(&sql).await[0][0]);
    }
    all
}

both! {
    async fn attack_s01_a_secret_is_sealed_and_never_shown_again(db: Database) {
        let shop = Shop::open(db).await;
        let answer = create(&shop, stripe()).await.ok();
        let of = |name: &str| answer.text(&format!("paymentProviderCreate.paymentProvider.{name}")).to_owned();
        assert_eq!((of("secretKeyLastFour").as_str(), of("webhookSecretLastFour").as_str()), ("p7dc", "d8bd"));
        assert!(of("webhookUrl").ends_with(&format!("/webhooks/payments/{}", of("id"))));
        let update = json!({ "id": of("id"), "input": { "secretKey": format!("{SECRET}X") } });
        let updated = shop.owner().query(UPDATE, update).await.ok();
        assert_eq!(updated.text("paymentProviderUpdate.paymentProvider.secretKeyLastFour"), "7dcX");
        let seen = shop.owner().query("{ paymentProviders { id name secretKeyLastFour } }", json!({})).await.ok();
        let dump = dump(&shop).await;
        for (place, text) in [("the answers", format!("{answer}{updated}{seen}")), ("the database", dump)] {
            let hexed = hex::encode("canary");
            let found = text.contains("canary") || text.to_lowercase().contains(&hexed);
            assert!(!found, "a secret stands in {place}");
        }
        // The schema has no field for it either.
        let sdl = stoa::schema::sdl();
        let provider = sdl.split("type PaymentProvider ").nth(1).expect("the type").split("\n}").next().expect("its end");
        assert!(!provider.contains("secretKey:") && !provider.contains("webhookSecret:"));
    }

    async fn attack_s05_the_servers_key_is_changed_while_it_is_used(db: Database) {
        let shop = Shop::open(db).await;
        // What it leaves behind is signed with keys that no other server knows.
        shop.database().is_taken_apart();
        create(&shop, stripe()).await.ok();
        let new = SecretKey::new([7; 32]);
        let before = shop.node.system.settings.secret.clone();
        let both = shop.second_node_with(|config| {
            config.settings.secret = new.clone();
            config.settings.secrets_before = vec![before.clone()];
        }).await;
        let only_new = shop.second_node_with(|config| config.settings.secret = new.clone()).await;
        let inside = async |node: &crate::harness::node::Node| {
            stoa::gate::authentication::operator(&node.system, "rotation", Some("linden")).await.expect("a store")
        };
        let open = async |node: &crate::harness::node::Node| {
            let ctx = inside(node).await;
            let rows = providers::list(&ctx.store().await.expect("a scope")).await.expect("a list");
            let opened = providers::open(&ctx, &rows[0]).map(|account| account.secret_key.expect("a key").expose().to_owned());
            ctx.release().await;
            opened
        };
        assert_eq!(open(&both).await.expect("the key before is known"), SECRET);
        assert!(open(&only_new).await.is_err(), "it is not known yet");
        let ctx = inside(&both).await;
        assert_eq!(providers::reseal(&ctx).await.expect("resealed"), 2);
        assert_eq!(providers::reseal(&ctx).await.expect("resealed"), 0, "a second run has nothing to do");
        assert_eq!(open(&only_new).await.expect("the new key is enough"), SECRET);
        assert!(open(&shop.node).await.is_err(), "the old key is good for nothing");
    }

    async fn attack_s06_a_secret_that_is_moved_to_another_row_opens_nowhere(db: Database) {
        let shop = Shop::open(db).await;
        create(&shop, stripe()).await.ok();
        create(&shop, json!({ "kind": "PAYSTACK", "name": "Paystack", "secretKey": "sk_test_other678" })).await.ok();
        let moved = "UPDATE payment_provider_configs SET secret_key_sealed = \
            (SELECT secret_key_sealed FROM payment_provider_configs WHERE kind = 'STRIPE') WHERE kind = 'PAYSTACK'";
        assert_eq!(shop.execute(moved).await, 1);
        let ctx = shop.inside("linden").await;
        for row in providers::list(&ctx.store().await.expect("a scope")).await.expect("a list") {
            let is_stripe = row.kind == rules::states::PaymentProviderKind::Stripe;
            assert_eq!(providers::open(&ctx, &row).is_ok(), is_stripe, "{:?}", row.kind);
        }
    }

    async fn each_kind_takes_what_it_needs_and_nothing_else(db: Database) {
        let shop = Shop::open(db).await;
        let with = |base: &serde_json::Value, name: &str, value: serde_json::Value| {
            let mut input = base.clone();
            input[name] = value;
            input
        };
        let paystack = json!({ "kind": "PAYSTACK", "name": "Paystack", "secretKey": "sk_test_12345678" });
        let transfer = json!({ "kind": "BANK_TRANSFER", "name": "Transfer" });
        for (input, error) in [
            (with(&stripe(), "secretKey", json!(null)), "REQUIRED secretKey"),
            (with(&stripe(), "secretKey", json!("pk_test_12345678")), "INVALID secretKey"),
            (with(&stripe(), "secretKey", json!("sk_test_ 2345678")), "INVALID secretKey"),
            (with(&stripe(), "publicKey", json!(SECRET)), "INVALID publicKey"),
            (with(&stripe(), "webhookSecret", json!("short")), "INVALID webhookSecret"),
            (with(&stripe(), "name", json!(" ")), "REQUIRED name"),
            (with(&stripe(), "currencies", json!([])), "REQUIRED currencies"),
            (with(&paystack, "currencies", json!(["EUR"])), "INVALID currencies"),
            (with(&paystack, "captureMode", json!("MANUAL")), "NOT_ALLOWED captureMode"),
            (with(&paystack, "webhookSecret", json!("whsec_12345678")), "NOT_ALLOWED webhookSecret"),
            (with(&transfer, "secretKey", json!("sk_test_12345678")), "NOT_ALLOWED secretKey"),
        ] {
            let answer = create(&shop, input.clone()).await;
            assert_eq!(answer.user_error("paymentProviderCreate"), error, "{input}: {answer}");
            assert!(!answer.to_string().contains("canary"), "what is wrong is said without it");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM payment_provider_configs").await, 0);
        let answer = create(&shop, with(&stripe(), "secretKey", json!("sk_live_12345678"))).await.ok();
        assert_eq!(answer.data("paymentProviderCreate.paymentProvider.test"), &json!(false));
        let id = answer.text("paymentProviderCreate.paymentProvider.id").to_owned();
        let update = async |input: serde_json::Value, version: i32| {
            shop.owner().query(UPDATE, json!({ "id": id, "input": input, "version": version })).await
        };
        let other = update(json!({ "secretKey": "sk_test_12345678" }), 1).await;
        assert_eq!(other.user_error("paymentProviderUpdate"), "NOT_ALLOWED secretKey", "of the other mode");
        assert_eq!(update(json!({ "name": "X" }), 2).await.user_error("paymentProviderUpdate"), "STALE expectedVersion");
        let done = update(json!({ "enabled": false, "currencies": ["USD", "EUR"] }), 1).await.ok();
        assert_eq!(done.data("paymentProviderUpdate.paymentProvider.currencies"), &json!(["EUR", "USD"]));
        let foreign = shop.rival().query(UPDATE, json!({ "id": id, "input": { "enabled": true } })).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
    }

    async fn visitors_see_what_the_store_offers_in_their_currency(db: Database) {
        let shop = Shop::open(db).await;
        create(&shop, json!({ "kind": "BANK_TRANSFER", "name": "Transfer", "instructions": "IBAN" })).await.ok();
        shop.wait(TimeDelta::milliseconds(1));
        create(&shop, stripe()).await.ok();
        create(&shop, json!({ "kind": "PAYSTACK", "name": "Paystack", "secretKey": "sk_test_12345678" })).await.ok();
        create(&shop, json!({ "kind": "CASH_ON_DELIVERY", "name": "Cash", "currencies": ["USD"] })).await.ok();
        create(&shop, json!({ "kind": "TEST", "name": "Off", "enabled": false })).await.ok();
        let methods = "{ paymentMethods { providerId kind name instructions publicKey test } }";
        let answer = shop.anonymous().query(methods, json!({})).await.ok();
        assert_eq!(answer.texts("paymentMethods", "name"), ["Transfer", "Card"], "in EUR");
        assert_eq!(answer.text("paymentMethods.1.publicKey"), "pk_test_12345678");
        assert!(!answer.to_string().contains("canary"));
        assert_eq!(shop.rival().query(methods, json!({})).await.ok().data("paymentMethods"), &json!([]));
    }

    async fn the_test_provider_is_the_operators_to_allow(db: Database) {
        let shop = Shop::open(db).await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let strict = shop.second_node_with(|config| config.settings.payments.test_provider = false).await;
        let owner = shop.on(&strict, &shop.owner());
        let input = json!({ "input": { "kind": "TEST", "name": "Test" } });
        assert_eq!(owner.query(CREATE, input).await.user_error("paymentProviderCreate"), "DISABLED kind");
        let methods = owner.query("{ paymentMethods { name } }", json!({})).await.ok();
        assert_eq!(methods.data("paymentMethods"), &json!([]));
        let ctx = stoa::gate::authentication::operator(&strict.system, "strict", Some("linden")).await.expect("a store");
        let cart = shop.cart_row(shop.linden.store()).await;
        assert!(shop.pay_for(&ctx, &provider, cart, "tok_approve", "strict").await.is_err());
    }
}

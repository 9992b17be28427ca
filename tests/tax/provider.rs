//! Stories of taxes that somebody else works out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use rules::money::Money;
use rules::tax::{ExternalTax, TaxedPart};
use stoa::tax::{ProviderError, TaxProvider, TaxProviders, TaxQuestion};

use super::{eur, germany, line, preview, set_taxes, variant};
use crate::harness::{Answer, Shop, json};

/// How the provider behaves.
#[derive(Clone, Copy)]
enum Mood {
    /// A tenth of each amount, and of shipping.
    Answers,
    /// Never.
    Sleeps,
    /// With an error.
    Fails,
    /// With a tax on a line that is not there.
    Raves,
}

struct Acme(Mood, AtomicU32);

fn tenth(on: TaxedPart, amount: Money) -> ExternalTax {
    let tax = Money::from_minor(amount.minor() / 10, amount.currency());
    ExternalTax { on, name: "Sales tax".to_owned(), rate: "0.1".parse().expect("a rate"), amount: tax }
}

impl TaxProvider for Acme {
    fn name(&self) -> &str {
        "acme"
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(200)
    }

    fn taxes<'a>(&'a self, question: &'a TaxQuestion) -> BoxFuture<'a, Result<Vec<ExternalTax>, ProviderError>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        async move {
            let lines = question.lines.iter().enumerate();
            let mut taxes: Vec<ExternalTax> =
                lines.map(|(index, line)| tenth(TaxedPart::Line(index), line.amount)).collect();
            taxes.extend(question.shipping.map(|amount| tenth(TaxedPart::Shipping, amount)));
            match self.0 {
                Mood::Answers => {}
                Mood::Sleeps => std::future::pending().await,
                Mood::Fails => return Err(ProviderError("it rains".to_owned())),
                Mood::Raves => taxes.push(tenth(TaxedPart::Line(99), question.lines[0].amount)),
            }
            Ok(taxes)
        }
        .boxed()
    }
}

/// A shop whose provider is in this mood, and how often that was asked.
async fn shop_of(db: crate::harness::Database, mood: Mood) -> (Shop, Arc<Acme>) {
    let shop = Shop::open(db).await;
    let acme = Arc::new(Acme(mood, AtomicU32::new(0)));
    shop.node.system.extensions.put(TaxProviders::new(vec![Arc::<Acme>::clone(&acme)]));
    let books = super::books(&shop).await;
    germany(&shop, &books).await;
    set_taxes(&shop, json!({ "provider": "acme" })).await.ok();
    (shop, acme)
}

async fn ask(shop: &Shop) -> Answer {
    let (mug, _) = variant(shop, json!({})).await;
    let lines = json!([line(&mug, 2, "50.00")]);
    preview(&shop.owner(), json!({ "lines": lines, "shipping": eur("10.00"), "shippingTo": { "country": "DE" } })).await
}

both! {
    async fn rule_t2_a_provider_works_taxes_out(db: Database) {
        let (shop, acme) = shop_of(db, Mood::Answers).await;
        let answer = ask(&shop).await.ok();
        assert_eq!((answer.text("taxPreview.source"), answer.data("taxPreview.zone")), ("PROVIDER", &json!(null)));
        assert_eq!((answer.text("taxPreview.tax.amount"), answer.text("taxPreview.gross.amount")), ("11.00", "110.00"));
        assert_eq!(answer.text("taxPreview.shipping.tax.amount"), "1.00");
        assert_eq!(answer.data("taxPreview.taxes")[0]["name"], "Sales tax");
        assert_eq!(acme.1.load(Ordering::Relaxed), 1, "it is asked once");
        // The other stores have chosen none.
        let theirs = shop.variant_row(shop.rival.store()).await.to_string();
        let input = json!({ "lines": [line(&theirs, 1, "1.00")], "shippingTo": { "country": "DE" } });
        assert_eq!(preview(&shop.rival(), input).await.ok().text("taxPreview.source"), "OWN_RATES");
    }

    async fn a_provider_that_is_too_slow_is_not_waited_for(db: Database) {
        let (shop, _) = shop_of(db, Mood::Sleeps).await;
        let answer = ask(&shop).await.ok();
        assert_eq!(answer.text("taxPreview.source"), "OWN_RATES_AFTER_FAILURE");
        assert_eq!(answer.text("taxPreview.tax.amount"), "17.57", "as the store's own rates say: 15.97 and 1.60");
    }

    async fn what_fails_or_does_not_fit_is_no_answer(db: Database) {
        let (shop, _) = shop_of(db, Mood::Raves).await;
        assert_eq!(ask(&shop).await.ok().text("taxPreview.source"), "OWN_RATES_AFTER_FAILURE");
        shop.node.system.extensions.put(TaxProviders::new(vec![Arc::new(Acme(Mood::Fails, AtomicU32::new(0)))]));
        assert_eq!(ask(&shop).await.ok().text("taxPreview.source"), "OWN_RATES_AFTER_FAILURE");
        shop.node.system.extensions.put(TaxProviders::default());
        assert_eq!(ask(&shop).await.ok().text("taxPreview.source"), "OWN_RATES_AFTER_FAILURE", "a build without it");
    }

    async fn a_store_may_rather_wait_than_guess(db: Database) {
        let (shop, _) = shop_of(db, Mood::Fails).await;
        set_taxes(&shop, json!({ "onProviderFailure": "REFUSE" })).await.ok();
        let answer = ask(&shop).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{answer}");
        assert!(answer.message().contains("try again"), "{answer}");
        assert!(!answer.message().contains("rains"), "the cause is for the log");
    }
}

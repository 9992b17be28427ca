//! Taxes that somebody else works out.
//!
//! Owns the trait that a tax provider implements, and how one is asked: outside every transaction, for no
//! longer than it says, and its answer is held against what was asked before anybody sees it. A build of the
//! product that has providers puts [`TaxProviders`] into `System::extensions`; a store names one in its tax
//! settings.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use rules::ids::{ProductId, ProductVariantId, StoreId, TaxCategoryId};
use rules::tax::{Charge, ExternalTax, Places, Taxation};
use rules::{Currency, Money, Rounding, TaxMode};

/// How long a provider is waited for that says nothing else.
const PATIENCE: Duration = Duration::from_secs(3);

/// Somebody who works out taxes.
pub trait TaxProvider: Send + Sync + 'static {
    /// The name that stores choose it by, such as `acme`.
    fn name(&self) -> &str;

    /// How long it is waited for.
    fn patience(&self) -> Duration {
        PATIENCE
    }

    /// The taxes on all lines and on shipping. May be asked the same again: it only answers, and books nothing.
    fn taxes<'a>(&'a self, question: &'a TaxQuestion) -> BoxFuture<'a, Result<Vec<ExternalTax>, ProviderError>>;
}

/// Why a provider gave no taxes; told to the log, never to a buyer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ProviderError(pub String);

/// What a provider is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxQuestion {
    /// Who sells.
    pub store: StoreId,
    /// When.
    pub at: DateTime<Utc>,
    /// The one currency of all amounts.
    pub currency: Currency,
    /// Whether amounts include tax: then taxes are inside them, else on top.
    pub tax_mode: TaxMode,
    /// How the store rounds.
    pub rounding: Rounding,
    /// Who lives where.
    pub places: Places,
    /// Whether the buyer pays no tax.
    pub exempt: bool,
    /// What is sold, after all discounts; the place in the list is the place of a tax.
    pub lines: Vec<TaxQuestionLine>,
    /// What shipping costs, after all discounts; none where nothing is shipped yet.
    pub shipping: Option<Money>,
}

/// One line of a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxQuestionLine {
    /// What is sold.
    pub variant: ProductVariantId,
    /// The product that it is a version of.
    pub product: ProductId,
    /// How many units.
    pub quantity: i64,
    /// What they cost together, after all discounts.
    pub amount: Money,
    /// What they are to the tax office.
    pub category: Option<TaxCategoryId>,
    /// The code that tax services know them by.
    pub code: Option<String>,
    /// Whether no tax lies on them anywhere.
    pub untaxed: bool,
}

/// The providers of a build, by their names.
#[derive(Default)]
pub struct TaxProviders(Vec<Arc<dyn TaxProvider>>);

impl TaxProviders {
    /// These providers. Of two with one name the first counts.
    pub fn new(providers: Vec<Arc<dyn TaxProvider>>) -> Self {
        Self(providers)
    }

    /// The provider of this name.
    pub fn find(&self, name: &str) -> Option<Arc<dyn TaxProvider>> {
        self.0.iter().find(|provider| provider.name() == name).cloned()
    }

    /// Their names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|provider| provider.name())
    }
}

impl fmt::Debug for TaxProviders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// Asks a provider, for no longer than it says, and holds its answer against the question.
///
/// # Errors
/// Whatever it is that leaves the sale without taxes.
pub(super) async fn ask(provider: &dyn TaxProvider, question: &TaxQuestion) -> Result<Taxation, ProviderError> {
    let answer = tokio::time::timeout(provider.patience(), provider.taxes(question)).await;
    let taxes = answer.map_err(|_| ProviderError(format!("no answer within {:?}", provider.patience())))??;
    let taxation = Taxation::External(taxes);
    let charges: Vec<Charge> = question.lines.iter().map(TaxQuestionLine::charge).collect();
    match taxation.on(&charges, question.shipping, question.tax_mode, question.rounding) {
        Ok(_) => Ok(taxation),
        Err(problem) => Err(ProviderError(format!("an answer that does not fit: {problem}"))),
    }
}

impl TaxQuestionLine {
    fn charge(&self) -> Charge {
        Charge { amount: self.amount, units: self.quantity, category: self.category, untaxed: self.untaxed }
    }
}

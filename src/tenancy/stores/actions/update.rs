//! `storeUpdate`: the settings of a store change.

use async_graphql::{InputObject, MaybeUndefined};
use entity::tenancy::stores::ActiveModel;
use rules::states::DocumentPolicy;
use rules::{Currency, ErrorCode, Problem, Problems, RoundingLevel, RoundingMode, TaxMode};
use sea_orm::ActiveValue::Set;

use super::super::events::{StoreSnapshot, StoreUpdated};
use super::super::settings::{self, StoreLists};
use super::super::types::Store;
use super::super::{handle, store};
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input};
use crate::tenancy::trusted_documents;

/// What changes of a store. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct StoreUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// The short name in addresses and in `X-Store`; the old one leads nowhere from then on.
    pub handle: Option<String>,
    /// The currency that prices are shown in where none is asked for.
    pub currency: Option<Currency>,
    /// Every currency that it sells in from now on, its own among them; null is refused. Prices in one
    /// that is left out stay stored and are not shown.
    pub currencies: MaybeUndefined<Vec<Currency>>,
    /// The language that texts are first written in.
    pub locale: Option<String>,
    /// Every language that it speaks from now on, its own among them; null is refused.
    pub locales: MaybeUndefined<Vec<String>>,
    /// The country that it sells from; null clears.
    pub country: MaybeUndefined<String>,
    /// Whether its prices include tax.
    pub tax_mode: Option<TaxMode>,
    /// How a fraction of a minor unit is rounded.
    pub rounding_mode: Option<RoundingMode>,
    /// Whether the line or the unit is rounded.
    pub rounding_level: Option<RoundingLevel>,
    /// The time zone that its days begin in.
    pub time_zone: Option<String>,
    /// Which of its callers may send only documents that it has registered, from their next request on. Register
    /// the storefront's documents first: NOT_ALLOWED while there is none.
    pub document_policy: Option<DocumentPolicy>,
}

/// The input, read: the columns, and the lists where they change.
struct Change {
    row: ActiveModel,
    currencies: Option<Vec<Currency>>,
    locales: Option<Vec<String>>,
}

impl Change {
    fn read(input: &StoreUpdateInput) -> Result<Self> {
        let mut row = ActiveModel::default();
        let mut problems = Problems::new();
        if let Some(name) = input.name.as_deref().and_then(|raw| problems.keep(super::name(raw))) {
            row.name = Set(name);
        }
        if let Some(handle) = input.handle.as_deref().and_then(|raw| problems.keep(handle::read("handle", raw))) {
            row.handle = Set(handle);
        }
        if let Some(tag) = input.locale.as_deref().and_then(|raw| problems.keep(input::language("locale", raw))) {
            row.locale = Set(tag);
        }
        if let Some(zone) = input.time_zone.as_deref().and_then(|raw| problems.keep(input::time_zone("timeZone", raw)))
        {
            row.time_zone = Set(zone);
        }
        match &input.country {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => row.country = Set(None),
            MaybeUndefined::Value(raw) => {
                if let Some(code) = problems.keep(input::country("country", raw)) {
                    row.country = Set(Some(code));
                }
            }
        }
        set(&mut row.currency, input.currency);
        set(&mut row.tax_mode, input.tax_mode);
        set(&mut row.rounding_mode, input.rounding_mode);
        set(&mut row.rounding_level, input.rounding_level);
        set(&mut row.document_policy, input.document_policy);
        let currencies = match &input.currencies {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => {
                problems.push(input::null_list("currencies"));
                None
            }
            MaybeUndefined::Value(list) => Some(settings::currencies(&mut problems, list)),
        };
        let locales = match &input.locales {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => {
                problems.push(input::null_list("locales"));
                None
            }
            MaybeUndefined::Value(list) => Some(settings::locales(&mut problems, list)),
        };
        problems.finish()?;
        Ok(Self { row, currencies, locales })
    }
}

fn set<T: Into<sea_orm::Value>>(column: &mut sea_orm::ActiveValue<T>, value: Option<T>) {
    if let Some(value) = value {
        *column = Set(value);
    }
}

/// Refuses to shut out a storefront by mistake.
async fn expect_documents(tx: &Tx<StoreScope>) -> Result<()> {
    if trusted_documents::is_any_registered(tx).await? {
        return Ok(());
    }
    let message = "Register the documents of your storefronts first: nothing else could be sent.";
    Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "documentPolicy", message)))
}

/// Changes the store.
pub async fn run(ctx: &Ctx, (input, expected): (StoreUpdateInput, Option<i32>)) -> Result<Store> {
    ctx.store_context()?;
    let change = Change::read(&input)?;

    let mut tx = ctx.begin_store(Action::StoreUpdate).await?;
    let before = store::lock(&tx).await?;
    input::expect_version(expected, before.version)?;
    if input.document_policy.is_some_and(|policy| policy != DocumentPolicy::Any) {
        expect_documents(&tx).await?;
    }
    let had = store::lists(&tx).await?;
    let store = store::update(&tx, &before, change.row).await?.ok_or_else(input::stale)?;
    let mut has = StoreLists {
        currencies: change.currencies.unwrap_or_else(|| had.currencies.clone()),
        locales: change.locales.unwrap_or_else(|| had.locales.clone()),
    };
    has.currencies.sort_unstable();
    has.locales.sort_unstable();
    settings::expect_own_listed((store.currency, &has.currencies), (&store.locale, &has.locales))?;
    if has.currencies != had.currencies {
        store::replace_currencies(&tx, &has.currencies).await?;
    }
    if has.locales != had.locales {
        store::replace_locales(&tx, &has.locales).await?;
    }
    let audit = Audit::updated("store", store.id, &StoreSnapshot::of(&before, &had), &StoreSnapshot::of(&store, &has));
    tx.emit(&StoreUpdated { store: StoreSnapshot::of(&store, &has) })?;
    tx.commit(audit).await?;
    Ok(Store::written(store, has))
}

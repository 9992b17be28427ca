//! `taxSettingsUpdate`: a store is taxed otherwise from now on.

use async_graphql::{InputObject, MaybeUndefined};
use rules::ids::TaxCategoryId;
use rules::states::{ShippingTaxKind, TaxFailurePolicy};
use rules::{ErrorCode, Problem, Problems};

use super::super::events::{TaxSettingsSnapshot, TaxSettingsUpdated};
use super::super::types::TaxSettings;
use super::super::{Settings, store};
use crate::kernel::{Action, Audit, Ctx, Result, input};
use crate::places::PlaceInput;
use crate::tax::TaxProviders;
use crate::tax::categories;

/// What changes of a store's tax settings. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct TaxSettingsUpdateInput {
    /// Where the store is; null is somewhere in the country that it sells from.
    pub origin: MaybeUndefined<PlaceInput>,
    /// By what shipping is taxed.
    pub shipping_tax: Option<ShippingTaxKind>,
    /// The category that shipping is taxed by, where it is taxed by one; null is the ordinary kind.
    pub shipping_category_id: MaybeUndefined<TaxCategoryId>,
    /// The name of the tax provider that works taxes out; null is the store's own zones and rates.
    pub provider: MaybeUndefined<String>,
    /// What becomes of a sale while the provider gives no taxes.
    pub on_provider_failure: Option<TaxFailurePolicy>,
}

impl TaxSettingsUpdateInput {
    /// The settings as they shall be.
    fn over(self, ctx: &Ctx, mut settings: Settings) -> Result<Settings, Vec<Problem>> {
        let mut problems = Problems::new();
        match self.origin {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => settings.origin = None,
            MaybeUndefined::Value(place) => match place.read("origin") {
                Ok(place) => settings.origin = Some(place),
                Err(found) => found.into_iter().for_each(|problem| problems.push(problem)),
            },
        }
        if let Some(kind) = self.shipping_tax {
            settings.shipping_tax = kind;
            if kind == ShippingTaxKind::Lines {
                settings.shipping_category = None;
            }
        }
        if let MaybeUndefined::Value(category) = self.shipping_category_id {
            settings.shipping_category = Some(category);
            if settings.shipping_tax == ShippingTaxKind::Lines {
                let message = "Shipping is taxed like the lines, so it has no category of its own: \
                               set `shippingTax` to CATEGORY, or leave it out.";
                problems.add(ErrorCode::NotAllowed, "shippingCategoryId", message);
            }
        } else if self.shipping_category_id.is_null() {
            settings.shipping_category = None;
        }
        match self.provider {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => settings.provider = None,
            MaybeUndefined::Value(name) => {
                let providers = ctx.system().extensions.get::<TaxProviders>().unwrap_or_default();
                if providers.find(&name).is_none() {
                    let names: Vec<&str> = providers.names().collect();
                    let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                    let message = format!("There is no such tax provider here; there are: {known}.");
                    problems.add(ErrorCode::NotFound, "provider", message);
                }
                settings.provider = Some(name);
            }
        }
        if let Some(policy) = self.on_provider_failure {
            settings.on_provider_failure = policy;
        }
        problems.finish()?;
        settings.version += 1;
        Ok(settings)
    }
}

/// Changes the settings.
pub async fn run(ctx: &Ctx, (change, expected): (TaxSettingsUpdateInput, Option<i32>)) -> Result<TaxSettings> {
    let mut tx = ctx.begin_store(Action::TaxSettingsUpdate).await?;
    tx.hold_store().await?;
    let row = store::find_row(&tx).await?;
    let before = row.as_ref().map(store::settings).unwrap_or_default();
    input::expect_version(expected, before.version)?;
    let after = change.over(ctx, before.clone())?;
    if let Some(category) = after.shipping_category
        && before.shipping_category != Some(category)
        && categories::hold_living(&tx, &[category]).await?.is_empty()
    {
        return Err(input::not_found("shippingCategoryId", "tax category"));
    }
    if !store::save(&tx, row.as_ref(), &after).await? {
        return Err(input::stale());
    }
    let id = tx.id();
    let new = TaxSettingsSnapshot::of(id, &after);
    let audit = Audit::updated("tax_settings", id, &TaxSettingsSnapshot::of(id, &before), &new);
    tx.emit(&TaxSettingsUpdated { tax_settings: new })?;
    tx.commit(audit).await?;
    Ok(TaxSettings::from(after))
}

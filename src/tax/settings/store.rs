//! Every query and write of tax settings, and what taxes ask of the store's own row.

use entity::tax::tax_settings::{Column, Entity, Model};
use entity::tenancy::stores;
use rules::place::Place;
use rules::{Rounding, RoundingLevel, RoundingMode, TaxMode};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::Settings;
use crate::kernel::db::{List, Tuples};
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::{Error, Result, Scope, StoreScope, Tx};

/// How the store is taxed.
///
/// # Errors
/// What the database says.
pub async fn find(scope: &StoreScope) -> Result<Settings> {
    Ok(find_row(scope).await?.as_ref().map(settings).unwrap_or_default())
}

/// The stored row; none where nothing was ever set.
pub async fn find_row(scope: &StoreScope) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().first(scope.conn()).await?)
}

/// What a row says.
pub fn settings(row: &Model) -> Settings {
    let origin = row.origin_country.as_ref().map(|country| Place {
        country: country.clone(),
        region: row.origin_region.clone(),
        postal_code: row.origin_postal_code.clone(),
    });
    Settings {
        origin,
        shipping_tax: row.shipping_tax,
        shipping_category: row.shipping_category_id,
        provider: row.provider.clone(),
        on_provider_failure: row.on_provider_failure,
        version: row.version,
    }
}

/// Writes settings over those that were read. False where somebody else was faster.
pub async fn save(tx: &Tx<StoreScope>, before: Option<&Model>, settings: &Settings) -> Result<bool> {
    let now = tx.ctx().now();
    let (country, region, postal_code) = match settings.origin.clone() {
        Some(place) => (Some(place.country), place.region, place.postal_code),
        None => (None, None, None),
    };
    let row = Model {
        store_id: tx.id(),
        origin_country: country,
        origin_region: region,
        origin_postal_code: postal_code,
        shipping_tax: settings.shipping_tax,
        shipping_category_id: settings.shipping_category,
        provider: settings.provider.clone(),
        on_provider_failure: settings.on_provider_failure,
        version: settings.version,
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: now,
    };
    let Some(before) = before else {
        return match tx.insert::<Entity>(row.into_active_model()).await {
            Ok(_) => Ok(true),
            Err(error) => match Violation::of(&error) {
                Some(violation) if violation.kind == ViolationKind::Unique => Err(Error::Retry),
                _ => Err(error.into()),
            },
        };
    };
    let mut row = row.into_active_model().reset_all();
    row.store_id = Set(tx.id());
    let update = tx.update_many::<Entity>().set(row).filter(Column::Version.eq(before.version));
    Ok(update.exec(tx.conn()).await?.rows_affected == 1)
}

/// The country that the store sells from.
///
/// # Errors
/// What the database says.
pub async fn country_of_store(scope: &StoreScope) -> Result<Option<String>> {
    let select = scope.find::<stores::Entity>().select_only().column(stores::Column::Country);
    let rows: Vec<(Option<String>,)> = select.tuples(scope.conn()).await?;
    Ok(rows.into_iter().next().and_then(|(country,)| country))
}

/// How a store counts money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreMoney {
    /// Whether its prices include tax.
    pub tax_mode: TaxMode,
    /// How it rounds.
    pub rounding: Rounding,
}

/// How the store counts money: what a basket has to be made with (rules T1 and M4).
///
/// # Errors
/// `NotFound` where the store is gone; what the database says.
pub async fn money_of_store(scope: &StoreScope) -> Result<StoreMoney> {
    use stores::Column as StoreColumn;
    let select = scope.find::<stores::Entity>().select_only();
    let select = select.columns([StoreColumn::TaxMode, StoreColumn::RoundingMode, StoreColumn::RoundingLevel]);
    let rows: Vec<(TaxMode, RoundingMode, RoundingLevel)> = select.tuples(scope.conn()).await?;
    let (tax_mode, mode, level) = rows.into_iter().next().ok_or(Error::NotFound)?;
    Ok(StoreMoney { tax_mode, rounding: Rounding { mode, level } })
}

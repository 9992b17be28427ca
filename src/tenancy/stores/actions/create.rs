//! `storeCreate`: a new store with its currencies, its languages and a place for its stock.

use async_graphql::InputObject;
use entity::inventory::locations;
use entity::tenancy::stores::ActiveModel;
use rules::ids::{LocationId, OrganizationId, StoreId};
use rules::permission::Permission;
use rules::states::{DocumentPolicy, StorePlan};
use rules::{Currency, Problems, RoundingLevel, RoundingMode, TaxMode};
use sea_orm::ActiveValue::Set;

use super::super::events::{StoreCreated, StoreSnapshot};
use super::super::settings::{self, StoreLists};
use super::super::types::Store;
use super::super::{handle, store};
use crate::kernel::{Action, Audit, Ctx, Result, input};
use crate::tenancy::{authority, memberships};

/// The name of the location that every store begins with.
const FIRST_LOCATION: &str = "Main location";

/// A new store.
#[derive(InputObject, Clone)]
pub struct StoreCreateInput {
    /// The name to show; at most 200 characters.
    pub name: String,
    /// The short name in addresses and in `X-Store`, unique on the platform; 1 to 63 lower-case letters,
    /// digits and hyphens.
    pub handle: String,
    /// The currency that prices are shown in where none is asked for.
    pub currency: Currency,
    /// Every currency that it sells in, its own among them; only its own where the list is left out.
    pub currencies: Option<Vec<Currency>>,
    /// The language that texts are first written in, such as `de` or `pt-BR`.
    pub locale: String,
    /// Every language that it speaks, its own among them; only its own where the list is left out.
    pub locales: Option<Vec<String>>,
    /// The country that it sells from, by its two letters in ISO 3166.
    pub country: Option<String>,
    /// Whether its prices include tax.
    #[graphql(default)]
    pub tax_mode: TaxMode,
    /// How a fraction of a minor unit is rounded.
    #[graphql(default)]
    pub rounding_mode: RoundingMode,
    /// Whether the line or the unit is rounded.
    #[graphql(default)]
    pub rounding_level: RoundingLevel,
    /// The time zone that its days begin in, by its name in the IANA database, such as `Europe/Berlin`.
    #[graphql(default = "UTC")]
    pub time_zone: String,
}

/// Opens the store.
///
/// # Errors
/// As [`authority::authorize`]; the problems of the input; `TAKEN` for the handle.
pub async fn run(ctx: &Ctx, (organization, input): (OrganizationId, StoreCreateInput)) -> Result<Store> {
    authority::authorize(ctx, organization, Permission::OrganizationManage)?;
    let (mut row, lists) = read(&input)?;
    let id: StoreId = ctx.id();
    row.id = Set(id);
    row.version = Set(1);
    row.created_at = Set(ctx.now());
    row.updated_at = Set(ctx.now());
    let location = locations::ActiveModel {
        id: Set(ctx.id::<LocationId>()),
        name: Set(FIRST_LOCATION.to_owned()),
        country: row.country.clone(),
        is_default: Set(true),
        active: Set(true),
        priority: Set(0),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };

    let (mut tx, authority) =
        authority::begin(ctx, organization, Permission::OrganizationManage, Action::StoreCreate).await?;
    let created = store::insert(&tx, row).await?;
    // Whoever reaches only some stores reaches the one that they opened.
    let member = ctx.caller().actor.member_of(organization).map(|member| member.membership);
    if let Some(membership) = member.filter(|_| !authority.stores.is_all()) {
        memberships::insert_reach(&tx, membership, &[id]).await?;
    }
    tx.emit(&StoreCreated { store: StoreSnapshot::of(&created, &lists) })?;
    let entry = Audit::created("store", id, &StoreSnapshot::of(&created, &lists));

    let tx = tx.enter_store(id, entry.clone()).await?;
    store::insert_currencies(&tx, &lists.currencies).await?;
    store::insert_locales(&tx, &lists.locales).await?;
    store::insert_default_location(&tx, location).await?;
    tx.commit(entry).await?;
    Ok(Store::written(created, lists))
}

fn read(input: &StoreCreateInput) -> Result<(ActiveModel, StoreLists)> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name));
    let handle = problems.keep(handle::read("handle", &input.handle));
    let locale = problems.keep(input::language("locale", &input.locale));
    let country = problems.keep(input.country.as_deref().map(|code| input::country("country", code)).transpose());
    let time_zone = problems.keep(input::time_zone("timeZone", &input.time_zone));
    let mut currencies = match &input.currencies {
        Some(list) => settings::currencies(&mut problems, list),
        None => vec![input.currency],
    };
    let mut locales = match &input.locales {
        Some(list) => settings::locales(&mut problems, list),
        None => locale.iter().cloned().collect(),
    };
    problems.finish()?;
    let (Some(name), Some(handle), Some(locale), Some(country), Some(time_zone)) =
        (name, handle, locale, country, time_zone)
    else {
        return Err(input::unread());
    };
    settings::expect_own_listed((input.currency, &currencies), (&locale, &locales))?;
    currencies.sort_unstable();
    locales.sort_unstable();
    let row = ActiveModel {
        handle: Set(handle),
        name: Set(name),
        currency: Set(input.currency),
        locale: Set(locale),
        country: Set(country),
        tax_mode: Set(input.tax_mode),
        rounding_mode: Set(input.rounding_mode),
        rounding_level: Set(input.rounding_level),
        time_zone: Set(time_zone),
        plan: Set(StorePlan::Standard),
        document_policy: Set(DocumentPolicy::Any),
        ..Default::default()
    };
    Ok((row, StoreLists { currencies, locales }))
}

#[cfg(test)]
mod tests {
    use rules::ErrorCode;

    use super::*;
    use crate::kernel::Error;

    fn shop() -> StoreCreateInput {
        StoreCreateInput {
            name: "Shop".to_owned(),
            handle: "shop".to_owned(),
            currency: Currency::EUR,
            currencies: None,
            locale: "de-at".to_owned(),
            locales: None,
            country: Some("at".to_owned()),
            tax_mode: TaxMode::Gross,
            rounding_mode: RoundingMode::HalfUp,
            rounding_level: RoundingLevel::Line,
            time_zone: "Europe/Vienna".to_owned(),
        }
    }

    #[test]
    fn a_store_sells_in_its_own_currency_and_speaks_its_own_language() {
        let (row, lists) = read(&shop()).expect("a good store");
        assert_eq!(lists, StoreLists { currencies: vec![Currency::EUR], locales: vec!["de-AT".to_owned()] });
        assert_eq!(row.country, Set(Some("AT".to_owned())));
        let other = StoreCreateInput { currencies: Some(vec![Currency::USD]), ..shop() };
        let Err(Error::Invalid(problems)) = read(&other) else { panic!("its own currency is missing") };
        assert_eq!(problems[0].code, ErrorCode::CurrencyNotEnabled);
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let wrong = StoreCreateInput {
            name: " ".to_owned(),
            handle: "Shop!".to_owned(),
            currencies: Some(Vec::new()),
            locale: "german".to_owned(),
            country: Some("Austria".to_owned()),
            time_zone: "Vienna".to_owned(),
            ..shop()
        };
        let Err(Error::Invalid(problems)) = read(&wrong) else { panic!("nothing in it is right") };
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.join(".")).collect();
        assert_eq!(fields, ["name", "handle", "locale", "country", "timeZone", "currencies"]);
    }
}

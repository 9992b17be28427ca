//! How stores look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::tenancy::stores;
use rules::ids::StoreId;
use rules::permission::Permission;
use rules::states::{DocumentPolicy, StorePlan};
use rules::{Currency, RoundingLevel, RoundingMode, TaxMode};

use super::loaders::ListsByStore;
use super::settings::StoreLists;
use crate::gate::directives::requires;
use crate::kernel::Ctx;
use crate::kernel::graph::{Load, object};
use crate::tenancy::domains::{DomainsByStore, StoreDomain};
use crate::tenancy::organizations::{Organization, OrganizationById};
use crate::{connection, payload};

/// A shop.
#[derive(Clone)]
pub struct Store {
    row: Arc<stores::Model>,
    /// Known where the store was just written.
    lists: Option<Arc<StoreLists>>,
}

impl Store {
    /// A store whose lists are read when they are asked for.
    pub fn bare(row: Arc<stores::Model>) -> Self {
        Self { row, lists: None }
    }

    /// A store that was just written.
    pub(super) fn written(row: stores::Model, lists: StoreLists) -> Self {
        Self { row: Arc::new(row), lists: Some(Arc::new(lists)) }
    }

    fn lists<T>(&self, pick: fn(&StoreLists) -> T) -> Load<ListsByStore, Option<T>>
    where
        T: 'static,
    {
        match &self.lists {
            Some(lists) => Load::known(Some(pick(lists))),
            None => Load::<ListsByStore, _>::of(self.row.id, move |lists| lists.as_deref().map(pick)),
        }
    }

    /// Whether the caller may see this store's settings: by STORE_READ in it, or by ORGANIZATION_READ in
    /// its organization. The gate asked whether the caller holds one of them anywhere.
    fn shows_settings(&self, ctx: &Ctx) -> bool {
        let is_here = ctx.caller().store.as_ref().is_some_and(|store| store.id == self.row.id);
        (is_here && ctx.may(Permission::StoreRead))
            || ctx.permissions_in(self.row.organization_id).contains(Permission::OrganizationRead)
    }
}

/// A shop: what is sold, in which currencies and languages, and by which rules.
#[object]
impl Store {
    /// The store's id.
    fn id(&self) -> StoreId {
        self.row.id
    }

    /// The name to show.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The short name in addresses and in the header `X-Store`; unique on the platform.
    fn handle(&self) -> &str {
        &self.row.handle
    }

    /// The currency that prices are shown in where none is asked for.
    fn currency(&self) -> Currency {
        self.row.currency
    }

    /// Every currency that it sells in, by code. Null where the request is about another store.
    fn currencies(&self) -> Load<ListsByStore, Option<Vec<Currency>>> {
        self.lists(|lists| lists.currencies.clone())
    }

    /// The language that texts are first written in, such as `de` or `pt-BR`.
    fn locale(&self) -> &str {
        &self.row.locale
    }

    /// Every language that it speaks, by tag. Null where the request is about another store.
    fn locales(&self) -> Load<ListsByStore, Option<Vec<String>>> {
        self.lists(|lists| lists.locales.clone())
    }

    /// The country that it sells from, by its two letters in ISO 3166.
    fn country(&self) -> Option<&str> {
        self.row.country.as_deref()
    }

    /// Whether its prices include tax.
    fn tax_mode(&self) -> TaxMode {
        self.row.tax_mode
    }

    /// The time zone that its days begin in, such as `Europe/Berlin`.
    fn time_zone(&self) -> &str {
        &self.row.time_zone
    }

    /// How a fraction of a minor unit is rounded.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    fn rounding_mode(&self, ctx: &Ctx) -> Option<RoundingMode> {
        self.shows_settings(ctx).then_some(self.row.rounding_mode)
    }

    /// How much of the platform it may use; what its callers may spend is as many times as much. The operator
    /// sets it.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    fn plan(&self, ctx: &Ctx) -> Option<StorePlan> {
        self.shows_settings(ctx).then_some(self.row.plan)
    }

    /// Which of its callers may send only documents that it has registered.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    fn document_policy(&self, ctx: &Ctx) -> Option<DocumentPolicy> {
        self.shows_settings(ctx).then_some(self.row.document_policy)
    }

    /// Whether the line or the unit is rounded.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    fn rounding_level(&self, ctx: &Ctx) -> Option<RoundingLevel> {
        self.shows_settings(ctx).then_some(self.row.rounding_level)
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    fn version(&self, ctx: &Ctx) -> Option<i32> {
        i32::try_from(self.row.version).ok().filter(|_| self.shows_settings(ctx))
    }

    /// When it was opened.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    fn created_at(&self, ctx: &Ctx) -> Option<DateTime<Utc>> {
        self.shows_settings(ctx).then_some(self.row.created_at)
    }

    /// When its settings last changed.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    fn updated_at(&self, ctx: &Ctx) -> Option<DateTime<Utc>> {
        self.shows_settings(ctx).then_some(self.row.updated_at)
    }

    /// The hosts that lead to it, by name; 50 at the most. Null where the request is about another store.
    #[graphql(directive = requires::apply(Permission::StoreRead))]
    fn domains(&self) -> Load<DomainsByStore, Option<Vec<StoreDomain>>> {
        Load::<DomainsByStore, _>::of(self.row.id, |domains| {
            domains.map(|domains| domains.into_iter().map(StoreDomain).collect())
        })
    }

    /// The organization that it belongs to. Null where that is not yours to see.
    #[graphql(directive = requires::apply(Permission::OrganizationRead))]
    fn organization(&self, ctx: &Ctx) -> Load<OrganizationById, Option<Organization>> {
        let may = ctx.permissions_in(self.row.organization_id).contains(Permission::OrganizationRead);
        Load::<OrganizationById, _>::maybe(may.then_some(self.row.organization_id), |row| row.map(Organization))
    }
}

connection!(StoreConnection, StoreEdge, Store, "stores");

payload! {
    /// The answer of `storeCreate`.
    StoreCreatePayload {
        /// The new store.
        store: Store,
    }
}

payload! {
    /// The answer of `storeUpdate`.
    StoreUpdatePayload {
        /// The store as it is now.
        store: Store,
    }
}

payload! {
    /// The answer of `storeDelete`.
    StoreDeletePayload {
        /// The id of the store that is closed.
        deleted_store_id: StoreId,
    }
}

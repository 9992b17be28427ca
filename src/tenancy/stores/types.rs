//! How stores look in the schema.

use std::sync::Arc;

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use entity::tenancy::stores;
use rules::ids::StoreId;
use rules::permission::Permission;
use rules::states::{DocumentPolicy, StorePlan};
use rules::{Currency, RoundingLevel, RoundingMode, TaxMode};

use super::loaders::ListsByStore;
use super::settings::StoreLists;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};
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

    async fn lists(&self, ctx: &Ctx) -> Result<Option<Arc<StoreLists>>> {
        match &self.lists {
            Some(lists) => Ok(Some(Arc::clone(lists))),
            None => ctx.load::<ListsByStore>(self.row.id).await,
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
#[Object]
impl Store {
    /// The store's id.
    pub async fn id(&self) -> StoreId {
        self.row.id
    }

    /// The name to show.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// The short name in addresses and in the header `X-Store`; unique on the platform.
    async fn handle(&self) -> &str {
        &self.row.handle
    }

    /// The currency that prices are shown in where none is asked for.
    async fn currency(&self) -> Currency {
        self.row.currency
    }

    /// Every currency that it sells in, by code. Null where the request is about another store.
    async fn currencies(&self, gql: &Context<'_>) -> Result<Option<Vec<Currency>>> {
        Ok(self.lists(Ctx::of(gql)?).await?.map(|lists| lists.currencies.clone()))
    }

    /// The language that texts are first written in, such as `de` or `pt-BR`.
    async fn locale(&self) -> &str {
        &self.row.locale
    }

    /// Every language that it speaks, by tag. Null where the request is about another store.
    async fn locales(&self, gql: &Context<'_>) -> Result<Option<Vec<String>>> {
        Ok(self.lists(Ctx::of(gql)?).await?.map(|lists| lists.locales.clone()))
    }

    /// The country that it sells from, by its two letters in ISO 3166.
    async fn country(&self) -> Option<&str> {
        self.row.country.as_deref()
    }

    /// Whether its prices include tax.
    async fn tax_mode(&self) -> TaxMode {
        self.row.tax_mode
    }

    /// The time zone that its days begin in, such as `Europe/Berlin`.
    async fn time_zone(&self) -> &str {
        &self.row.time_zone
    }

    /// How a fraction of a minor unit is rounded.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    async fn rounding_mode(&self, gql: &Context<'_>) -> Result<Option<RoundingMode>> {
        Ok(self.shows_settings(Ctx::of(gql)?).then_some(self.row.rounding_mode))
    }

    /// How much of the platform it may use; what its callers may spend is as many times as much. The operator
    /// sets it.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    async fn plan(&self, gql: &Context<'_>) -> Result<Option<StorePlan>> {
        Ok(self.shows_settings(Ctx::of(gql)?).then_some(self.row.plan))
    }

    /// Which of its callers may send only documents that it has registered.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    async fn document_policy(&self, gql: &Context<'_>) -> Result<Option<DocumentPolicy>> {
        Ok(self.shows_settings(Ctx::of(gql)?).then_some(self.row.document_policy))
    }

    /// Whether the line or the unit is rounded.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    async fn rounding_level(&self, gql: &Context<'_>) -> Result<Option<RoundingLevel>> {
        Ok(self.shows_settings(Ctx::of(gql)?).then_some(self.row.rounding_level))
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    async fn version(&self, gql: &Context<'_>) -> Result<Option<i32>> {
        Ok(i32::try_from(self.row.version).ok().filter(|_| Ctx::of(gql).is_ok_and(|ctx| self.shows_settings(ctx))))
    }

    /// When it was opened.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    async fn created_at(&self, gql: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        Ok(self.shows_settings(Ctx::of(gql)?).then_some(self.row.created_at))
    }

    /// When its settings last changed.
    #[graphql(
        directive = requires::apply(Permission::StoreRead),
        directive = requires::apply(Permission::OrganizationRead)
    )]
    async fn updated_at(&self, gql: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        Ok(self.shows_settings(Ctx::of(gql)?).then_some(self.row.updated_at))
    }

    /// The hosts that lead to it, by name; 50 at the most. Null where the request is about another store.
    #[graphql(directive = requires::apply(Permission::StoreRead))]
    async fn domains(&self, gql: &Context<'_>) -> Result<Option<Vec<StoreDomain>>> {
        let domains = Ctx::of(gql)?.load::<DomainsByStore>(self.row.id).await?;
        Ok(domains.map(|domains| domains.into_iter().map(StoreDomain).collect()))
    }

    /// The organization that it belongs to. Null where that is not yours to see.
    #[graphql(directive = requires::apply(Permission::OrganizationRead))]
    async fn organization(&self, gql: &Context<'_>) -> Result<Option<Organization>> {
        let ctx = Ctx::of(gql)?;
        if !ctx.permissions_in(self.row.organization_id).contains(Permission::OrganizationRead) {
            return Ok(None);
        }
        Ok(ctx.load::<OrganizationById>(self.row.organization_id).await?.map(Organization))
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

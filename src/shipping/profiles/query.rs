//! Reads of shipping profiles.

use async_graphql::{Context, Object};
use rules::ids::ShippingProfileId;
use rules::permission::Permission;

use super::loaders::ShippingProfileById;
use super::store;
use super::types::{ShippingProfile, ShippingProfileConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for ShippingProfile {
    type Id = ShippingProfileId;

    async fn by_id(ctx: &Ctx, id: ShippingProfileId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::ShippingRead) {
            return Ok(None);
        }
        Ok(ctx.load::<ShippingProfileById>(id).await?.map(Self))
    }
}

/// Reads of shipping profiles.
#[derive(Default)]
pub struct ShippingProfileQuery;

#[Object]
impl ShippingProfileQuery {
    /// One shipping profile. Null where the store has no such shipping profile.
    #[graphql(directive = requires::apply(Permission::ShippingRead))]
    async fn shipping_profile(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The shipping profile's id.")] id: ShippingProfileId,
    ) -> Result<Option<ShippingProfile>> {
        ShippingProfile::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's shipping profiles, by name.
    #[graphql(directive = requires::apply(Permission::ShippingRead))]
    async fn shipping_profiles(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<ShippingProfileConnection>> {
        let ctx = Ctx::of(gql)?;
        let sort = store::sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope)).await
            })
        });
        Ok(Some(ShippingProfileConnection::new(slice.map(Into::into), count)))
    }
}

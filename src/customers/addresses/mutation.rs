//! Writes of addresses. A customer writes one's own; the staff those of any customer.

use async_graphql::{Context, Object};
use rules::ids::{CustomerAddressId, CustomerId};
use rules::permission::Permission;

use super::actions::{self, CustomerAddressInput};
use super::types::{CustomerAddressCreatePayload, CustomerAddressDeletePayload, CustomerAddressUpdatePayload};
use crate::gate::directives::{customer, requires};
use crate::kernel::{Ctx, Result};

/// Writes of addresses.
#[derive(Default)]
pub struct AddressMutation;

#[Object]
impl AddressMutation {
    /// Keeps an address. The first one of a customer becomes the default for parcels and bills.
    #[graphql(directive = customer::apply(), directive = requires::apply(Permission::CustomersManage))]
    async fn customer_address_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Whose; yours where it is left out.")] customer_id: Option<CustomerId>,
        #[graphql(desc = "The address.")] input: CustomerAddressInput,
    ) -> Result<Option<CustomerAddressCreatePayload>> {
        Ctx::of(gql)?.mutate((customer_id, input), actions::create::run).await.map(Some)
    }

    /// Puts another address in the place of one. A default that is left out stays as it is.
    #[graphql(directive = customer::apply(), directive = requires::apply(Permission::CustomersManage))]
    async fn customer_address_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which address.")] id: CustomerAddressId,
        #[graphql(desc = "The whole address.")] input: CustomerAddressInput,
        #[graphql(desc = "The version that was read; refused as STALE where the address has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<CustomerAddressUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes an address. Orders keep theirs.
    #[graphql(directive = customer::apply(), directive = requires::apply(Permission::CustomersManage))]
    async fn customer_address_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which address.")] id: CustomerAddressId,
    ) -> Result<Option<CustomerAddressDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }
}

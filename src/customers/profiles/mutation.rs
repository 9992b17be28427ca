//! Writes of customers.

use async_graphql::{Context, Object};
use rules::ids::CustomerId;
use rules::permission::Permission;

use super::actions::{self, CustomerCreateInput, CustomerProfileUpdateInput, CustomerUpdateInput};
use super::types::{
    CustomerCreatePayload, CustomerDeletePayload, CustomerProfileUpdatePayload, CustomerTagsAddPayload,
    CustomerTagsRemovePayload, CustomerUpdatePayload,
};
use crate::gate::directives::{customer, requires};
use crate::kernel::{Ctx, Result};

/// Writes of customers.
#[derive(Default)]
pub struct CustomerMutation;

#[Object]
impl CustomerMutation {
    /// Enters a customer without an account; `customerInvite` lets the customer make one.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn customer_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The customer.")] input: CustomerCreateInput,
    ) -> Result<Option<CustomerCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a customer. What the input leaves out stays as it is; null clears. Another e-mail address is one that
    /// was not proven yet; a customer who is kept out is signed out everywhere.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn customer_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which customer.")] id: CustomerId,
        #[graphql(desc = "What changes.")] input: CustomerUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the customer has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<CustomerUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Changes what is known of you. What the input leaves out stays as it is; null clears.
    #[graphql(directive = customer::apply())]
    async fn customer_profile_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What changes.")] input: CustomerProfileUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where you have changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<CustomerProfileUpdatePayload>> {
        Ctx::of(gql)?.mutate((input, expected_version), actions::profile_update::run).await.map(Some)
    }

    /// Deletes a customer: nobody finds or signs in to it any more, and what says who it was is gone for good. The id
    /// stays, for what refers to it.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn customer_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which customer.")] id: CustomerId,
    ) -> Result<Option<CustomerDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }

    /// Marks a customer with tags. Those that are there stay as they were typed.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn customer_tags_add(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which customer.")] id: CustomerId,
        #[graphql(desc = "The tags; a customer has 50 at the most, of 50 characters each.")] tags: Vec<String>,
    ) -> Result<Option<CustomerTagsAddPayload>> {
        Ctx::of(gql)?.mutate((id, tags), actions::tags_add::run).await.map(Some)
    }

    /// Takes tags off a customer. Those that are not there are passed over.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn customer_tags_remove(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which customer.")] id: CustomerId,
        #[graphql(desc = "The tags.")] tags: Vec<String>,
    ) -> Result<Option<CustomerTagsRemovePayload>> {
        Ctx::of(gql)?.mutate((id, tags), actions::tags_remove::run).await.map(Some)
    }
}

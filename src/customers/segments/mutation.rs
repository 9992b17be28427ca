//! Writes of segments.

use async_graphql::{Context, Object};
use rules::ids::{CustomerId, SegmentId};
use rules::permission::Permission;

use super::actions::{self, SegmentCreateInput, SegmentUpdateInput};
use super::types::{
    SegmentCreatePayload, SegmentDeletePayload, SegmentMembersAddPayload, SegmentMembersRemovePayload,
    SegmentUpdatePayload,
};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of segments.
#[derive(Default)]
pub struct SegmentMutation;

#[Object]
impl SegmentMutation {
    /// Creates a segment: by a rule where one is given, by hand otherwise.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn segment_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The segment.")] input: SegmentCreateInput,
    ) -> Result<Option<SegmentCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a segment. What the input leaves out stays as it is; null clears. A segment by hand never becomes one
    /// by rule, nor the other way round.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn segment_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which segment.")] id: SegmentId,
        #[graphql(desc = "What changes.")] input: SegmentUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the segment has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<SegmentUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a segment for good. Refused as IN_USE while a price is for it; a promotion for it alone is then for
    /// nobody.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn segment_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which segment.")] id: SegmentId,
    ) -> Result<Option<SegmentDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }

    /// Puts customers into a segment by hand, 250 at the most. Those who are in it stay.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn segment_members_add(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which segment.")] id: SegmentId,
        #[graphql(desc = "Whom.")] customer_ids: Vec<CustomerId>,
    ) -> Result<Option<SegmentMembersAddPayload>> {
        Ctx::of(gql)?.mutate((id, customer_ids), actions::members_add::run).await.map(Some)
    }

    /// Takes customers out of a segment by hand, 250 at the most. Those who are not in it are passed over.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn segment_members_remove(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which segment.")] id: SegmentId,
        #[graphql(desc = "Whom.")] customer_ids: Vec<CustomerId>,
    ) -> Result<Option<SegmentMembersRemovePayload>> {
        Ctx::of(gql)?.mutate((id, customer_ids), actions::members_remove::run).await.map(Some)
    }
}

//! Reads of segments.

use async_graphql::{Context, Object};
use rules::ids::SegmentId;
use rules::permission::Permission;

use super::loaders::SegmentById;
use super::store::{self, SegmentFilter};
use super::types::{Segment, SegmentConnection, SegmentFilterInput, SegmentSort};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for Segment {
    type Id = SegmentId;

    async fn by_id(ctx: &Ctx, id: SegmentId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::CustomersRead) {
            return Ok(None);
        }
        Ok(ctx.load::<SegmentById>(id).await?.map(Self))
    }
}

/// Reads of segments.
#[derive(Default)]
pub struct SegmentQuery;

#[Object]
impl SegmentQuery {
    /// One segment. Null where the store has no such segment.
    #[graphql(directive = requires::apply(Permission::CustomersRead))]
    async fn segment(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The segment's id.")] id: SegmentId,
    ) -> Result<Option<Segment>> {
        Segment::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's segments.
    #[graphql(directive = requires::apply(Permission::CustomersRead))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn segments(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which segments to list.")] filter: Option<SegmentFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: SegmentSort,
    ) -> Result<Option<SegmentConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter: SegmentFilter = filter.unwrap_or_default().into();
        let sort = store::sort(sort);
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope, &filter), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            let filter = filter.clone();
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope, &filter)).await
            })
        });
        Ok(Some(SegmentConnection::new(slice.map(Into::into), count)))
    }
}

//! Reads of drafts.

use async_graphql::{Context, Object};
use rules::ids::DraftOrderId;
use rules::permission::Permission;
use rules::states::DraftOrderStatus;

use super::loaders::DraftById;
use super::priced::Facts;
use super::store;
use super::types::{DraftOrder, DraftOrderConnection, DraftOrderPreview, DraftOrderSort};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for DraftOrder {
    type Id = DraftOrderId;

    async fn by_id(ctx: &Ctx, id: DraftOrderId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::OrdersRead) {
            return Ok(None);
        }
        Ok(ctx.load::<DraftById>(id).await?.map(Self))
    }
}

/// Reads of drafts.
#[derive(Default)]
pub struct DraftOrderQuery;

#[Object]
impl DraftOrderQuery {
    /// One draft. Null where the store has no such draft.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    async fn draft_order(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The draft's id.")] id: DraftOrderId,
    ) -> Result<Option<DraftOrder>> {
        DraftOrder::by_id(Ctx::of(gql)?, id).await
    }

    /// What a draft comes to now, worked out as the total of a cart is: what completing it would freeze. Null where the
    /// store has no such draft.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    async fn draft_order_preview(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The draft's id.")] id: DraftOrderId,
    ) -> Result<Option<DraftOrderPreview>> {
        let ctx = Ctx::of(gql)?;
        let facts = {
            let scope = ctx.store().await?;
            let Some(draft) = store::find(&scope, id).await? else { return Ok(None) };
            let lines = store::list_lines(&scope, &[id]).await?;
            // Boxed: the engine holds a field's future inside that of every root around it.
            Box::pin(Facts::gather(ctx, &scope, &draft, &lines)).await?
        };
        let taxes = Box::pin(facts.taxes(ctx)).await?;
        let source = taxes.source;
        let reckoning = facts.terms(ctx, taxes).work_out()?;
        Ok(Some(DraftOrderPreview::new(reckoning, source, facts.lines)))
    }

    /// The store's drafts.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn draft_orders(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that stand here.")] status: Option<DraftOrderStatus>,
        #[graphql(desc = "In which order.", default)] sort: DraftOrderSort,
    ) -> Result<Option<DraftOrderConnection>> {
        let ctx = Ctx::of(gql)?;
        let sort = store::sort(sort);
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope, status), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope, status)).await
            })
        });
        Ok(Some(DraftOrderConnection::new(slice.map(Into::into), count)))
    }
}

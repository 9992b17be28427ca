//! Reads of discount codes.

use async_graphql::{Context, Object};
use rules::ids::DiscountCodeId;
use rules::permission::Permission;

use super::loaders::DiscountCodeById;
use super::store::{self, CodeFilter};
use super::types::{DiscountCode, DiscountCodeConnection, DiscountCodeFilterInput, DiscountCodeSort};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

impl ById for DiscountCode {
    type Id = DiscountCodeId;

    async fn by_id(ctx: &Ctx, id: DiscountCodeId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::PromotionsRead) {
            return Ok(None);
        }
        Ok(ctx.load::<DiscountCodeById>(id).await?.filter(|row| row.deleted_at.is_none()).map(Self))
    }
}

/// Reads of discount codes.
#[derive(Default)]
pub struct DiscountCodeQuery;

#[Object]
impl DiscountCodeQuery {
    /// One discount code, by its id or by its word, in any case. Null where the store has no such code.
    #[graphql(directive = requires::apply(Permission::PromotionsRead))]
    async fn discount_code(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The code's id.")] id: Option<DiscountCodeId>,
        #[graphql(desc = "The word.")] code: Option<String>,
    ) -> Result<Option<DiscountCode>> {
        let ctx = Ctx::of(gql)?;
        match (id, code) {
            (Some(id), None) => DiscountCode::by_id(ctx, id).await,
            (None, Some(code)) => Ok(store::find_by_code(&ctx.store().await?, &code).await?.map(Into::into)),
            _ => Err(Error::BadInput("Give either `id` or `code`.".to_owned())),
        }
    }

    /// The store's discount codes.
    #[graphql(directive = requires::apply(Permission::PromotionsRead))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn discount_codes(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which codes to list.")] filter: Option<DiscountCodeFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: DiscountCodeSort,
    ) -> Result<Option<DiscountCodeConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter: CodeFilter = filter.unwrap_or_default().into();
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
        Ok(Some(DiscountCodeConnection::new(slice.map(Into::into), count)))
    }
}

//! Reads of customers.

use async_graphql::{Context, Object};
use rules::ids::CustomerId;
use rules::permission::Permission;

use super::loaders::CustomerById;
use super::store::{self, CustomerFilter};
use super::types::{Customer, CustomerConnection, CustomerFilterInput, CustomerSort};
use crate::gate::directives::{customer, requires};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

/// A customer, for the staff who may see customers, and for the customer.
impl ById for Customer {
    type Id = CustomerId;

    async fn by_id(ctx: &Ctx, id: CustomerId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if ctx.shopper() != Some(id) && !ctx.may(Permission::CustomersRead) {
            return Ok(None);
        }
        Ok(ctx.load::<CustomerById>(id).await?.map(Self))
    }
}

/// Reads of customers.
#[derive(Default)]
pub struct CustomerQuery;

#[Object]
impl CustomerQuery {
    /// A customer: you, where you are signed in as one and give no id; anyone of the store, for the staff. Null where
    /// there is no such customer, or none that you may see.
    #[graphql(directive = customer::apply(), directive = requires::apply(Permission::CustomersRead))]
    async fn customer(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The customer's id; yours where it is left out.")] id: Option<CustomerId>,
    ) -> Result<Option<Customer>> {
        let ctx = Ctx::of(gql)?;
        let id = id.or_else(|| ctx.shopper());
        let id = id.ok_or_else(|| Error::BadInput("Give the `id` of the customer.".to_owned()))?;
        Customer::by_id(ctx, id).await
    }

    /// The store's customers that are not deleted.
    #[graphql(directive = requires::apply(Permission::CustomersRead))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn customers(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which customers to list.")] filter: Option<CustomerFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: CustomerSort,
    ) -> Result<Option<CustomerConnection>> {
        let ctx = Ctx::of(gql)?;
        let (mut filter, segment) = filter.unwrap_or_default().read();
        let sort = store::sort(sort);
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        if let Some(segment) = segment {
            filter.segment = store::find_segment(&scope, segment).await?;
            if filter.segment.is_none() {
                // Nobody belongs to a segment that is not there.
                let nobody: page::Count = Box::new(|_| Box::pin(async { Ok(0) }));
                return Ok(Some(CustomerConnection::new(page::Slice::empty(), nobody)));
            }
        }
        let slice = page::fetch(ctx, &scope, store::list(&scope, &filter)?, &sort, &page).await?;
        Ok(Some(CustomerConnection::new(slice.map(Into::into), count(filter))))
    }
}

fn count(filter: CustomerFilter) -> page::Count {
    Box::new(move |ctx| {
        let filter = filter.clone();
        Box::pin(async move {
            let scope = ctx.store().await?;
            page::count(&scope, store::list(&scope, &filter)?).await
        })
    })
}

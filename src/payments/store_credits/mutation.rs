//! Writes of store credit.

use async_graphql::{Context, Object};
use rules::ids::CustomerId;
use rules::money::MoneyInput;
use rules::permission::Permission;

use super::actions;
use super::types::{StoreCreditDebitPayload, StoreCreditIssuePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of store credit.
#[derive(Default)]
pub struct StoreCreditMutation;

#[Object]
impl StoreCreditMutation {
    /// Gives a customer with an account credit at the store.
    #[graphql(directive = requires::apply(Permission::StoreCreditManage))]
    async fn store_credit_issue(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which customer.")] customer_id: CustomerId,
        #[graphql(desc = "How much, in one of the store's currencies.")] amount: MoneyInput,
        #[graphql(desc = "Why; at most 500 characters. The customer does not see it.")] note: Option<String>,
    ) -> Result<Option<StoreCreditIssuePayload>> {
        Ctx::of(gql)?.mutate((customer_id, amount, note), actions::issue::run).await.map(Some)
    }

    /// Takes credit away from a customer; never more than there is.
    #[graphql(directive = requires::apply(Permission::StoreCreditManage))]
    async fn store_credit_debit(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which customer.")] customer_id: CustomerId,
        #[graphql(desc = "How much.")] amount: MoneyInput,
        #[graphql(desc = "Why; at most 500 characters. The customer does not see it.")] note: Option<String>,
    ) -> Result<Option<StoreCreditDebitPayload>> {
        Ctx::of(gql)?.mutate((customer_id, amount, note), actions::debit::run).await.map(Some)
    }
}

//! Reads of who asks.

use async_graphql::{Context, Object};

use super::types::Viewer;
use crate::gate::directives::public;
use crate::kernel::{Actor, Ctx, Result};

/// Reads of who asks.
#[derive(Default)]
pub struct IdentityQuery;

#[Object]
impl IdentityQuery {
    /// Who you are to the server, and what you may do where you are. Null where you are nobody: without
    /// a token.
    #[graphql(directive = public::apply())]
    async fn viewer(&self, gql: &Context<'_>) -> Result<Option<Viewer>> {
        Ok((!matches!(Ctx::of(gql)?.actor(), Actor::Anonymous)).then_some(Viewer))
    }
}

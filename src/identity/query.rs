//! Reads of who asks.

use async_graphql::{Context, Object};
use rules::ids::{SessionId, UserId};

use super::loaders::{OwnSessionById, SeenUserById};
use super::types::{Session, User, Viewer};
use crate::gate::directives::public;
use crate::kernel::{Actor, ById, Ctx, Result};

/// A person, for the person and for those who may see the members of an organization that the person
/// belongs to, as its list shows them.
impl ById for User {
    type Id = UserId;

    async fn by_id(ctx: &Ctx, id: UserId) -> Result<Option<Self>> {
        if !matches!(ctx.actor(), Actor::User { .. }) {
            return Ok(None);
        }
        Ok(ctx.load::<SeenUserById>(id).await?.filter(|user| user.deleted_at.is_none()).map(Self::with_email))
    }
}

/// A live session of the person who asks.
impl ById for Session {
    type Id = SessionId;

    async fn by_id(ctx: &Ctx, id: SessionId) -> Result<Option<Self>> {
        if !matches!(ctx.actor(), Actor::User { .. }) {
            return Ok(None);
        }
        Ok(ctx.load::<OwnSessionById>(id).await?.map(Self))
    }
}

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

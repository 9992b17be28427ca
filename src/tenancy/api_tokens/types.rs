//! How tokens look in the schema; never with their secrets.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::tenancy::api_tokens;
use rules::Problem;
use rules::ids::ApiTokenId;
use rules::permission::Permission;
use rules::states::TokenKind;

use super::loaders::{NetworksByApiToken, ScopesByApiToken};
use crate::gate::directives::requires;
use crate::identity::{User, UserById};
use crate::kernel::graph::{Load, object};
use crate::kernel::payload::{Payload, UserError};

use crate::{connection, payload};

/// A token of the store, for a partner's integration or a storefront.
#[derive(Clone)]
pub struct ApiToken(pub Arc<api_tokens::Model>);

impl From<api_tokens::Model> for ApiToken {
    fn from(row: api_tokens::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A token of the store, for a partner's integration or a storefront. Its secret is not stored.
#[object]
impl ApiToken {
    /// The token's id.
    fn id(&self) -> ApiTokenId {
        self.0.id
    }

    /// What it is for.
    fn kind(&self) -> TokenKind {
        self.0.kind
    }

    /// The name to show.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// How the secret begins, up to the part that is random.
    fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// How the secret ends, to know it by.
    fn last_four(&self) -> &str {
        &self.0.last_four
    }

    /// What it allows; at each use cut to what its maker holds at that moment. Empty for a storefront's.
    fn scopes(&self) -> Load<ScopesByApiToken, Vec<Permission>> {
        Load::<ScopesByApiToken, _>::of(self.0.id, |scopes| scopes.iter().collect())
    }

    /// The networks that it may be used from, in CIDR form; any, where the list is empty.
    fn allowed_networks(&self) -> Load<NetworksByApiToken, Vec<String>> {
        Load::<NetworksByApiToken, _>::of(self.0.id, |networks| networks)
    }

    /// Who made it. Null where it was made from the shell.
    #[graphql(directive = requires::apply(Permission::MembersRead))]
    fn created_by(&self) -> Load<UserById, Option<User>> {
        Load::<UserById, _>::maybe(self.0.created_by_user_id, |user| user.map(User::new))
    }

    /// Until when it is good. Null for always.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }

    /// When it was last used, to the minute. Null where it never was.
    fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }

    /// When it was taken away. Null while it was not.
    fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }

    /// When it was made.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

connection!(ApiTokenConnection, ApiTokenEdge, ApiToken, "tokens");

/// The answer of `apiTokenCreate`.
#[object]
pub struct ApiTokenCreatePayload {
    /// The new token.
    api_token: Option<ApiToken>,
    /// The secret to send in the `Authorization` header. It is shown this once and can't be read again.
    secret: Option<String>,
    /// What to mend, where nothing was changed; empty otherwise.
    user_errors: Vec<UserError>,
}

impl Payload for ApiTokenCreatePayload {
    type Value = (ApiToken, String);

    fn done((api_token, secret): Self::Value) -> Self {
        Self { api_token: Some(api_token), secret: Some(secret), user_errors: Vec::new() }
    }

    fn refused(problems: Vec<Problem>) -> Self {
        Self { api_token: None, secret: None, user_errors: problems.into_iter().map(Into::into).collect() }
    }
}

payload! {
    /// The answer of `apiTokenRevoke`.
    ApiTokenRevokePayload {
        /// The token as it is now.
        api_token: ApiToken,
    }
}

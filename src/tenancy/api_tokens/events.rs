//! What is told of tokens; never their secrets or hashes.

use chrono::{DateTime, Utc};
use entity::tenancy::api_tokens;
use rules::ids::{ApiTokenId, UserId};
use rules::permission::{Permission, PermissionSet};
use rules::states::TokenKind;
use serde::Serialize;

/// A token as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiTokenSnapshot {
    /// The id.
    pub id: ApiTokenId,
    /// What it is for.
    pub kind: TokenKind,
    /// The name.
    pub name: String,
    /// How the secret begins.
    pub prefix: String,
    /// How the secret ends.
    pub last_four: String,
    /// What it allows.
    pub scopes: Vec<&'static str>,
    /// The networks that it may be used from.
    pub allowed_networks: Vec<String>,
    /// Who made it.
    pub created_by_user_id: Option<UserId>,
    /// Until when it is good.
    pub expires_at: Option<DateTime<Utc>>,
}

impl ApiTokenSnapshot {
    /// A token with its parts.
    pub fn of(row: &api_tokens::Model, scopes: PermissionSet, networks: &[String]) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name: row.name.clone(),
            prefix: row.prefix.clone(),
            last_four: row.last_four.clone(),
            scopes: scopes.iter().map(Permission::name).collect(),
            allowed_networks: networks.to_vec(),
            created_by_user_id: row.created_by_user_id,
            expires_at: row.expires_at,
        }
    }
}

events! {
    "api_token", api_token: ApiTokenSnapshot;
    /// A token was made.
    ApiTokenCreated = "api_token.created",
    /// A token was taken away.
    ApiTokenRevoked = "api_token.revoked",
}

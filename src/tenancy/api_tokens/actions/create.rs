//! `apiTokenCreate`: a new token, and its secret this once.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::tenancy::api_tokens::ActiveModel;
use ipnet::IpNet;
use rules::ids::{ApiTokenId, UserId};
use rules::permission::{Permission, PermissionSet, Reach};
use rules::states::TokenKind;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{ApiTokenCreated, ApiTokenSnapshot};
use super::super::store;
use super::super::types::ApiToken;
use crate::identity::secret::{Kind, Secret};
use crate::kernel::{Action, Actor, Audit, Ctx, Error, Result, input};
use crate::tenancy::{authority, stores};

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// Networks that one token can be bound to.
const MAX_NETWORKS: usize = 50;

/// Tokens of a store that can be good at once.
const MAX_TOKENS: u64 = 500;

/// A new token.
#[derive(InputObject, Clone)]
pub struct ApiTokenCreateInput {
    /// The name to know it by; at most 100 characters.
    pub name: String,
    /// What it is for.
    pub kind: TokenKind,
    /// What it allows: one permission at least for an API token, none for a storefront's. Permissions of
    /// the organization as a whole are never a token's.
    #[graphql(default)]
    pub scopes: Vec<Permission>,
    /// Until when it is good; always, where it is left out.
    pub expires_at: Option<DateTime<Utc>>,
    /// The networks that it may be used from, such as `203.0.113.0/24` or one address; any, where the list
    /// is empty.
    #[graphql(default)]
    pub allowed_networks: Vec<String>,
}

/// Makes the token, and gives its secret.
///
/// # Errors
/// The problems of the input; `PERMISSION_NOT_HELD`; `Refused` for tokens, which never make others.
pub async fn run(ctx: &Ctx, input: ApiTokenCreateInput) -> Result<(ApiToken, String)> {
    let store = ctx.store_context()?;
    let maker = maker(ctx)?;
    let token = NewToken::read(&input, ctx.now())?;
    // What the maker holds is asked again at each use (rule A2): what is taken away meanwhile is not given.
    authority::may_give(ctx.permissions(), "scopes", token.scopes).map_err(Error::Conflict)?;

    let mut tx = ctx.begin_store(Action::ApiTokenCreate).await?;
    // A store that is being closed at this moment gets no token any more.
    stores::lock(&tx).await?;
    if store::count_living(&tx).await? >= MAX_TOKENS {
        let message = format!("A store can have {MAX_TOKENS} tokens: revoke one first.");
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let secret = Secret::generate(token.secret, &*ctx.system().entropy);
    let row = ActiveModel {
        id: Set(ctx.id::<ApiTokenId>()),
        organization_id: Set(store.organization),
        kind: Set(input.kind),
        name: Set(token.name),
        prefix: Set(secret.prefix().to_owned()),
        last_four: Set(secret.last_four().to_owned()),
        token_hash: Set(secret.hash().to_vec()),
        created_by_user_id: Set(maker),
        expires_at: Set(token.expires_at),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let row = store::insert(&tx, row, token.scopes, &token.networks).await?;
    let snapshot = || ApiTokenSnapshot::of(&row, token.scopes, &token.networks);
    tx.emit(&ApiTokenCreated { api_token: snapshot() })?;
    tx.commit(Audit::created("api_token", row.id, &snapshot())).await?;
    Ok((row.into(), secret.expose().to_owned()))
}

/// Who makes the token: a person, or the operator, who is nobody. A token that made others would live
/// on in them after it was revoked.
fn maker(ctx: &Ctx) -> Result<Option<UserId>> {
    match ctx.actor() {
        Actor::User { user, .. } => Ok(Some(*user)),
        Actor::Operator => Ok(None),
        Actor::Token { .. } => Err(Error::Refused("Only a person can make a token.")),
        Actor::Anonymous | Actor::Customer { .. } => Err(Error::Unauthenticated),
    }
}

/// The input, read.
#[derive(Debug)]
struct NewToken {
    name: String,
    secret: Kind,
    scopes: PermissionSet,
    expires_at: Option<DateTime<Utc>>,
    networks: Vec<String>,
}

impl NewToken {
    fn read(input: &ApiTokenCreateInput, now: DateTime<Utc>) -> Result<Self> {
        let mut problems = Problems::new();
        let name = problems.keep(input::line("name", &input.name, 1, MAX_NAME));
        let scopes = authority::permissions(&mut problems, "scopes", &input.scopes);
        for (place, permission) in input.scopes.iter().enumerate() {
            if permission.reach() == Reach::Organization {
                let message = format!("{permission} is about the organization as a whole: no token holds it.");
                problems.add(ErrorCode::NotAllowed, &format!("scopes.{place}"), message);
            }
        }
        let secret = match input.kind {
            TokenKind::Api => {
                if scopes.is_empty() {
                    problems.add(ErrorCode::Required, "scopes", "Give the token one permission at least.");
                }
                Kind::ApiToken
            }
            TokenKind::Storefront => {
                if !scopes.is_empty() {
                    let message = "A storefront's token stands in a page: it sees what every visitor sees.";
                    problems.add(ErrorCode::NotAllowed, "scopes", message);
                }
                Kind::StorefrontToken
            }
        };
        let expires_at = input.expires_at.map(|moment| input::moment("expiresAt", moment)).transpose();
        let expires_at = problems.keep(expires_at).flatten();
        if expires_at.is_some_and(|moment| moment <= now) {
            problems.add(ErrorCode::OutOfRange, "expiresAt", "Give a moment to come.");
        }
        let networks = networks(&mut problems, &input.allowed_networks);
        problems.finish()?;
        Ok(Self { name: name.ok_or_else(input::unread)?, secret, scopes, expires_at, networks })
    }
}

/// Reads networks and single addresses into their one form: `203.0.113.9/24` is `203.0.113.0/24`.
fn networks(problems: &mut Problems, list: &[String]) -> Vec<String> {
    if list.len() > MAX_NETWORKS {
        problems.add(ErrorCode::TooLong, "allowedNetworks", format!("List at most {MAX_NETWORKS} networks."));
    }
    let mut read: Vec<String> = Vec::new();
    for (place, raw) in list.iter().take(MAX_NETWORKS).enumerate() {
        let raw = raw.trim();
        let network = raw.parse::<IpNet>().or_else(|_| raw.parse::<std::net::IpAddr>().map(IpNet::from));
        let path = format!("allowedNetworks.{place}");
        match network.map(|network| network.trunc().to_string()) {
            Ok(network) if read.contains(&network) => {
                problems.add(ErrorCode::Duplicate, &path, "This network stands in the list twice.");
            }
            Ok(network) => read.push(network),
            Err(_) => {
                problems.add(ErrorCode::Invalid, &path, "Give a network such as `203.0.113.0/24`, or an address.")
            }
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(kind: TokenKind, scopes: &[Permission]) -> ApiTokenCreateInput {
        ApiTokenCreateInput {
            name: "Feed".to_owned(),
            kind,
            scopes: scopes.to_vec(),
            expires_at: None,
            allowed_networks: Vec::new(),
        }
    }

    fn codes(input: &ApiTokenCreateInput) -> Vec<(ErrorCode, String)> {
        match NewToken::read(input, DateTime::UNIX_EPOCH) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(problems)) => {
                problems.into_iter().map(|problem| (problem.code, problem.field.join("."))).collect()
            }
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn rule_a2_a_token_holds_only_what_is_used_inside_its_store() {
        assert_eq!(codes(&input(TokenKind::Api, &[Permission::ProductsRead])), []);
        let organization = input(TokenKind::Api, &[Permission::ProductsRead, Permission::MembersManage]);
        assert_eq!(codes(&organization), [(ErrorCode::NotAllowed, "scopes.1".to_owned())]);
    }

    #[test]
    fn attack_t12_no_scopes_are_none_and_a_storefront_has_none() {
        assert_eq!(codes(&input(TokenKind::Api, &[])), [(ErrorCode::Required, "scopes".to_owned())]);
        assert_eq!(codes(&input(TokenKind::Storefront, &[])), []);
        let storefront = input(TokenKind::Storefront, &[Permission::ProductsRead]);
        assert_eq!(codes(&storefront), [(ErrorCode::NotAllowed, "scopes".to_owned())]);
    }

    #[test]
    fn networks_have_one_form_and_the_end_lies_ahead() {
        let networks = ["203.0.113.9/24", "2001:db8::1", "203.0.113.0/24", "10.0.0.0/33"];
        let wrong = ApiTokenCreateInput {
            allowed_networks: networks.map(str::to_owned).to_vec(),
            expires_at: Some(DateTime::UNIX_EPOCH),
            ..input(TokenKind::Storefront, &[])
        };
        assert_eq!(
            codes(&wrong),
            [
                (ErrorCode::OutOfRange, "expiresAt".to_owned()),
                (ErrorCode::Duplicate, "allowedNetworks.2".to_owned()),
                (ErrorCode::Invalid, "allowedNetworks.3".to_owned()),
            ]
        );
        let mut problems = Problems::new();
        let read =
            super::networks(&mut problems, &networks[..2].iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(read, ["203.0.113.0/24", "2001:db8::1/128"]);
    }
}

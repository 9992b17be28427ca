//! Who asks, and where: from the request's headers to a [`Ctx`].
//!
//! Owns the one statement that finds a session or a token, the memberships and permissions behind it,
//! and the store that header, host and token name. What was taken away is gone on the next request:
//! nothing of it is kept. Only which store a visitor is at is remembered, until anything of the store
//! changes. Never decides what a field needs; that is `access`.

mod store;
mod visitor;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use chrono::TimeDelta;
use rules::currency::Currency;
use rules::ids::{MembershipId, StoreId};
use rules::permission::{BuiltInRole, Permission, PermissionSet, Reach, effective};
use rules::states::TokenKind;

use crate::identity::secret::{self, Kind as SecretKind};
use crate::kernel::ctx::{Caller, Member, StoreContext};
use crate::kernel::db::{Mode, Role};
use crate::kernel::{Actor, Ctx, Error, Result, System};
use store::{Found, Lookup, StoreRow, StoreSource, UsedTable};

/// How old the note of a token's last use may grow: a write for each request would cost more than it tells.
const LAST_USED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// What a request says of itself. Nothing in here is believed yet.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// The id of the request.
    pub request_id: String,
    /// The `Authorization` header, whole.
    pub authorization: Option<String>,
    /// The `X-Store` header: a handle or an id.
    pub store: Option<String>,
    /// The host that the request was sent to, without its port.
    pub host: Option<String>,
    /// The `X-Currency` header.
    pub currency: Option<String>,
    /// The `Accept-Language` header.
    pub languages: Option<String>,
    /// The address that it came from.
    pub address: Option<IpAddr>,
    /// The program that sent it, as it says.
    pub user_agent: Option<String>,
    /// The document that it sent.
    pub document: Option<SentDocument>,
}

/// The document of a request, for the store to say whether it has registered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentDocument {
    /// SHA-256 of its text.
    pub hash: [u8; 32],
    /// Whether the text is not known and the store is asked for it.
    pub text_wanted: bool,
}

/// Finds out who asks and where.
///
/// # Errors
/// `Unauthenticated` for a token that is not valid now, whatever the reason; `StoreMismatch`;
/// `NoSuchStore`; `BadInput` for a currency that the store does not sell in.
pub async fn authenticate(system: &Arc<System>, claims: Claims) -> Result<Ctx> {
    let statements = Arc::new(AtomicU32::new(0));
    let lookup = Lookup::read(&claims, system.clock.now(), LAST_USED_EVERY)?;
    let mut caller = Caller {
        locale: language(claims.languages.as_deref()),
        address: claims.address,
        user_agent: claims.user_agent,
        ..Caller::anonymous(claims.request_id)
    };
    if lookup.is_empty() {
        refuse_currency_without_store(claims.currency.as_deref())?;
        return Ok(Ctx::new(Arc::clone(system), caller, None, statements));
    }

    if let Some(door) = lookup.door().filter(|_| system.directory.is_open(&system.signals)) {
        visitor::recognize(system, &lookup, door, &statements, &mut caller).await?;
        currency(claims.currency.as_deref(), &mut caller)?;
        return Ok(Ctx::new(Arc::clone(system), caller, None, statements));
    }

    // Boxed, so that visitors, who are most of all callers, do not carry its size along.
    Box::pin(look_up(system, lookup, claims.currency, claims.address, caller, statements)).await
}

/// Finds out by the one statement who asks and where.
async fn look_up(
    system: &Arc<System>,
    lookup: Lookup,
    wanted: Option<String>,
    address: Option<IpAddr>,
    mut caller: Caller,
    statements: Arc<AtomicU32>,
) -> Result<Ctx> {
    // What decides rights is read from the primary, always.
    let conn = system.db.begin(Mode::Read, Role::Platform, None, Arc::clone(&statements)).await?;
    let found = match store::find(&conn, &lookup).await {
        Ok(found) => found,
        Err(error) => {
            conn.rollback().await;
            return Err(error);
        }
    };
    let unused = found.unused;
    let outcome = judge(&lookup, found, address, &mut caller);
    let outcome = outcome.and_then(|()| currency(wanted.as_deref(), &mut caller));
    // Where there is no replica, the request's reads go on in the same transaction.
    let reading = match (&outcome, &caller.store) {
        (Ok(()), Some(store)) if !system.db.has_replica() => {
            conn.enter(store.id).await?;
            Some(conn)
        }
        _ => {
            conn.rollback().await;
            None
        }
    };
    outcome?;
    if unused {
        note_use(system, &caller.actor);
    }
    Ok(Ctx::new(Arc::clone(system), caller, reading, statements))
}

/// A context for the operator at the shell, who holds every permission: in a store, named by its handle
/// or id, or in none.
///
/// # Errors
/// `NoSuchStore`, or `Busy` where the database is away.
pub async fn operator(system: &Arc<System>, request_id: &str, store: Option<&str>) -> Result<Ctx> {
    let claims = Claims {
        request_id: request_id.to_owned(),
        store: store.map(str::to_owned),
        user_agent: Some(concat!("stoa/", env!("CARGO_PKG_VERSION")).to_owned()),
        ..Claims::default()
    };
    let visitor = authenticate(system, claims).await?;
    visitor.release().await;
    let caller = Caller { actor: Actor::Operator, ..visitor.caller().clone() };
    Ok(Ctx::new(Arc::clone(system), caller, None, Arc::default()))
}

/// Turns what was found into a caller.
fn judge(lookup: &Lookup, found: Found, address: Option<IpAddr>, caller: &mut Caller) -> Result<()> {
    let members = members(&found);
    let kind = lookup.secret.map(|(kind, _)| kind);
    let wants_session = kind == Some(SecretKind::AccessToken);
    let wants_customer = kind == Some(SecretKind::CustomerAccessToken);
    let wants_token = kind.is_some() && !wants_session && !wants_customer;

    if wants_session {
        let session = found.session.ok_or(Error::Unauthenticated)?;
        caller.last_write = session.last_write;
        caller.actor = Actor::User { user: session.user, session: session.id, members: Vec::new() };
    }
    if wants_customer {
        let customer = found.customer.ok_or(Error::Unauthenticated)?;
        caller.last_write = customer.last_write;
        caller.actor = Actor::Customer { customer: customer.id, session: customer.session };
    }
    if wants_token {
        let token = found.token.as_ref().ok_or(Error::Unauthenticated)?;
        let admitted = found.networks.is_empty()
            || address.is_some_and(|address| found.networks.iter().flatten().any(|network| network.contains(&address)));
        if !admitted {
            return Err(Error::Unauthenticated);
        }
        caller.last_write = token.last_write;
    }
    caller.store = choose_store(lookup, &found.stores, found.host_is_taken, found.currencies)?;
    let is_here = |store: &StoreContext| found.trusted_document.as_ref().is_some_and(|(id, _)| *id == store.id);
    if caller.store.as_ref().is_some_and(is_here) {
        caller.trusted_document = found.trusted_document.map(|(_, document)| document);
    }
    match &mut caller.actor {
        Actor::User { members: own, .. } => {
            // With a store, only its organization counts: the others are not this request's business.
            *own = members;
            if let Some(store) = &caller.store {
                own.retain(|member| member.organization == store.organization);
            }
        }
        Actor::Customer { .. } => {}
        actor => {
            if let (Some(token), Some(store)) = (&found.token, &caller.store) {
                let scopes = found.scopes;
                let held = match token.creator {
                    // Made from the shell: the operator holds everything.
                    None => PermissionSet::all(),
                    Some(_) => members
                        .iter()
                        .filter(|member| member.organization == store.organization && member.reaches(store.id))
                        .fold(PermissionSet::EMPTY, |held, member| held | member.permissions),
                };
                let permissions = match token.kind {
                    // Rule A2: never more than the creator holds at this moment.
                    TokenKind::Api => (scopes & held).with_reach(Reach::Store),
                    TokenKind::Storefront => PermissionSet::EMPTY,
                };
                *actor = Actor::Token { token: token.id, kind: token.kind, permissions };
            }
        }
    }
    Ok(())
}

/// Puts the rows of the memberships together (rule A1).
fn members(found: &Found) -> Vec<Member> {
    let of = |rows: &[(MembershipId, Permission)], id| -> PermissionSet {
        rows.iter().filter(|(membership, _)| *membership == id).map(|(_, permission)| *permission).collect()
    };
    found
        .members
        .iter()
        .map(|row| {
            let role = match row.built_in_role.as_deref() {
                Some(key) => BuiltInRole::from_key(key).map_or(PermissionSet::EMPTY, BuiltInRole::permissions),
                None => of(&found.role_permissions, row.id),
            };
            let stores = found.reach.iter().filter(|(membership, _)| *membership == row.id).map(|(_, store)| *store);
            Member {
                organization: row.organization,
                membership: row.id,
                permissions: effective(role, of(&found.grants, row.id), of(&found.denies, row.id)),
                stores: (!row.all_stores).then(|| stores.collect()),
            }
        })
        .collect()
}

/// The one store that token, header and host agree on.
fn choose_store(
    lookup: &Lookup,
    rows: &[StoreRow],
    host_is_taken: bool,
    currencies: Vec<(StoreId, Currency)>,
) -> Result<Option<StoreContext>> {
    let by = |source: StoreSource| rows.iter().find(|row| row.source == source);
    let (token, header, host) = (by(StoreSource::Token), by(StoreSource::Header), by(StoreSource::Host));
    let is_token = matches!(lookup.secret, Some((kind, _)) if kind != SecretKind::AccessToken);
    // A customer of one store is nobody at another, and is not told of being somebody anywhere else (rule A4).
    let is_customer = matches!(lookup.secret, Some((SecretKind::CustomerAccessToken, _)));
    let elsewhere = || if is_customer { Error::Unauthenticated } else { Error::StoreMismatch };
    if is_token && token.is_none() {
        // The token's store is gone or suspended, and so is the token.
        return Err(Error::Unauthenticated);
    }
    if lookup.names_store() && header.is_none() {
        return Err(if is_token { elsewhere() } else { Error::NoSuchStore });
    }
    if host_is_taken && host.is_none() && (token.is_some() || header.is_some()) {
        // The domain of a store that is closed leads to no other one, and does not tell that it is closed.
        return Err(elsewhere());
    }
    let mut named = [token, header, host].into_iter().flatten();
    let Some(store) = named.next() else { return Ok(None) };
    if named.any(|other| other.id != store.id) {
        return Err(elsewhere());
    }
    Ok(Some(StoreContext {
        id: store.id,
        organization: store.organization,
        handle: store.handle.clone(),
        currency: store.currency,
        currencies: currencies.into_iter().filter(|(id, _)| *id == store.id).map(|(_, code)| code).collect(),
        locale: store.locale.clone(),
        plan: store.plan,
        document_policy: store.document_policy,
    }))
}

fn currency(wanted: Option<&str>, caller: &mut Caller) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    let Some(store) = &caller.store else { return refuse_currency_without_store(Some(wanted)) };
    let currency = Currency::from_code(wanted).filter(|currency| store.currencies.contains(currency));
    let codes = || store.currencies.iter().map(|currency| currency.code()).collect::<Vec<_>>().join(", ");
    caller.currency = Some(currency.ok_or_else(|| {
        Error::BadInput(format!("This store does not sell in the currency of `X-Currency`; it sells in {}.", codes()))
    })?);
    Ok(())
}

fn refuse_currency_without_store(wanted: Option<&str>) -> Result<()> {
    match wanted {
        Some(_) => Err(Error::StoreRequired),
        None => Ok(()),
    }
}

/// The first language that was asked for, in the plain form `de` or `de-AT`.
fn language(header: Option<&str>) -> String {
    let first = header.and_then(|header| header.split([',', ';']).next()).map(str::trim).unwrap_or_default();
    let plain = (2..=35).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if plain { first.to_owned() } else { "en".to_owned() }
}

/// Notes that a session or a token was used, beside the request and not in its way.
fn note_use(system: &Arc<System>, actor: &Actor) {
    let (table, id) = match actor {
        Actor::User { session, .. } => (UsedTable::Sessions, session.0),
        Actor::Customer { session, .. } => (UsedTable::CustomerSessions, session.0),
        Actor::Token { token, .. } => (UsedTable::ApiTokens, token.0),
        Actor::Anonymous | Actor::Operator => return,
    };
    let system = Arc::clone(system);
    tokio::spawn(async move {
        let noted = async {
            let conn = system.db.begin(Mode::Write, Role::Platform, None, Arc::default()).await?;
            store::note_use(&conn, table, id, system.clock.now()).await?;
            conn.commit(&[]).await
        };
        if let Err(error) = noted.await {
            tracing::debug!(%error, "the last use of a token was not noted");
        }
    });
}

/// Reads the token out of the header.
fn bearer(header: &str) -> Result<(SecretKind, [u8; 32])> {
    let (scheme, text) = header.split_once(' ').ok_or(Error::Unauthenticated)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::Unauthenticated);
    }
    match secret::parse(text.trim()) {
        Some((
            kind @ (SecretKind::AccessToken
            | SecretKind::CustomerAccessToken
            | SecretKind::ApiToken
            | SecretKind::StorefrontToken),
            hash,
        )) => Ok((kind, hash)),
        _ => Err(Error::Unauthenticated),
    }
}

/// A host that can be a store's domain: lower case, no port, no dot at its end, not an address.
fn domain(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let is_address = host.parse::<IpAddr>().is_ok() || host.starts_with('[');
    (!host.is_empty() && host != "localhost" && !is_address && host.len() <= 253).then_some(host)
}

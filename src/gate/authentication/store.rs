//! The one statement of authentication.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::row::Columns;
use ipnet::IpNet;
use rules::currency::Currency;
use rules::ids::{ApiTokenId, CustomerId, CustomerSessionId, MembershipId, OrganizationId, SessionId, StoreId, UserId};
use rules::permission::{Permission, PermissionSet};
use rules::states::{DocumentPolicy, StorePlan, TokenKind};
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use uuid::Uuid;

use super::{Claims, SentDocument, bearer, domain};
use crate::identity::secret::Kind as SecretKind;
use crate::kernel::ctx::TrustedDocument;
use crate::kernel::db::{Conn, Line};
use crate::kernel::directory::Door;
use crate::kernel::{Error, Result};

/// What is looked for.
#[derive(Debug, Clone)]
pub(super) struct Lookup {
    pub secret: Option<(SecretKind, [u8; 32])>,
    handle: Option<String>,
    store: Option<StoreId>,
    host: Option<String>,
    document: Option<SentDocument>,
    now: DateTime<Utc>,
    unused_since: DateTime<Utc>,
}

impl Lookup {
    pub fn read(claims: &Claims, now: DateTime<Utc>, every: TimeDelta) -> Result<Self> {
        let secret = claims.authorization.as_deref().map(bearer).transpose()?;
        let named = claims.store.as_deref().map(str::trim);
        let store = named.and_then(|named| StoreId::from_str(named).ok());
        let handle = named.filter(|_| store.is_none()).map(str::to_owned);
        let host = claims.host.as_deref().and_then(domain);
        Ok(Self { secret, handle, store, host, document: claims.document, now, unused_since: now - every })
    }

    /// Where a visitor stands; `None` for whoever shows credentials, or asks for more than the store.
    pub fn door(&self) -> Option<Door> {
        // A text that nobody here knows is asked of the store itself.
        let text_wanted = self.document.is_some_and(|document| document.text_wanted);
        let door = || Door { handle: self.handle.clone(), store: self.store, host: self.host.clone(), document: None };
        (self.secret.is_none() && !text_wanted).then(door)
    }

    /// The hash of the document that was sent.
    pub fn document(&self) -> Option<[u8; 32]> {
        self.document.map(|document| document.hash)
    }

    /// Whether nothing has to be asked of the database.
    pub fn is_empty(&self) -> bool {
        self.secret.is_none() && !self.names_store() && self.host.is_none()
    }

    /// Whether the request was sent to a host that can be a store's.
    pub fn names_host(&self) -> bool {
        self.host.is_some()
    }

    /// Whether the request names a store by its header.
    pub fn names_store(&self) -> bool {
        self.handle.is_some() || self.store.is_some()
    }
}

/// What said which store it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StoreSource {
    Header,
    Host,
    Token,
}

#[derive(Debug)]
pub(super) struct StoreRow {
    pub source: StoreSource,
    pub id: StoreId,
    pub organization: OrganizationId,
    pub handle: String,
    pub currency: Currency,
    pub locale: String,
    pub plan: StorePlan,
    pub document_policy: DocumentPolicy,
}

#[derive(Debug)]
pub(super) struct SessionRow {
    pub id: SessionId,
    pub user: UserId,
    pub last_write: Option<i64>,
}

#[derive(Debug)]
pub(super) struct CustomerRow {
    pub id: CustomerId,
    pub session: CustomerSessionId,
    pub last_write: Option<i64>,
}

#[derive(Debug)]
pub(super) struct TokenRow {
    pub id: ApiTokenId,
    pub kind: TokenKind,
    pub creator: Option<UserId>,
    pub last_write: Option<i64>,
}

#[derive(Debug)]
pub(super) struct MemberRow {
    pub id: MembershipId,
    pub organization: OrganizationId,
    pub built_in_role: Option<String>,
    pub all_stores: bool,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub session: Option<SessionRow>,
    pub customer: Option<CustomerRow>,
    pub token: Option<TokenRow>,
    /// Whether the note of the last use is old.
    pub unused: bool,
    pub stores: Vec<StoreRow>,
    /// Whether the host is a domain of a store, one that is closed too.
    pub host_is_taken: bool,
    pub currencies: Vec<(StoreId, Currency)>,
    /// Where the token may be used from; anywhere if there is none.
    pub networks: Vec<Option<IpNet>>,
    pub scopes: PermissionSet,
    pub members: Vec<MemberRow>,
    pub role_permissions: Vec<(MembershipId, Permission)>,
    pub grants: Vec<(MembershipId, Permission)>,
    pub denies: Vec<(MembershipId, Permission)>,
    pub reach: Vec<(MembershipId, StoreId)>,
    /// The store that has registered the document, if one has.
    pub trusted_document: Option<(StoreId, TrustedDocument)>,
}

/// The living session behind an access token, as the caller.
const SESSION: &str = "\
    SELECT s.id AS id, s.user_id AS person, CAST(NULL AS uuid) AS store_id, 'SESSION' AS kind, \
           s.last_write_xid AS last_write, s.last_used_at AS last_used_at \
    FROM sessions s JOIN users u ON u.id = s.user_id \
    WHERE s.access_token_hash = $1 AND s.revoked_at IS NULL AND s.access_expires_at > $2 AND s.expires_at > $2 \
      AND u.deleted_at IS NULL AND u.suspended_at IS NULL";

/// The living session of a customer behind an access token, as the caller. It names its store, as a token does;
/// the customer is no person of the platform (rule A4), so that no membership hangs on it.
const CUSTOMER: &str = "\
    SELECT s.id AS id, s.customer_id AS person, s.store_id AS store_id, 'CUSTOMER' AS kind, \
           s.last_write_xid AS last_write, s.last_used_at AS last_used_at \
    FROM customer_sessions s JOIN customers k ON k.store_id = s.store_id AND k.id = s.customer_id \
    WHERE s.access_token_hash = $1 AND s.revoked_at IS NULL AND s.access_expires_at > $2 AND s.expires_at > $2 \
      AND k.deleted_at IS NULL AND k.kind = 'REGISTERED' AND k.state = 'ENABLED'";

/// The living API or storefront token, as the caller.
const TOKEN: &str = "\
    SELECT t.id AS id, t.created_by_user_id AS person, t.store_id AS store_id, t.kind AS kind, \
           t.last_write_xid AS last_write, t.last_used_at AS last_used_at \
    FROM api_tokens t LEFT JOIN users u ON u.id = t.created_by_user_id \
    WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) \
      AND (t.created_by_user_id IS NULL OR (u.deleted_at IS NULL AND u.suspended_at IS NULL))";

/// Nobody.
const NOBODY: &str = "\
    SELECT s.id AS id, s.user_id AS person, CAST(NULL AS uuid) AS store_id, 'NOBODY' AS kind, \
           s.last_write_xid AS last_write, s.last_used_at AS last_used_at \
    FROM sessions s WHERE s.access_token_hash = $1 AND s.expires_at > $2 AND 1 = 0";

/// The rest of the statement. The three ways to a store are three branches, each over a unique key;
/// a branch whose parameter is null finds nothing.
const FOUND: &str = "\
    , chosen AS ( \
      SELECT 'HEADER' AS source, s.* FROM stores s WHERE s.handle = $4 AND s.deleted_at IS NULL \
      UNION ALL SELECT 'HEADER', s.* FROM stores s WHERE s.id = $5 AND s.deleted_at IS NULL \
      UNION ALL SELECT 'HOST', s.* FROM store_domains d JOIN stores s ON s.id = d.store_id \
        WHERE d.host = $6 AND s.deleted_at IS NULL \
      UNION ALL SELECT 'TOKEN', s.* FROM caller c JOIN stores s ON s.id = c.store_id WHERE s.deleted_at IS NULL \
    ), open AS ( \
      SELECT x.* FROM chosen x JOIN organizations o ON o.id = x.organization_id \
      WHERE x.suspended_at IS NULL AND o.deleted_at IS NULL AND o.suspended_at IS NULL \
    ), member AS ( \
      SELECT m.id, m.organization_id, m.built_in_role, m.role_id, m.all_stores \
      FROM caller c JOIN memberships m ON m.user_id = c.person \
      JOIN organizations o ON o.id = m.organization_id \
      WHERE o.deleted_at IS NULL AND o.suspended_at IS NULL \
    ) \
    SELECT 'CALLER' AS row_kind, c.id AS a, c.person AS b, c.kind AS t1, \
           CASE WHEN c.last_used_at IS NULL OR c.last_used_at < $3 THEN 'OLD' END AS t2, \
           CAST(NULL AS text) AS t3, CAST(NULL AS text) AS t4, CAST(NULL AS text) AS t5, c.last_write AS n \
      FROM caller c \
    UNION ALL SELECT 'DOMAIN', d.store_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM store_domains d \
      WHERE d.host = $6 \
    UNION ALL SELECT 'STORE_' || s.source, s.id, s.organization_id, s.handle, s.currency, s.locale, s.plan, \
      s.document_policy, NULL FROM open s \
    UNION ALL SELECT 'TRUSTED', d.store_id, NULL, CASE WHEN $8 THEN d.text END, NULL, NULL, NULL, NULL, NULL \
      FROM open s JOIN trusted_documents d ON d.store_id = s.id \
      WHERE d.hash = $7 AND ($8 OR s.document_policy <> 'ANY') \
    UNION ALL SELECT 'CURRENCY', k.store_id, NULL, k.currency, NULL, NULL, NULL, NULL, NULL \
      FROM store_currencies k WHERE k.store_id IN (SELECT s.id FROM open s) \
    UNION ALL SELECT 'SCOPE', p.api_token_id, NULL, p.permission, NULL, NULL, NULL, NULL, NULL \
      FROM api_token_scopes p JOIN caller c ON c.id = p.api_token_id AND c.store_id = p.store_id \
    UNION ALL SELECT 'NETWORK', p.api_token_id, NULL, p.network, NULL, NULL, NULL, NULL, NULL \
      FROM api_token_networks p JOIN caller c ON c.id = p.api_token_id AND c.store_id = p.store_id \
    UNION ALL SELECT 'MEMBER', m.id, m.organization_id, m.built_in_role, \
      CASE WHEN m.all_stores THEN 'ALL' END, NULL, NULL, NULL, NULL FROM member m \
    UNION ALL SELECT 'ROLE', m.id, NULL, p.permission, NULL, NULL, NULL, NULL, NULL FROM member m \
      JOIN role_permissions p ON p.organization_id = m.organization_id AND p.role_id = m.role_id \
    UNION ALL SELECT p.effect, m.id, NULL, p.permission, NULL, NULL, NULL, NULL, NULL FROM member m \
      JOIN membership_permissions p ON p.organization_id = m.organization_id AND p.membership_id = m.id \
    UNION ALL SELECT 'REACH', m.id, r.store_id, NULL, NULL, NULL, NULL, NULL, NULL FROM member m \
      JOIN membership_stores r ON r.organization_id = m.organization_id AND r.membership_id = m.id";

/// Asks for everything at once.
pub(super) async fn find(conn: &Conn, lookup: &Lookup) -> Result<Found> {
    let caller = match lookup.secret {
        Some((SecretKind::AccessToken, _)) => SESSION,
        Some((SecretKind::CustomerAccessToken, _)) => CUSTOMER,
        Some(_) => TOKEN,
        None => NOBODY,
    };
    let hash = lookup.secret.map(|(_, hash)| hash.to_vec());
    let values: [Value; 8] = [
        hash.into(),
        lookup.now.into(),
        lookup.unused_since.into(),
        lookup.handle.clone().into(),
        lookup.store.map(|store| store.0).into(),
        lookup.host.clone().into(),
        lookup.document.map(|document| document.hash.to_vec()).into(),
        lookup.document.is_some_and(|document| document.text_wanted).into(),
    ];
    let sql = format!("WITH caller AS ({caller}) {FOUND}");
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let mut found = Found::default();
    for row in conn.lines(statement, Fact::read).await? {
        note(&mut found, &row)?;
    }
    Ok(found)
}

/// One row of the answer: its kind, and what the kind says that the others are.
#[derive(Debug, Default)]
struct Fact {
    kind: String,
    a: Option<Uuid>,
    b: Option<Uuid>,
    texts: [Option<String>; 5],
    number: Option<i64>,
}

impl Fact {
    fn read(line: &Line<'_>) -> Result<Self, DbErr> {
        let text = |place: usize| line.column(place, "text");
        Ok(Self {
            kind: line.column(0, "row_kind")?,
            a: line.column(1, "a")?,
            b: line.column(2, "b")?,
            texts: [text(3)?, text(4)?, text(5)?, text(6)?, text(7)?],
            number: line.column(8, "n")?,
        })
    }

    fn a(&self) -> Result<Uuid> {
        self.a.ok_or_else(|| Error::internal("authentication read a row without what it is about"))
    }

    fn b(&self) -> Result<Uuid> {
        self.b.ok_or_else(|| Error::internal("authentication read a row without what it belongs to"))
    }

    /// One of the texts, from 1.
    fn text(&self, number: usize) -> Option<&str> {
        self.texts.get(number - 1)?.as_deref()
    }

    fn currency(&self, number: usize) -> Option<Currency> {
        self.text(number).and_then(Currency::from_code)
    }

    /// A membership with one of its permissions. One of a newer version, after a step back, gives nothing.
    fn held(&self) -> Result<Option<(MembershipId, Permission)>> {
        self.permission().map(|held| Ok((MembershipId(self.a()?), held))).transpose()
    }

    fn permission(&self) -> Option<Permission> {
        self.text(1).and_then(Permission::from_name)
    }
}

fn note(found: &mut Found, fact: &Fact) -> Result<()> {
    match fact.kind.as_str() {
        "CALLER" => caller(found, fact)?,
        "DOMAIN" => found.host_is_taken = true,
        "CURRENCY" => {
            if let Some(code) = fact.currency(1) {
                found.currencies.push((StoreId(fact.a()?), code));
            }
        }
        "SCOPE" => found.scopes = found.scopes | fact.permission().into_iter().collect(),
        "NETWORK" => {
            // One that can't be read stays in the list and admits nobody: better shut than open.
            found.networks.push(fact.text(1).and_then(|network| network.parse().ok()));
        }
        "MEMBER" => found.members.push(MemberRow {
            id: MembershipId(fact.a()?),
            organization: OrganizationId(fact.b()?),
            built_in_role: fact.text(1).map(str::to_owned),
            all_stores: fact.text(2).is_some(),
        }),
        "ROLE" => found.role_permissions.extend(fact.held()?),
        "GRANT" => found.grants.extend(fact.held()?),
        "DENY" => found.denies.extend(fact.held()?),
        "TRUSTED" => {
            let text = fact.text(1).map(str::to_owned);
            found.trusted_document = Some((StoreId(fact.a()?), TrustedDocument { text }));
        }
        "REACH" => found.reach.push((MembershipId(fact.a()?), StoreId(fact.b()?))),
        source => {
            let source = match source {
                "STORE_HEADER" => StoreSource::Header,
                "STORE_HOST" => StoreSource::Host,
                "STORE_TOKEN" => StoreSource::Token,
                other => return Err(Error::internal(format!("authentication read a row of kind {other:?}"))),
            };
            found.stores.push(StoreRow {
                source,
                id: StoreId(fact.a()?),
                organization: OrganizationId(fact.b()?),
                handle: fact.text(1).unwrap_or_default().to_owned(),
                currency: fact.currency(2).ok_or_else(|| Error::internal("a store has no known currency"))?,
                locale: fact.text(3).unwrap_or_default().to_owned(),
                plan: word(fact.text(4), StorePlan::ALL, |plan| plan.name())?,
                document_policy: word(fact.text(5), DocumentPolicy::ALL, |policy| policy.name())?,
            });
        }
    }
    Ok(())
}

fn caller(found: &mut Found, fact: &Fact) -> Result<()> {
    let id = fact.a()?;
    let last_write = fact.number;
    found.unused = fact.text(2).is_some();
    match (fact.text(1), fact.b) {
        (Some("SESSION"), Some(user)) => {
            found.session = Some(SessionRow { id: SessionId(id), user: UserId(user), last_write });
        }
        (Some("CUSTOMER"), Some(customer)) => {
            found.customer = Some(CustomerRow { id: CustomerId(customer), session: CustomerSessionId(id), last_write });
        }
        (kind, creator) => {
            let kind = TokenKind::ALL.iter().copied().find(|candidate| Some(candidate.name()) == kind);
            let kind = kind.ok_or_else(|| Error::internal("a token is of no known kind"))?;
            found.token = Some(TokenRow { id: ApiTokenId(id), kind, creator: creator.map(UserId), last_write });
        }
    }
    Ok(())
}

/// Reads one word of a closed list.
fn word<T: Copy>(text: Option<&str>, all: &[T], name: fn(T) -> &'static str) -> Result<T> {
    let found = all.iter().copied().find(|word| text == Some(name(*word)));
    found.ok_or_else(|| Error::internal("a store has a setting of no known kind"))
}

/// Where the last use of a credential is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UsedTable {
    Sessions,
    CustomerSessions,
    ApiTokens,
}

/// Notes the last use.
pub(super) async fn note_use(conn: &Conn, table: UsedTable, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let sql = match table {
        UsedTable::Sessions => "UPDATE sessions SET last_used_at = $1 WHERE id = $2",
        UsedTable::CustomerSessions => "UPDATE customer_sessions SET last_used_at = $1 WHERE id = $2",
        UsedTable::ApiTokens => "UPDATE api_tokens SET last_used_at = $1 WHERE id = $2",
    };
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, [now.into(), id.into()]);
    conn.execute_raw(statement).await?;
    Ok(())
}

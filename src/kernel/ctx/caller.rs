//! What the gate found out about who asks, and where.

use rules::currency::Currency;
use rules::ids::{ApiTokenId, CustomerId, CustomerSessionId, MembershipId, OrganizationId, SessionId, StoreId, UserId};
use rules::permission::PermissionSet;
use rules::states::{ActorKind, DocumentPolicy, StorePlan, TokenKind};

use crate::kernel::signals::Epoch;

/// A user's place in one organization.
#[derive(Debug, Clone)]
pub struct Member {
    /// The organization.
    pub organization: OrganizationId,
    /// The membership.
    pub membership: MembershipId,
    /// What it allows, after grants and denials (rule A1).
    pub permissions: PermissionSet,
    /// The stores it reaches; `None` is all of them.
    pub stores: Option<Vec<StoreId>>,
}

impl Member {
    /// Whether the membership reaches the store.
    pub fn reaches(&self, store: StoreId) -> bool {
        self.stores.as_ref().is_none_or(|stores| stores.contains(&store))
    }
}

/// Who asks.
#[derive(Debug, Clone)]
pub enum Actor {
    /// Nobody in particular: a visitor of a storefront.
    Anonymous,
    /// A person of the platform, with the memberships that count for this request.
    User {
        /// The person.
        user: UserId,
        /// The sign-in.
        session: SessionId,
        /// The places in organizations, those of the store's organization or all of them.
        members: Vec<Member>,
    },
    /// A shopper who is signed in at the store of the request, and nowhere else (rule A4).
    Customer {
        /// The shopper.
        customer: CustomerId,
        /// The sign-in.
        session: CustomerSessionId,
    },
    /// An integration or a storefront, bound to one store.
    Token {
        /// The token.
        token: ApiTokenId,
        /// What it is for.
        kind: TokenKind,
        /// Its scopes, cut to what its creator holds now (rule A2).
        permissions: PermissionSet,
    },
    /// The operator, from the shell.
    Operator,
}

impl Actor {
    /// The person's place in an organization; `None` where the caller is no member of it.
    pub fn member_of(&self, organization: OrganizationId) -> Option<&Member> {
        match self {
            Self::User { members, .. } => members.iter().find(|member| member.organization == organization),
            _ => None,
        }
    }

    /// The kind and the id, as the audit log has them.
    pub fn label(&self) -> (ActorKind, Option<String>) {
        match self {
            Self::Anonymous => (ActorKind::Anonymous, None),
            Self::User { user, .. } => (ActorKind::User, Some(user.to_string())),
            Self::Customer { customer, .. } => (ActorKind::Customer, Some(customer.to_string())),
            Self::Token { token, .. } => (ActorKind::ApiToken, Some(token.to_string())),
            Self::Operator => (ActorKind::System, None),
        }
    }
}

/// The store that a request is about, with what every operation needs to know of it.
#[derive(Debug, Clone)]
pub struct StoreContext {
    /// The store.
    pub id: StoreId,
    /// Its owner.
    pub organization: OrganizationId,
    /// Its handle.
    pub handle: String,
    /// The currency that prices are shown in by default.
    pub currency: Currency,
    /// Every currency that it sells in.
    pub currencies: Vec<Currency>,
    /// The language that texts are in by default.
    pub locale: String,
    /// How much of the platform it may use.
    pub plan: StorePlan,
    /// Which of its callers may send only documents that it has registered.
    pub document_policy: DocumentPolicy,
}

/// That the request's store has registered the document of the request.
#[derive(Debug, Clone, Default)]
pub struct TrustedDocument {
    /// Its text, where that was asked for.
    pub text: Option<String>,
}

/// What the gate found out about a request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Quoted in the answer, the log and the audit.
    pub request_id: String,
    /// Who asks.
    pub actor: Actor,
    /// Where.
    pub store: Option<StoreContext>,
    /// The state of the store that `store` was read in, where that is known to be the present one: what is
    /// read from now on can be remembered under it.
    pub epoch: Option<Epoch>,
    /// The language asked for.
    pub locale: String,
    /// The currency asked for; the store's own otherwise.
    pub currency: Option<Currency>,
    /// The address that the request came from.
    pub address: Option<std::net::IpAddr>,
    /// The program that sent it, as it says.
    pub user_agent: Option<String>,
    /// Whether its store has registered the document that it sent.
    pub trusted_document: Option<TrustedDocument>,
    /// The caller's newest write, where reads may go to a replica that has not seen it yet.
    pub last_write: Option<i64>,
}

impl Caller {
    /// Nobody, nowhere.
    pub fn anonymous(request_id: impl Into<String>) -> Self {
        Self {
            request_id: request_id.into(),
            actor: Actor::Anonymous,
            store: None,
            epoch: None,
            locale: "en".to_owned(),
            currency: None,
            address: None,
            user_agent: None,
            trusted_document: None,
            last_write: None,
        }
    }
}

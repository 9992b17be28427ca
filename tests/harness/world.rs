//! The world that every story starts in: two organizations that have nothing to do with each other.
//!
//! `Linden` has the stores `linden` (EUR and USD) and `linden-us` (USD); `Rival` has the store `rival`,
//! made just alike. Each has an owner who is signed in, and each first store a storefront token. The
//! rows are written as they are, with the hashes of secrets and without one password hash, and the
//! ids are the same in every run.

use chrono::{DateTime, TimeDelta, Utc};
use entity::identity::{sessions, users};
use entity::tenancy::{
    api_token_scopes, api_tokens, membership_permissions, membership_stores, memberships, organizations,
    role_permissions, roles, store_currencies, store_domains, store_locales, stores,
};
use rules::ids::{
    ApiTokenId, MembershipId, OrganizationId, RoleId, SessionId, StoreDomainId, StoreId, TypedId, UserId,
};
use rules::permission::{OWNER, Permission};
use rules::states::{DocumentPolicy, PermissionEffect, StorePlan, TokenKind};
use rules::{Currency, RoundingLevel, RoundingMode, TaxMode};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait};
use stoa::identity::secret::{Kind, Secret};
use stoa::kernel::Entropy;
use stoa::kernel::entropy::SeededEntropy;

/// The moment that every story starts at.
pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_366_400, 0).expect("2026-03-01T12:00:00Z")
}

/// A person who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    pub user: UserId,
    pub session: SessionId,
    /// The access token in clear.
    pub secret: String,
}

/// A token that is good.
#[derive(Debug, Clone)]
pub struct Token {
    pub id: ApiTokenId,
    /// The token in clear.
    pub secret: String,
}

/// An organization with its owner and stores.
#[derive(Debug, Clone)]
pub struct Organization {
    pub id: OrganizationId,
    pub owner: Person,
    /// The stores by their handles, the first one first.
    pub stores: Vec<(&'static str, StoreId)>,
    /// The storefront token of the first store.
    pub storefront: Token,
}

impl Organization {
    /// The first store.
    pub fn store(&self) -> StoreId {
        self.stores[0].1
    }
}

/// Everything that was seeded.
#[derive(Debug, Clone)]
pub struct World {
    pub linden: Organization,
    pub rival: Organization,
}

/// Writes the world.
pub async fn seed(db: &impl ConnectionTrait) -> World {
    let writer = Writer { db, entropy: &SeededEntropy::new(1), now: start() };
    let linden = writer.organization("linden", &[("linden", &["EUR", "USD"]), ("linden-us", &["USD"])]).await;
    let rival = writer.organization("rival", &[("rival", &["EUR", "USD"])]).await;
    World { linden, rival }
}

/// What a member may do, and where.
#[derive(Debug, Clone, Default)]
pub struct Membership {
    /// A role of the organization's own with these.
    pub permissions: Vec<Permission>,
    /// Given beside the role.
    pub grants: Vec<Permission>,
    /// Taken in spite of role and grants.
    pub denies: Vec<Permission>,
    /// The stores that it reaches; all where it is none.
    pub stores: Option<Vec<StoreId>>,
}

/// Writes rows as they are.
pub struct Writer<'a, C: ConnectionTrait> {
    pub db: &'a C,
    pub entropy: &'a dyn Entropy,
    pub now: DateTime<Utc>,
}

impl<C: ConnectionTrait> Writer<'_, C> {
    fn id<T: TypedId>(&self) -> T {
        self.entropy.uuid(self.now).into()
    }

    /// Writes one row.
    pub async fn put<M>(&self, model: M)
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        M::Entity: EntityTrait<Model = M>,
    {
        let written = M::Entity::insert(model.into_active_model()).exec_without_returning(self.db).await;
        written.expect("a row");
    }

    async fn organization(&self, handle: &str, shops: &[(&'static str, &[&str])]) -> Organization {
        let id: OrganizationId = self.id();
        self.put(organizations::Model {
            id,
            name: title(handle),
            handle: handle.to_owned(),
            suspended_at: None,
            version: 1,
            created_at: self.now,
            updated_at: self.now,
            deleted_at: None,
        })
        .await;
        let mut stores = Vec::new();
        for (handle, currencies) in shops {
            stores.push((*handle, self.store(id, handle, currencies).await));
        }
        let user = self.user(&format!("owner@{handle}.example")).await;
        self.put(memberships::Model {
            id: self.id::<MembershipId>(),
            organization_id: id,
            user_id: user,
            built_in_role: Some(OWNER.to_owned()),
            role_id: None,
            all_stores: true,
            version: 1,
            created_at: self.now,
            updated_at: self.now,
        })
        .await;
        let owner = self.session(user).await;
        let storefront = self.token(id, stores[0].1, TokenKind::Storefront, Some(user), &[]).await;
        Organization { id, owner, stores, storefront }
    }

    async fn store(&self, organization: OrganizationId, handle: &str, currencies: &[&str]) -> StoreId {
        let id: StoreId = self.id();
        self.put(stores::Model {
            id,
            organization_id: organization,
            handle: handle.to_owned(),
            name: title(handle),
            currency: currency(currencies[0]),
            locale: "en".to_owned(),
            country: None,
            tax_mode: TaxMode::Gross,
            rounding_mode: RoundingMode::HalfUp,
            rounding_level: RoundingLevel::Line,
            time_zone: "UTC".to_owned(),
            plan: StorePlan::Standard,
            document_policy: DocumentPolicy::Any,
            suspended_at: None,
            version: 1,
            created_at: self.now,
            updated_at: self.now,
            deleted_at: None,
        })
        .await;
        for code in currencies {
            self.put(store_currencies::Model { store_id: id, currency: currency(code) }).await;
        }
        self.put(store_locales::Model { store_id: id, locale: "en".to_owned() }).await;
        self.put(store_domains::Model {
            id: self.id::<StoreDomainId>(),
            store_id: id,
            host: format!("{handle}.example"),
            is_primary: true,
            created_at: self.now,
            updated_at: self.now,
        })
        .await;
        id
    }

    /// A person without a password.
    pub async fn user(&self, email: &str) -> UserId {
        let id: UserId = self.id();
        self.put(users::Model {
            id,
            email: email.to_owned(),
            email_normalized: email.to_lowercase(),
            name: title(email.split('@').next().unwrap_or(email)),
            locale: None,
            email_verified_at: Some(self.now),
            suspended_at: None,
            version: 1,
            created_at: self.now,
            updated_at: self.now,
            deleted_at: None,
        })
        .await;
        id
    }

    /// Signs a person in.
    pub async fn session(&self, user: UserId) -> Person {
        let secret = Secret::generate(Kind::AccessToken, self.entropy);
        let session: SessionId = self.id();
        self.put(sessions::Model {
            id: session,
            user_id: user,
            access_token_hash: secret.hash().to_vec(),
            access_expires_at: self.now + TimeDelta::hours(1),
            expires_at: self.now + TimeDelta::days(30),
            ip: None,
            user_agent: None,
            revoked_at: None,
            last_used_at: self.now,
            last_write_xid: None,
            created_at: self.now,
        })
        .await;
        Person { user, session, secret: secret.expose().to_owned() }
    }

    /// Makes a person a member.
    pub async fn member(&self, organization: OrganizationId, user: UserId, may: &Membership) -> MembershipId {
        let (id, role): (MembershipId, RoleId) = (self.id(), self.id());
        self.put(roles::Model {
            id: role,
            organization_id: organization,
            name: format!("Role {role}"),
            name_normalized: format!("role {role}"),
            description: String::new(),
            version: 1,
            created_at: self.now,
            updated_at: self.now,
        })
        .await;
        for permission in &may.permissions {
            self.put(role_permissions::Model {
                organization_id: organization,
                role_id: role,
                permission: permission.name().to_owned(),
            })
            .await;
        }
        self.put(memberships::Model {
            id,
            organization_id: organization,
            user_id: user,
            built_in_role: None,
            role_id: Some(role),
            all_stores: may.stores.is_none(),
            version: 1,
            created_at: self.now,
            updated_at: self.now,
        })
        .await;
        for store in may.stores.iter().flatten() {
            self.put(membership_stores::Model { organization_id: organization, membership_id: id, store_id: *store })
                .await;
        }
        let grants = may.grants.iter().map(|permission| (permission, PermissionEffect::Grant));
        let denies = may.denies.iter().map(|permission| (permission, PermissionEffect::Deny));
        for (permission, effect) in grants.chain(denies) {
            self.put(membership_permissions::Model {
                organization_id: organization,
                membership_id: id,
                permission: permission.name().to_owned(),
                effect,
            })
            .await;
        }
        id
    }

    /// Makes a token of a store.
    pub async fn token(
        &self,
        organization: OrganizationId,
        store: StoreId,
        kind: TokenKind,
        creator: Option<UserId>,
        scopes: &[Permission],
    ) -> Token {
        let of = match kind {
            TokenKind::Api => Kind::ApiToken,
            TokenKind::Storefront => Kind::StorefrontToken,
        };
        let secret = Secret::generate(of, self.entropy);
        let id: ApiTokenId = self.id();
        self.put(api_tokens::Model {
            id,
            organization_id: organization,
            store_id: store,
            kind,
            name: "Token".to_owned(),
            prefix: secret.prefix().to_owned(),
            last_four: secret.last_four().to_owned(),
            token_hash: secret.hash().to_vec(),
            created_by_user_id: creator,
            expires_at: None,
            last_used_at: Some(self.now),
            revoked_at: None,
            last_write_xid: None,
            created_at: self.now,
            updated_at: self.now,
        })
        .await;
        for permission in scopes {
            self.put(api_token_scopes::Model {
                store_id: store,
                api_token_id: id,
                permission: permission.name().to_owned(),
            })
            .await;
        }
        Token { id, secret: secret.expose().to_owned() }
    }
}

fn currency(code: &str) -> Currency {
    Currency::from_code(code).expect("a currency")
}

fn title(handle: &str) -> String {
    let mut letters = handle.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

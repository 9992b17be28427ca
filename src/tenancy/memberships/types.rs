//! How memberships look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::tenancy::memberships;
use futures::future::try_join_all;
use rules::ids::MembershipId;
use rules::permission::{Permission, effective};

use super::loaders::{OverridesByMembership, ReachByMembership};
use crate::gate::directives::requires;
use crate::identity::{User, UserById};
use crate::kernel::graph::{Load, object};
use crate::kernel::{Ctx, Result};
use crate::tenancy::organizations::{Organization, OrganizationById};
use crate::tenancy::roles::{Role, RoleById};
use crate::tenancy::stores::{Store, StoreById};
use crate::{connection, payload};

/// A person's place in an organization.
#[derive(Clone)]
pub struct Membership(pub Arc<memberships::Model>);

impl From<memberships::Model> for Membership {
    fn from(row: memberships::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl Membership {
    async fn load_role(&self, ctx: &Ctx) -> Result<Option<Role>> {
        match (&self.0.built_in_role, self.0.role_id) {
            (Some(key), _) => Ok(Role::of_key(key)),
            (None, Some(id)) => Ok(ctx.load::<RoleById>((self.0.organization_id, id)).await?.map(Into::into)),
            (None, None) => Ok(None),
        }
    }
}

/// A person's place in an organization.
#[object]
impl Membership {
    /// The membership's id.
    fn id(&self) -> MembershipId {
        self.0.id
    }

    /// The organization.
    fn organization(&self) -> Load<OrganizationById, Option<Organization>> {
        Load::<OrganizationById, _>::of(self.0.organization_id, |row| row.map(Organization))
    }

    /// The member.
    #[graphql(directive = requires::apply(Permission::MembersRead))]
    fn user(&self, ctx: &Ctx) -> Load<UserById, Option<User>> {
        let may = ctx.permissions_in(self.0.organization_id).contains(Permission::MembersRead);
        Load::<UserById, _>::of(self.0.user_id, move |row| row.map(if may { User::with_email } else { User::new }))
    }

    /// The role.
    async fn role(&self, ctx: &Ctx) -> Result<Option<Role>> {
        self.load_role(ctx).await
    }

    /// Whether it reaches every store of the organization, also those to come.
    fn all_stores(&self) -> bool {
        self.0.all_stores
    }

    /// The stores that it reaches, where it does not reach them all.
    async fn stores(&self, ctx: &Ctx) -> Result<Vec<Store>> {
        if self.0.all_stores {
            return Ok(Vec::new());
        }
        let ids = ctx.load::<ReachByMembership>((self.0.organization_id, self.0.id)).await?;
        let stores = try_join_all(ids.into_iter().map(|id| ctx.load::<StoreById>(id))).await?;
        Ok(stores.into_iter().flatten().filter(|row| row.deleted_at.is_none()).map(Store::bare).collect())
    }

    /// What the member may do beside the role.
    fn grants(&self) -> Load<OverridesByMembership, Vec<Permission>> {
        Load::<OverridesByMembership, _>::of((self.0.organization_id, self.0.id), |(grants, _)| grants.iter().collect())
    }

    /// What the member may not do, whatever role and grants say.
    fn denies(&self) -> Load<OverridesByMembership, Vec<Permission>> {
        Load::<OverridesByMembership, _>::of((self.0.organization_id, self.0.id), |(_, denies)| denies.iter().collect())
    }

    /// What the member may do in the end: what the role allows and what is granted, without what is denied.
    async fn permissions(&self, ctx: &Ctx) -> Result<Vec<Permission>> {
        let role = self.load_role(ctx).await?.map(|role| role.allows()).unwrap_or_default();
        let (grants, denies) = ctx.load::<OverridesByMembership>((self.0.organization_id, self.0.id)).await?;
        Ok(effective(role, grants, denies).iter().collect())
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// Since when the person is a member.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

connection!(MembershipConnection, MembershipEdge, Membership, "memberships");

payload! {
    /// The answer of `membershipUpdate`.
    MembershipUpdatePayload {
        /// The membership as it is now.
        membership: Membership,
    }
}

payload! {
    /// The answer of `membershipRemove`.
    MembershipRemovePayload {
        /// The id of the membership that is gone.
        removed_membership_id: MembershipId,
    }
}

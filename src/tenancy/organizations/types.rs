//! How organizations look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::tenancy::organizations;
use rules::ids::OrganizationId;
use rules::permission::Permission;

use crate::gate::directives::requires;
use crate::kernel::Ctx;
use crate::kernel::graph::{Load, object};
use crate::tenancy::memberships::{Membership, OwnMembership};
use crate::{connection, payload};

/// The owner of stores; people are members of it.
#[derive(Clone)]
pub struct Organization(pub Arc<organizations::Model>);

impl From<organizations::Model> for Organization {
    fn from(row: organizations::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// The owner of stores; people are members of it.
#[object]
impl Organization {
    /// The organization's id.
    fn id(&self) -> OrganizationId {
        self.0.id
    }

    /// The name to show.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The short name in addresses; unique on the platform.
    fn handle(&self) -> &str {
        &self.0.handle
    }

    /// Your own place in it.
    fn membership(&self, ctx: &Ctx) -> Load<OwnMembership, Option<Membership>> {
        Load::<OwnMembership, _>::maybe(ctx.user().is_ok().then_some(self.0.id), |row| row.map(Membership))
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    #[graphql(directive = requires::apply(Permission::OrganizationRead))]
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

connection!(OrganizationConnection, OrganizationEdge, Organization, "organizations");

payload! {
    /// The answer of `organizationCreate`.
    OrganizationCreatePayload {
        /// The new organization, which you own.
        organization: Organization,
    }
}

payload! {
    /// The answer of `organizationUpdate`.
    OrganizationUpdatePayload {
        /// The organization as it is now.
        organization: Organization,
    }
}

//! Who owns stores, who works in them, and what each may do.
//!
//! Owns organizations, their stores with hosts and tokens, roles, memberships and invitations, and
//! the rules that keep anybody from giving what they do not hold (rules A1, A2). Never finds out who
//! asks: that is the gate's. A noun has a folder; what all of them check stands in `authority`.

/// Declares the events of one noun: each carries the noun's snapshot.
macro_rules! events {
    ($aggregate:literal, $field:ident: $snapshot:ty; $($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, serde::Serialize)]
            pub struct $name {
                /// As it is after the change, or was before it was removed.
                pub $field: $snapshot,
            }

            impl $crate::kernel::outbox::Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = $aggregate;

                fn aggregate_id(&self) -> String {
                    self.$field.id.to_string()
                }
            }
        )+
    };
}

pub mod api_tokens;
mod authority;
pub mod domains;
pub mod invitations;
pub mod memberships;
pub mod organizations;
pub mod roles;
pub mod stores;
pub mod trusted_documents;

use async_graphql::MergedObject;

pub use authority::authorize;

/// Every read of tenancy.
#[derive(MergedObject, Default)]
pub struct TenancyQuery(
    organizations::OrganizationQuery,
    stores::StoreQuery,
    roles::RoleQuery,
    memberships::MembershipQuery,
    invitations::InvitationQuery,
    api_tokens::ApiTokenQuery,
    trusted_documents::TrustedDocumentQuery,
);

/// Every write of tenancy.
#[derive(MergedObject, Default)]
pub struct TenancyMutation(
    organizations::OrganizationMutation,
    stores::StoreMutation,
    domains::StoreDomainMutation,
    roles::RoleMutation,
    memberships::MembershipMutation,
    invitations::InvitationMutation,
    api_tokens::ApiTokenMutation,
    trusted_documents::TrustedDocumentMutation,
);

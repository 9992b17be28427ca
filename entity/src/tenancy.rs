//! Organizations, their members and roles, their stores and tokens.

pub mod api_token_networks;
pub mod api_token_scopes;
pub mod api_tokens;
pub mod invitation_stores;
pub mod invitations;
pub mod membership_permissions;
pub mod membership_stores;
pub mod memberships;
pub mod organizations;
pub mod role_permissions;
pub mod roles;
pub mod store_currencies;
pub mod store_domains;
pub mod store_locales;
pub mod stores;
pub mod trusted_documents;

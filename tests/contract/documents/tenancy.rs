//! Documents of organizations, stores, domains, roles, members, invitations and tokens.

use rules::permission::Permission::{
    ApiTokensManage, ApiTokensRead, MembersManage, MembersRead, OrganizationManage, OrganizationRead, RolesManage,
    RolesRead, StoreManage, TrustedDocumentsManage, TrustedDocumentsRead,
};

use super::Rightful::{Anybody, May, Person};
use super::{Entry, document};
use crate::harness::json;
use crate::harness::tenancy::trusted_document;

pub fn documents() -> Vec<Entry> {
    vec![
        document!("organization", May(&[OrganizationRead]), shop, _ => json!({ "id": shop.linden.id.to_string() })),
        document!("organizations", Person, _, _ => json!({ "first": 100 })),
        document!("organizationCreate", Person, shop, _ => json!({ "input": { "name": shop.word() } })),
        document!("organizationUpdate", May(&[OrganizationManage]), shop, _ => {
            json!({ "id": shop.linden.id.to_string(), "input": { "name": shop.word() } })
        }),
        document!("store", Anybody, _, _ => json!({})),
        document!("stores", May(&[OrganizationRead]), shop, _ => {
            json!({ "organizationId": shop.linden.id.to_string(), "first": 100 })
        }),
        document!("storeCreate", May(&[OrganizationManage]), shop, _ => {
            let input = json!({ "name": "Shop", "handle": shop.word(), "currency": "EUR", "locale": "de" });
            json!({ "organizationId": shop.linden.id.to_string(), "input": input })
        }),
        document!("storeUpdate", May(&[StoreManage]), shop, _ => json!({ "input": { "name": shop.word() } })),
        document!("storeDelete", May(&[OrganizationManage]), shop, _ => json!({ "id": shop.new_store().await.id })),
        document!("storeDomainAdd", May(&[StoreManage]), shop, _ => {
            json!({ "input": { "host": format!("{}.example", shop.word()), "isPrimary": true } })
        }),
        document!("storeDomainRemove", May(&[StoreManage]), shop, _ => json!({ "id": shop.domain().await })),
        document!("roles", May(&[RolesRead]), shop, _ => {
            shop.role(&[RolesRead]).await;
            json!({ "organizationId": shop.linden.id.to_string() })
        }),
        document!("roleCreate", May(&[RolesManage]), shop, _ => {
            let input = json!({ "name": shop.word(), "permissions": ["ROLES_MANAGE"] });
            json!({ "organizationId": shop.linden.id.to_string(), "input": input })
        }),
        document!("roleUpdate", May(&[RolesManage]), shop, _ => {
            json!({ "id": shop.role(&[]).await, "input": { "permissions": ["ROLES_MANAGE"] }, "expectedVersion": 1 })
        }),
        document!("roleDelete", May(&[RolesManage]), shop, _ => json!({ "id": shop.role(&[]).await })),
        document!("memberships", May(&[MembersRead]), shop, _ => {
            json!({ "organizationId": shop.linden.id.to_string(), "first": 100 })
        }),
        document!("membershipUpdate", May(&[MembersManage]), shop, _ => {
            json!({ "id": shop.membership(&[]).await, "input": { "grants": ["MEMBERS_MANAGE"] } })
        }),
        document!("membershipRemove", May(&[MembersManage]), shop, _ => json!({ "id": shop.membership(&[]).await })),
        document!("invitations", May(&[MembersRead]), shop, _ => {
            shop.invitation(&shop.owner(), shop.linden.id, &format!("{}@people.example", shop.word())).await;
            json!({ "organizationId": shop.linden.id.to_string(), "first": 100 })
        }),
        document!("invitationCreate", May(&[MembersManage]), shop, _ => {
            let email = format!("{}@people.example", shop.word());
            let input = json!({ "email": email, "role": { "roleId": shop.role(&[]).await } });
            json!({ "organizationId": shop.linden.id.to_string(), "input": input })
        }),
        document!("invitationRevoke", May(&[MembersManage]), shop, _ => {
            let email = format!("{}@people.example", shop.word());
            json!({ "id": shop.invitation(&shop.owner(), shop.linden.id, &email).await.id })
        }),
        document!("invitationAccept", Person, shop, me => {
            // Whoever asks is a member of Linden already.
            let email = shop.email_of(me).await;
            json!({ "token": shop.invitation(&shop.rival(), shop.rival.id, &email).await.token })
        }),
        document!("apiTokens", May(&[ApiTokensRead]), shop, _ => {
            shop.api_token().await;
            json!({ "first": 100 })
        }),
        document!("apiTokenCreate", May(&[ApiTokensManage]), shop, _ => {
            json!({ "input": { "name": shop.word(), "kind": "API", "scopes": ["API_TOKENS_MANAGE"] } })
        }),
        document!("trustedDocuments", May(&[TrustedDocumentsRead]), shop, _ => {
            trusted_document(&shop.owner(), &format!("{{ store {{ id }} }} # {}", shop.word())).await;
            json!({ "first": 100 })
        }),
        document!("trustedDocumentsRegister", May(&[TrustedDocumentsManage]), shop, _ => {
            let text = |name: &str| json!({ "name": name, "text": format!("query {name} {{ store {{ id }} }} # {}", shop.word()) });
            json!({ "input": { "documents": [text("Home"), text("Listing")] } })
        }),
        document!("trustedDocumentsDelete", May(&[TrustedDocumentsManage]), shop, _ => {
            json!({ "ids": [trusted_document(&shop.owner(), &format!("{{ store {{ id }} }} # {}", shop.word())).await] })
        }),
        document!("apiTokenRevoke", May(&[ApiTokensManage]), shop, _ => json!({ "id": shop.api_token().await.id })),
    ]
}

//! Trusted documents: who may send only what a store has registered.

use rules::permission::Permission;
use rules::states::{DocumentPolicy, TokenKind};

use crate::http::guard::Refusal;
use crate::kernel::ctx::StoreContext;
use crate::kernel::{Actor, Ctx};

/// Holds a request to the policy of its store. Whether the store has registered the document was read with
/// the caller's rights, at the same moment: what is deleted stops at the next request, on every node.
///
/// # Errors
/// `TrustedDocumentRequired` where the caller is held to registered documents, and this is none.
pub fn expect_trusted(ctx: &Ctx) -> Result<(), Refusal> {
    let caller = ctx.caller();
    match &caller.store {
        Some(store) if is_held(ctx, store) && caller.trusted_document.is_none() => {
            Err(Refusal::TrustedDocumentRequired)
        }
        _ => Ok(()),
    }
}

/// Whether the caller may send only what the store has registered. Whoever is signed in and no member of the
/// store sees what a visitor sees, and is held like one: else the policy would be gone around by signing up.
fn is_held(ctx: &Ctx, store: &StoreContext) -> bool {
    let storefronts = store.document_policy != DocumentPolicy::Any;
    match ctx.actor() {
        Actor::Operator => false,
        Actor::Anonymous | Actor::Customer { .. } | Actor::Token { kind: TokenKind::Storefront, .. } => storefronts,
        Actor::User { .. } => {
            let is_member = ctx.actor().member_of(store.organization).is_some_and(|member| member.reaches(store.id));
            storefronts && !is_member
        }
        // Who may register a document may as well send it.
        Actor::Token { kind: TokenKind::Api, .. } => {
            store.document_policy == DocumentPolicy::TrustedOnStorefrontsAndTokens
                && !ctx.may(Permission::TrustedDocumentsManage)
        }
    }
}

//! The audit log: who changed what, when, and how it was before.
//!
//! Owns the lines, written in the transaction of what they tell of, and what proves them: each is signed as it is
//! written ([`signing`]), and those of a store are closed in a chain within seconds ([`chain`]). `stoa check-invariants`
//! looks at both.

pub mod chain;
pub mod signing;

use sea_orm::{DbErr, EntityTrait, IntoActiveModel};
use serde::Serialize;
use serde_json::Value;

pub use chain::{seal, unsealed};
use signing::{Signed, sign_line};

use super::action::Action;
use super::ctx::Ctx;
use super::error::Result;
use super::scope::{AccountScope, OrganizationScope, Scope, StoreScope};

/// One entry: handed over at the commit, so that no write can be without.
#[derive(Debug, Clone)]
pub struct Audit {
    subject_type: &'static str,
    subject_id: Option<String>,
    before: Option<Value>,
    after: Option<Value>,
}

impl Audit {
    /// Something new. `subject_type` is the noun of its table; `after` must hold no secret.
    pub fn created(subject_type: &'static str, id: impl ToString, after: &impl Serialize) -> Self {
        Self { subject_type, subject_id: Some(id.to_string()), before: None, after: snapshot(after) }
    }

    /// Something that was there before.
    pub fn updated<B: Serialize, A: Serialize>(
        subject_type: &'static str,
        id: impl ToString,
        before: &B,
        after: &A,
    ) -> Self {
        Self { subject_type, subject_id: Some(id.to_string()), before: snapshot(before), after: snapshot(after) }
    }

    /// Something that is gone.
    pub fn deleted(subject_type: &'static str, id: impl ToString, before: &impl Serialize) -> Self {
        Self { subject_type, subject_id: Some(id.to_string()), before: snapshot(before), after: None }
    }

    /// Something that happened to many rows at once, told by `after`.
    pub fn done(subject_type: &'static str, after: &impl Serialize) -> Self {
        Self { subject_type, subject_id: None, before: None, after: snapshot(after) }
    }
}

fn snapshot(value: &impl Serialize) -> Option<Value> {
    match serde_json::to_value(value) {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(%error, "a snapshot for the audit log could not be written");
            None
        }
    }
}

/// A scope that keeps an audit log of its own.
pub trait Audited: Scope {
    /// Writes the entry.
    fn write(&self, ctx: &Ctx, action: Action, audit: Audit) -> impl Future<Output = Result<()>> + Send;
}

macro_rules! audited {
    ($scope:ty, $table:ident, $key:ident) => {
        impl Audited for $scope {
            #[expect(clippy::disallowed_methods, reason = "the tenant's key is set on the row itself")]
            async fn write(&self, ctx: &Ctx, action: Action, audit: Audit) -> Result<()> {
                use entity::audit::$table;
                let (actor_kind, actor_id) = ctx.actor().label();
                let mut line = $table::Model {
                    id: ctx.id(),
                    $key: self.id(),
                    actor_kind,
                    actor_id,
                    action: action.name().to_owned(),
                    subject_type: audit.subject_type.to_owned(),
                    subject_id: audit.subject_id,
                    before: audit.before,
                    after: audit.after,
                    request_id: ctx.caller().request_id.clone(),
                    created_at: ctx.now(),
                    key_id: Vec::new(),
                    signature: Vec::new(),
                };
                let Signed { key_id, signature } = sign_line(ctx.settings(), &line);
                (line.key_id, line.signature) = (key_id, signature);
                let row = line.into_active_model();
                let written: Result<_, DbErr> = $table::Entity::insert(row).exec_without_returning(self.conn()).await;
                written?;
                Ok(())
            }
        }
    };
}

audited!(StoreScope, audit_logs, store_id);
audited!(OrganizationScope, organization_audit_logs, organization_id);
audited!(AccountScope, user_audit_logs, user_id);

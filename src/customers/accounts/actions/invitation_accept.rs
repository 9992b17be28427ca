//! `customerInvitationAccept`: a customer whom the staff entered makes an account of it.

use async_graphql::InputObject;
use entity::customers::customer_one_time_tokens;
use entity::customers::customers::ActiveModel;
use rules::states::{CustomerKind, CustomerState, OneTimePurpose};
use sea_orm::ActiveValue::Set;

use super::super::{one_time, store};
use crate::customers::GuestAbsorbed;
use crate::customers::profiles::{self, CustomerSnapshot, CustomerUpdated};
use crate::identity::password::{self, Password};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// What makes an account of an invitation.
#[derive(InputObject, Clone)]
pub struct CustomerInvitationAcceptInput {
    /// What the letter brought.
    pub token: String,
    /// The password to sign in with; 8 to 256 characters, and not an easy guess.
    pub password: Password,
}

/// Accepts the invitation. Opens no session: sign in next.
pub async fn run<H: GuestAbsorbed>(ctx: &Ctx, input: CustomerInvitationAcceptInput) -> Result<bool> {
    let scope = ctx.store().await?;
    let token = one_time::find(&scope, OneTimePurpose::Invitation, &input.token).await?;
    if token.used_at.is_some() || token.expires_at <= ctx.now() {
        return Err(one_time::invalid());
    }
    let customer = profiles::find_living(&scope, token.customer_id).await?.ok_or_else(one_time::invalid)?;
    input.password.check("password", &customer.email_normalized)?;
    drop(scope);
    let hash = password::hash(ctx, &input.password).await?;
    // The hash stays good when transactions meet: only the write is run again.
    match ctx.retrying((token, hash), write::<H>).await {
        Err(Error::Retry) => Err(Error::Busy),
        written => written.map(|()| true),
    }
}

async fn write<H: GuestAbsorbed>(ctx: &Ctx, (token, hash): (customer_one_time_tokens::Model, String)) -> Result<()> {
    let mut tx = ctx.begin_store(Action::CustomerInvitationAccept).await?;
    let before = profiles::hold_living(&tx, token.customer_id).await?.ok_or_else(one_time::invalid)?;
    if before.kind != CustomerKind::Guest || before.state != CustomerState::Enabled {
        return Err(one_time::invalid());
    }
    one_time::accept(&tx, &token, &before).await?;
    let snapshot = CustomerSnapshot::from(&before);
    // Somebody may have signed up with the address meanwhile: the database says so.
    let row = ActiveModel { kind: Set(CustomerKind::Registered), ..Default::default() };
    let after = super::prove_mailbox::<H>(&mut tx, before, row).await?;
    store::insert_credentials(&tx, after.id, hash).await?;
    tx.emit(&CustomerUpdated { customer: CustomerSnapshot::from(&after) })?;
    tx.commit(Audit::updated("customer", after.id, &snapshot, &CustomerSnapshot::from(&after))).await
}

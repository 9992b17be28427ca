//! `customerInvite`: the staff lets a customer make an account.

use rules::ids::CustomerId;
use rules::states::{CustomerKind, CustomerState, OneTimePurpose};
use rules::{ErrorCode, Problem};

use super::super::events::CustomerLetterQueued;
use super::super::one_time;
use crate::customers::profiles::{self, Customer};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Sends the invitation. One that was sent before is void.
pub async fn run(ctx: &Ctx, id: CustomerId) -> Result<Customer> {
    let refused = |code, message: &str| Err(Error::Conflict(Problem::new(code, "id", message)));
    let mut tx = ctx.begin_store(Action::CustomerInvite).await?;
    let customer = profiles::hold_living(&tx, id).await?.ok_or(Error::NotFound)?;
    if customer.kind == CustomerKind::Registered {
        return refused(ErrorCode::NotAllowed, "This customer has an account already.");
    }
    if customer.state == CustomerState::Disabled {
        return refused(ErrorCode::Disabled, "This customer is kept out: enable the customer first.");
    }
    if profiles::find_by_email(&tx, CustomerKind::Registered, &customer.email_normalized).await?.is_some() {
        return refused(ErrorCode::Taken, "There is an account with this e-mail address already.");
    }
    one_time::send(&tx, &customer, OneTimePurpose::Invitation).await?;
    let queued = CustomerLetterQueued { customer_id: id };
    tx.emit(&queued)?;
    tx.commit(Audit::done("customer", &queued)).await?;
    Ok(customer.into())
}

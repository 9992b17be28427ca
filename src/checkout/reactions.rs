//! What checkouts and orders do when a payment comes to something.

use rules::ids::PaymentId;

use super::follow::heard_of;
use crate::kernel::{Ctx, Result};
use crate::payments::PaymentHeard;

/// An order stands where its payments say, and what was paid for a cart makes its order.
#[derive(Default)]
pub struct PaymentsFollowed;

impl PaymentHeard for PaymentsFollowed {
    async fn heard(ctx: &Ctx, payment: PaymentId) -> Result<()> {
        heard_of(ctx, payment).await
    }
}

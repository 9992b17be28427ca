//! `cartRecover`: somebody comes back to a cart by the link that was sent (rule C7).

use rules::states::CartState;
use rules::{ErrorCode, Problem};

use crate::carts::events::{CartRecovered, CartSnapshot};
use crate::carts::store;
use crate::carts::types::GivenOut;
use crate::identity::secret::{Kind, Secret, parse_kind};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// The problem of a secret that leads nowhere, or nowhere any more.
fn leads_nowhere() -> Error {
    let message = "This link leads nowhere any more: begin a new cart.";
    Error::Conflict(Problem::new(ErrorCode::InvalidToken, "token", message))
}

/// Gives out the cart once more, with a secret of its own for this device. The link can be used again while the cart
/// lives.
pub async fn run(ctx: &Ctx, token: String) -> Result<GivenOut> {
    let hash = parse_kind(Kind::CartRecovery, token.trim()).ok_or_else(leads_nowhere)?;
    let mut tx = ctx.begin_store(Action::CartRecover).await?;
    let left = store::abandonment_of(&tx, &hash).await?.ok_or_else(leads_nowhere)?;
    let before = store::lock(&tx, left.cart_id).await?.ok_or_else(leads_nowhere)?;
    if before.customer_id.is_some() && before.customer_id != ctx.shopper() {
        let message = "This cart is a customer's: sign in to see it.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "token", message)));
    }
    if before.state == CartState::Completed {
        return Err(leads_nowhere());
    }
    store::mark_recovered(&tx, left.id).await?;
    let mut token = None;
    if before.customer_id.is_none() {
        let secret = Secret::generate(Kind::Cart, &*ctx.system().entropy);
        store::insert_token(&tx, before.id, &secret.hash()).await?;
        token = Some(secret.expose().to_owned());
    }
    let lines = store::list_lines(&tx, &[before.id]).await?;
    let snapshot = CartSnapshot::of(&before, &lines);
    let audit = Audit::updated("cart", before.id, &snapshot, &snapshot);
    tx.emit(&CartRecovered { cart: snapshot })?;
    tx.commit(audit).await?;
    Ok(GivenOut { cart: before.into(), warnings: Vec::new(), token })
}

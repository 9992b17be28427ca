//! Seals a store's secrets anew, after the server's key was changed: for `stoa reseal`.

use serde_json::json;

use super::super::account::secret_places;
use super::super::store;
use crate::kernel::vault::{Place, Vault};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Wraps what an earlier key wrapped by the newest one, and gives how many secrets that were. What was done is done:
/// whoever is interrupted begins anew.
///
/// # Errors
/// `Internal` where a secret was sealed by a key that is not known any more; then nothing of the store was changed.
pub async fn run(ctx: &Ctx) -> Result<usize> {
    let tx = ctx.begin_store(Action::SecretsReseal).await?;
    let vault = Vault::of(ctx.settings());
    let anew = |place: Place, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => vault.reseal(&*ctx.system().entropy, place, sealed).map_err(Error::internal),
        None => Ok(None),
    };
    let mut count = 0;
    for row in store::lock_all(&tx).await? {
        let [key, webhook] = secret_places(&row);
        let seals = [anew(key, &row.secret_key_sealed)?, anew(webhook, &row.webhook_secret_sealed)?];
        let changed = seals.iter().flatten().count();
        if changed > 0 {
            store::update_seals(&tx, &row, seals).await?;
            count += changed;
        }
    }
    if count > 0 {
        tx.commit(Audit::done("payment_provider", &json!({ "resealed": count }))).await?;
    }
    Ok(count)
}

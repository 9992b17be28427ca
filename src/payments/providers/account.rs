//! An account with its secrets in clear, for as long as a provider is asked.

use entity::payments::payment_provider_configs::Model;

use crate::kernel::vault::{Place, Revealed, Vault};
use crate::kernel::{Ctx, Error, Result};
use crate::payments::gateway::Account;

/// The columns that hold sealed values.
const SECRET_KEY: &str = "payment_provider_configs.secret_key_sealed";
const WEBHOOK_SECRET: &str = "payment_provider_configs.webhook_secret_sealed";

/// Where a provider's secrets are kept: the secret key's place, and the webhook secret's.
pub fn secret_places(row: &Model) -> [Place; 2] {
    let of = |column| Place { store: row.store_id, column, row: row.id.0 };
    [of(SECRET_KEY), of(WEBHOOK_SECRET)]
}

/// Opens a provider's secrets.
///
/// # Errors
/// `Internal` where they were sealed by a key that this server does not know, or are not as they were sealed.
pub fn open(ctx: &Ctx, row: &Model) -> Result<Account> {
    let vault = Vault::of(ctx.settings());
    let [key, webhook] = secret_places(row);
    let reveal = |place, sealed: &Option<Vec<u8>>| -> Result<Option<Revealed>> {
        sealed.as_ref().map(|sealed| vault.open(place, sealed)).transpose().map_err(Error::internal)
    };
    Ok(Account {
        store: row.store_id,
        provider: row.id,
        test: row.test,
        secret_key: reveal(key, &row.secret_key_sealed)?,
        webhook_secret: reveal(webhook, &row.webhook_secret_sealed)?,
        public_key: row.public_key.clone(),
        subaccount: row.subaccount.clone(),
        instructions: row.instructions.clone(),
    })
}

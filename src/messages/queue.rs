//! The way into the queue.

use rules::states::EmailTemplate;
use uuid::Uuid;

use super::store;
use crate::kernel::{Result, StoreScope, Tx};

/// A letter to be written.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it says.
    pub template: EmailTemplate,
    /// The e-mail address that it goes to, read by `identity::email`.
    pub recipient: String,
    /// The name to greet with; never empty.
    pub name: Option<String>,
    /// The id of the token whose secret it carries.
    pub token: Option<Uuid>,
}

/// Puts a letter into the store's queue, in the transaction of what it is about: it is sent if the commit comes, and
/// not otherwise.
///
/// # Errors
/// What the database says.
pub async fn queue(tx: &Tx<StoreScope>, letter: Letter) -> Result<()> {
    store::insert(tx, letter).await
}

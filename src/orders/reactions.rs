//! What orders do when a guest becomes part of an account.

use rules::ids::CustomerId;

use super::store;
use crate::customers::GuestAbsorbed;
use crate::kernel::{Result, StoreScope, Tx};

/// A guest's orders, and the drafts that are for the guest, become the account's.
#[derive(Default)]
pub struct OrdersFollow;

impl GuestAbsorbed for OrdersFollow {
    async fn absorbed(tx: &mut Tx<StoreScope>, guest: CustomerId, account: CustomerId) -> Result<()> {
        store::move_customer(tx, guest, account).await
    }
}

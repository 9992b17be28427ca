//! Who must follow when a guest becomes part of an account.
//!
//! Owns the one seam through which customers reach the domains above them that keep what is a guest's, without naming
//! them: whoever proves a mailbox takes a type that implements [`GuestAbsorbed`], and `schema.rs` says which. What follows
//! is written in the same transaction, so that nothing is ever left with a guest who is no more.

use rules::ids::CustomerId;

use crate::kernel::{Result, StoreScope, Tx};

/// What follows when a guest becomes part of an account, such as that the guest's orders are the account's.
pub trait GuestAbsorbed: Send + Sync + 'static {
    /// Makes what is the guest's the account's. Both are held by the caller.
    ///
    /// # Errors
    /// What the database says; then nothing is absorbed.
    fn absorbed(
        tx: &mut Tx<StoreScope>,
        guest: CustomerId,
        account: CustomerId,
    ) -> impl Future<Output = Result<()>> + Send;
}

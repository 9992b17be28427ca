//! Who buys at a store.
//!
//! Owns customers, guests and registered, with their addresses, tags and consents; the accounts of those who are
//! registered, with their passwords and sessions; and the segments that prices and promotions can be for. A customer
//! is of one store and never a person of the platform (rule A4). Never counts an order by itself: orders do, through
//! [`count_order`].
//!
//! What is above asks here: [`find_living`], [`buyer`] and [`segments_of`] for what is known of a customer,
//! [`find_or_create_guest`] for who buys without an account. A guest's cart is not merged by the sign-in, which knows
//! no carts: the storefront merges it with the cart's own mutation once it holds the customer's token.

mod absorbed;
pub mod accounts;
pub mod addresses;
pub mod profiles;
pub mod segments;
mod totals;

use async_graphql::MergedObject;
use rules::basket::Buyer;
use rules::ids::CustomerId;

pub use absorbed::GuestAbsorbed;
pub use accounts::over;
pub use profiles::{find_living, find_or_create_guest, hold_buyer};
pub use segments::{list_segments_of, segments_of};
pub use totals::{OrderCount, count_order};

use crate::kernel::{Ctx, Result, StoreScope};

/// What can be read of customers.
#[derive(MergedObject, Default)]
pub struct CustomersQuery(profiles::CustomerQuery, segments::SegmentQuery);

/// What can be changed of customers. `H` is what follows when a guest becomes part of an account.
#[derive(MergedObject, Default)]
pub struct CustomersMutation<H: GuestAbsorbed>(
    accounts::AccountMutation<H>,
    profiles::CustomerMutation,
    addresses::AddressMutation,
    segments::SegmentMutation,
);

/// What prices and promotions ask of a customer who buys, read at this moment. Works on a read as in a transaction.
///
/// # Errors
/// What the database says.
pub async fn buyer(scope: &StoreScope, customer: CustomerId) -> Result<Buyer> {
    let of = [customer];
    let (mut segments, orders) = tokio::try_join!(list_segments_of(scope, &of), totals::orders_of(scope, customer))?;
    let segments = segments.remove(&customer).unwrap_or_default();
    Ok(Buyer { customer: Some(customer), segments, first_order: orders == 0 })
}

/// Whether anybody with this e-mail address has orders that are not canceled, as a guest or with an account.
///
/// # Errors
/// What the database says.
pub async fn has_ordered(scope: &StoreScope, email: &str) -> Result<bool> {
    totals::has_ordered(scope, email).await
}

/// Removes sessions of the context's store that ran out long ago, so many at the most, and one-time tokens that nobody
/// can use. For the worker; gives how many sessions.
///
/// # Errors
/// `Busy` where the database is away.
pub async fn sweep(ctx: &Ctx, most: u64) -> Result<u64> {
    accounts::sweep(ctx, most).await
}

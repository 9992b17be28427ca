//! What can be done to addresses, one file each.

pub mod create;
pub mod delete;
pub mod update;

use async_graphql::InputObject;
use entity::customers::customer_addresses::{ActiveModel, Model};
use rules::address::Address;
use rules::ids::{CustomerAddressId, CustomerId};
use sea_orm::ActiveValue::Set;

use super::store::{self, Use};
use crate::customers::profiles;
use crate::kernel::{Ctx, Error, Result, StoreScope, Tx};
use crate::places::AddressInput;

/// Addresses of a customer at the most.
const MAX: u64 = 50;

/// An address to be kept.
#[derive(InputObject, Clone, Default)]
pub struct CustomerAddressInput {
    /// The address.
    pub address: AddressInput,
    /// Whether things are sent there unless told otherwise; no other address of the customer is that any more.
    pub default_shipping: Option<bool>,
    /// Whether bills go there unless told otherwise; no other address of the customer is that any more.
    pub default_billing: Option<bool>,
}

/// Puts an address into the columns.
fn write(row: &mut ActiveModel, address: Address) {
    row.first_name = Set(address.first_name);
    row.last_name = Set(address.last_name);
    row.company = Set(address.company);
    row.address1 = Set(address.address1);
    row.address2 = Set(address.address2);
    row.city = Set(address.city);
    row.country = Set(address.place.country);
    row.region = Set(address.place.region);
    row.postal_code = Set(address.place.postal_code);
    row.phone = Set(address.phone);
}

/// Whose addresses are written: a customer's own, or for the staff those of the one who is named. Another's is not
/// there for a customer.
fn whose(ctx: &Ctx, named: Option<CustomerId>) -> Result<CustomerId> {
    match (ctx.shopper(), named) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(named)) if own == named => Ok(own),
        (Some(_), Some(_)) => Err(Error::NotFound),
        (None, Some(named)) => Ok(named),
        (None, None) => Err(Error::BadInput("Give the `customerId`.".to_owned())),
    }
}

/// An address that the caller may write, with its customer held until the transaction ends.
async fn hold(tx: &Tx<StoreScope>, id: CustomerAddressId) -> Result<Model> {
    let found = store::find(tx, id).await?.ok_or(Error::NotFound)?;
    let customer = whose(tx.ctx(), Some(found.customer_id))?;
    profiles::hold_living(tx, customer).await?.ok_or(Error::NotFound)?;
    // Whoever writes holds the customer: nobody else can have changed it since.
    store::find(tx, id).await?.filter(|row| row.customer_id == customer).ok_or(Error::NotFound)
}

/// Makes room for new defaults: a customer has one of each at the most.
async fn clear_defaults(
    tx: &Tx<StoreScope>,
    customer: CustomerId,
    id: CustomerAddressId,
    (shipping, billing): (bool, bool),
) -> Result<()> {
    for (wanted, of) in [(shipping, Use::Shipping), (billing, Use::Billing)] {
        if wanted {
            store::clear_default(tx, customer, of, id).await?;
        }
    }
    Ok(())
}

//! How addresses look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::customers::customer_addresses;
use rules::address;
use rules::ids::CustomerAddressId;
use rules::place::Place;

use crate::kernel::graph::object;
use crate::payload;
use crate::places::Address;

/// An address that a customer keeps.
#[derive(Clone)]
pub struct CustomerAddress(pub Arc<customer_addresses::Model>);

impl From<customer_addresses::Model> for CustomerAddress {
    fn from(row: customer_addresses::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl CustomerAddress {
    /// The address as the rules have it.
    pub fn read(row: &customer_addresses::Model) -> address::Address {
        address::Address {
            first_name: row.first_name.clone(),
            last_name: row.last_name.clone(),
            company: row.company.clone(),
            address1: row.address1.clone(),
            address2: row.address2.clone(),
            city: row.city.clone(),
            place: Place {
                country: row.country.clone(),
                region: row.region.clone(),
                postal_code: row.postal_code.clone(),
            },
            phone: row.phone.clone(),
        }
    }
}

/// An address that a customer keeps.
#[object]
impl CustomerAddress {
    /// The address's id.
    fn id(&self) -> CustomerAddressId {
        self.0.id
    }

    /// The address itself.
    fn address(&self) -> Address {
        Address(Self::read(&self.0))
    }

    /// Whether things are sent there unless told otherwise.
    fn is_default_shipping(&self) -> bool {
        self.0.is_default_shipping
    }

    /// Whether bills go there unless told otherwise.
    fn is_default_billing(&self) -> bool {
        self.0.is_default_billing
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

payload! {
    /// The answer of `customerAddressCreate`.
    CustomerAddressCreatePayload {
        /// The new address.
        address: CustomerAddress,
    }
}

payload! {
    /// The answer of `customerAddressUpdate`.
    CustomerAddressUpdatePayload {
        /// The address as it is now.
        address: CustomerAddress,
    }
}

payload! {
    /// The answer of `customerAddressDelete`.
    CustomerAddressDeletePayload {
        /// The id of the deleted address.
        deleted_address_id: CustomerAddressId,
    }
}

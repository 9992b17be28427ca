//! Postal addresses on their way in and in the schema.

use async_graphql::InputObject;
use rules::Problem;
use rules::address::{self, Typed};

use crate::kernel::graph::object;

/// Where something is sent, or a bill goes. At most 200 characters a line.
#[derive(InputObject, Clone, Default)]
pub struct AddressInput {
    /// The first name of whom it is for.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// Street and number.
    pub address1: String,
    /// What else finds the door: a floor, an apartment.
    pub address2: Option<String>,
    /// The town.
    pub city: String,
    /// The country, by its two letters in ISO 3166, such as `US`.
    pub country: String,
    /// The region, as ISO 3166-2 has it behind the hyphen: `CA` of `US-CA`.
    pub region: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The telephone number, such as `+44 20 7946 0958`.
    pub phone: Option<String>,
}

impl AddressInput {
    /// Reads the address.
    ///
    /// # Errors
    /// Every problem, under `path`.
    pub fn read(&self, path: &str) -> Result<address::Address, Vec<Problem>> {
        let typed = Typed {
            first_name: self.first_name.as_deref(),
            last_name: self.last_name.as_deref(),
            company: self.company.as_deref(),
            address1: &self.address1,
            address2: self.address2.as_deref(),
            city: &self.city,
            country: &self.country,
            region: self.region.as_deref(),
            postal_code: self.postal_code.as_deref(),
            phone: self.phone.as_deref(),
        };
        address::Address::try_new(&typed)
            .map_err(|problems| problems.into_iter().map(|problem| problem.under(path)).collect())
    }
}

/// Where something is sent, or a bill goes.
#[derive(Clone)]
pub struct Address(pub address::Address);

/// Where something is sent, or a bill goes.
#[object]
impl Address {
    /// The first name of whom it is for.
    fn first_name(&self) -> Option<&str> {
        self.0.first_name.as_deref()
    }

    /// The last name.
    fn last_name(&self) -> Option<&str> {
        self.0.last_name.as_deref()
    }

    /// The company.
    fn company(&self) -> Option<&str> {
        self.0.company.as_deref()
    }

    /// Street and number.
    fn address1(&self) -> &str {
        &self.0.address1
    }

    /// What else finds the door: a floor, an apartment.
    fn address2(&self) -> Option<&str> {
        self.0.address2.as_deref()
    }

    /// The town.
    fn city(&self) -> &str {
        &self.0.city
    }

    /// The country, by its two letters in ISO 3166.
    fn country(&self) -> &str {
        &self.0.place.country
    }

    /// The region, as ISO 3166-2 has it behind the hyphen.
    fn region(&self) -> Option<&str> {
        self.0.place.region.as_deref()
    }

    /// The postal code.
    fn postal_code(&self) -> Option<&str> {
        self.0.place.postal_code.as_deref()
    }

    /// The telephone number, as it was typed.
    fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// The lines as a parcel shows them.
    fn formatted(&self) -> Vec<String> {
        self.0.lines()
    }
}

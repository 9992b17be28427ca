//! Postal addresses as the API takes and shows them.

use async_graphql::InputObject;
use rules::Problem;
use rules::address::{self, Typed};

use crate::kernel::graph::object;

/// Where somebody lives, or where something goes to. Only the country is needed to work out taxes and shipping.
#[derive(InputObject, Clone, Default)]
pub struct AddressInput {
    /// The person; at most 200 characters, as every line.
    pub name: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// Street and number.
    pub line1: Option<String>,
    /// What else finds the door.
    pub line2: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The region, as ISO 3166-2 has it behind the hyphen: `CA` of `US-CA`.
    pub region: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The country, by its two letters in ISO 3166, such as `US`.
    pub country: String,
    /// The telephone number, for the carrier.
    pub phone: Option<String>,
}

impl AddressInput {
    /// Reads the address.
    ///
    /// # Errors
    /// Every problem, under `path`.
    pub fn read(&self, path: &str) -> Result<address::Address, Vec<Problem>> {
        let typed = Typed {
            name: self.name.as_deref(),
            company: self.company.as_deref(),
            line1: self.line1.as_deref(),
            line2: self.line2.as_deref(),
            city: self.city.as_deref(),
            region: self.region.as_deref(),
            postal_code: self.postal_code.as_deref(),
            country: &self.country,
            phone: self.phone.as_deref(),
        };
        address::Address::try_new(&typed)
            .map_err(|problems| problems.into_iter().map(|problem| problem.under(path)).collect())
    }
}

/// Where somebody lives, or where something goes to.
#[derive(Clone)]
pub struct Address(pub address::Address);

/// Where somebody lives, or where something goes to.
#[object]
impl Address {
    /// The person.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The company.
    fn company(&self) -> Option<&str> {
        self.0.company.as_deref()
    }

    /// Street and number.
    fn line1(&self) -> Option<&str> {
        self.0.line1.as_deref()
    }

    /// What else finds the door.
    fn line2(&self) -> Option<&str> {
        self.0.line2.as_deref()
    }

    /// The city.
    fn city(&self) -> Option<&str> {
        self.0.city.as_deref()
    }

    /// The region, as ISO 3166-2 has it behind the hyphen.
    fn region(&self) -> Option<&str> {
        self.0.place.region.as_deref()
    }

    /// The postal code.
    fn postal_code(&self) -> Option<&str> {
        self.0.place.postal_code.as_deref()
    }

    /// The country, by its two letters in ISO 3166.
    fn country(&self) -> &str {
        &self.0.place.country
    }

    /// The telephone number.
    fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }
}

//! How places look in the schema.

use rules::place;

use crate::kernel::graph::object;

/// Where something is.
#[derive(Clone)]
pub struct Place(pub place::Place);

/// Where something goes to, or where somebody is, as far as taxes and parcels ask.
#[object]
impl Place {
    /// The country, by its two letters in ISO 3166.
    fn country(&self) -> &str {
        &self.0.country
    }

    /// The region, as ISO 3166-2 has it behind the hyphen.
    fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// The postal code.
    fn postal_code(&self) -> Option<&str> {
        self.0.postal_code.as_deref()
    }
}

/// A piece of the world that a zone is made of.
#[derive(Clone)]
pub struct Territory(pub place::Territory);

/// A piece of the world that a zone is made of: a country, a region of it, or some of its postal codes.
#[object]
impl Territory {
    /// The country, by its two letters in ISO 3166; null is the rest of the world.
    fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }

    /// The region, as ISO 3166-2 has it behind the hyphen; null is all of the country.
    fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// Ranges of postal codes; empty is all of them.
    fn postal_codes(&self) -> Vec<PostalRange> {
        let ranges = self.0.postal_codes.iter();
        ranges.map(|range| PostalRange { from: range.from.clone(), to: range.to.clone() }).collect()
    }
}

/// Postal codes from one to another, both included.
#[object]
#[derive(Clone)]
pub struct PostalRange {
    /// The first code, letters and digits only.
    from: String,
    /// The last code, letters and digits only.
    to: String,
}

//! Places on earth, as far as taxes and parcels ask for them.
//!
//! Owns how a place is compared with the territory of a zone: country, then region (rule T1), then
//! postal code. Never knows an address: a street says nothing about tax.

use serde::{Deserialize, Serialize};

/// Where something goes to, or where somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The country, two capital letters of ISO 3166-1.
    pub country: String,
    /// The region inside the country, as ISO 3166-2 has it behind the hyphen: `CA` of `US-CA`.
    #[serde(default)]
    pub region: Option<String>,
    /// The postal code, as it was typed.
    #[serde(default)]
    pub postal_code: Option<String>,
}

/// A piece of the world that a zone is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Territory {
    /// The country; `None` is the rest of the world.
    #[serde(default)]
    pub country: Option<String>,
    /// One region of the country; `None` is all of it.
    #[serde(default)]
    pub region: Option<String>,
    /// Ranges of postal codes; none is all of them.
    #[serde(default)]
    pub postal_codes: Vec<PostalRange>,
}

/// Postal codes from one to another, both included, such as `10000` to `14199`.
///
/// Compared letter by letter after blanks and hyphens are dropped; a code that is longer than the
/// ends of the range is compared by its beginning, so that `SW1` to `SW9` holds `SW1A 1AA`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PostalRange {
    /// The first code.
    pub from: String,
    /// The last code.
    pub to: String,
}

impl Place {
    /// A whole country.
    pub fn country(code: &str) -> Self {
        Self { country: code.to_owned(), region: None, postal_code: None }
    }

    /// A region of a country.
    pub fn region(country: &str, region: &str) -> Self {
        Self { region: Some(region.to_owned()), ..Self::country(country) }
    }
}

impl Territory {
    /// How closely the territory describes a place: postal code (4) before region (2) before country
    /// (1) before the rest of the world (0). `None` where the place lies outside.
    pub fn closeness(&self, place: &Place) -> Option<u8> {
        let Some(country) = &self.country else {
            return (self.region.is_none() && self.postal_codes.is_empty()).then_some(0);
        };
        let by_region = match &self.region {
            Some(region) if place.region.as_ref() == Some(region) => 2,
            Some(_) => return None,
            None => 0,
        };
        let by_code = match &place.postal_code {
            _ if self.postal_codes.is_empty() => 0,
            Some(code) if self.postal_codes.iter().any(|range| range.holds(code)) => 4,
            _ => return None,
        };
        (*country == place.country).then_some(1 + by_region + by_code)
    }
}

impl PostalRange {
    /// Whether a postal code lies in the range.
    pub fn holds(&self, code: &str) -> bool {
        let (code, from, to) = (plain(code), plain(&self.from), plain(&self.to));
        let beginning = |end: &str| code.chars().take(end.chars().count()).collect::<String>();
        !code.is_empty() && beginning(&from) >= from && beginning(&to) <= to
    }
}

fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn territory(country: Option<&str>, region: Option<&str>, range: Option<(&str, &str)>) -> Territory {
        Territory {
            country: country.map(str::to_owned),
            region: region.map(str::to_owned),
            postal_codes: range
                .map(|(from, to)| PostalRange { from: from.to_owned(), to: to.to_owned() })
                .into_iter()
                .collect(),
        }
    }

    #[test]
    fn rule_t1_a_region_is_closer_than_its_country() {
        let place = Place { postal_code: Some("94103".to_owned()), ..Place::region("US", "CA") };
        assert_eq!(territory(None, None, None).closeness(&place), Some(0));
        assert_eq!(territory(Some("US"), None, None).closeness(&place), Some(1));
        assert_eq!(territory(Some("US"), Some("CA"), None).closeness(&place), Some(3));
        assert_eq!(territory(Some("US"), None, Some(("94000", "94199"))).closeness(&place), Some(5));
        assert_eq!(territory(Some("US"), Some("NY"), None).closeness(&place), None);
        assert_eq!(territory(Some("DE"), None, None).closeness(&place), None);
        assert_eq!(territory(Some("US"), None, Some(("10000", "14199"))).closeness(&place), None);
        assert_eq!(territory(Some("US"), Some("CA"), None).closeness(&Place::country("US")), None);
    }

    #[test]
    fn postal_ranges_hold_both_ends_and_all_that_begins_alike() {
        let berlin = PostalRange { from: "10000".to_owned(), to: "14199".to_owned() };
        for (code, holds) in [("10000", true), ("14199", true), ("09999", false), ("14200", false), ("", false)] {
            assert_eq!(berlin.holds(code), holds, "{code}");
        }
        let westminster = PostalRange { from: "SW1".to_owned(), to: "SW9".to_owned() };
        for (code, holds) in [("SW1A 1AA", true), ("sw9-1aa", true), ("SE1 9GF", false), ("SW", false)] {
            assert_eq!(westminster.holds(code), holds, "{code}");
        }
    }
}

//! Places on earth, as far as taxes and parcels ask for them.
//!
//! Owns how a place is compared with the territory of a zone: country, then region (rule T1), then
//! postal code. Never knows an address: a street says nothing about tax.

use serde::{Deserialize, Serialize};

use crate::country::is_country;
use crate::problem::{ErrorCode, Problem, Problems};

/// The longest postal code, in letters and digits.
const MAX_POSTAL_CODE: usize = 16;

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
    /// A place as somebody typed it: in capital letters where the standard has them, and nothing that is empty.
    ///
    /// # Errors
    /// Every problem, at `country`, `region` and `postalCode`.
    pub fn try_new(country: &str, region: Option<&str>, postal_code: Option<&str>) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new();
        let country = problems.keep(read_country("country", country)).unwrap_or_default();
        let region = region.filter(|region| !region.trim().is_empty());
        let region = region.and_then(|region| problems.keep(read_region("region", region)));
        let postal_code = postal_code.filter(|code| !plain(code).is_empty());
        if postal_code.is_some_and(|code| plain(code).chars().count() > MAX_POSTAL_CODE) {
            problems.add(ErrorCode::TooLong, "postalCode", too_long());
        }
        problems.finish()?;
        Ok(Self { country, region, postal_code: postal_code.map(|code| code.trim().to_owned()) })
    }

    /// A whole country.
    pub fn country(code: &str) -> Self {
        Self { country: code.to_owned(), region: None, postal_code: None }
    }

    /// A region of a country.
    pub fn region(country: &str, region: &str) -> Self {
        Self { region: Some(region.to_owned()), ..Self::country(country) }
    }
}

/// Reads the code of a country.
fn read_country(path: &str, raw: &str) -> Result<String, Problem> {
    let code = raw.trim().to_ascii_uppercase();
    if is_country(&code) {
        return Ok(code);
    }
    Err(Problem::new(ErrorCode::Invalid, path, "Give the two letters of a country in ISO 3166, such as `DE`."))
}

/// Reads the code of a region, without its country.
fn read_region(path: &str, raw: &str) -> Result<String, Problem> {
    let code = raw.trim().to_ascii_uppercase();
    if (1..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(code);
    }
    let message = "Give a region as ISO 3166-2 has it behind the hyphen, such as `CA` of `US-CA`.";
    Err(Problem::new(ErrorCode::Invalid, path, message))
}

fn too_long() -> String {
    format!("A postal code has {MAX_POSTAL_CODE} letters and digits at the most.")
}

impl Territory {
    /// A territory as somebody typed it. No country is the rest of the world, which has neither regions nor
    /// postal codes of its own.
    ///
    /// # Errors
    /// Every problem, at `country`, `region` and `postalCodes`.
    pub fn try_new(
        country: Option<&str>,
        region: Option<&str>,
        postal_codes: &[(&str, &str)],
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new();
        let country = country.map(|country| problems.keep(read_country("country", country)).unwrap_or_default());
        let region = region.and_then(|region| problems.keep(read_region("region", region)));
        if country.is_none() && (region.is_some() || !postal_codes.is_empty()) {
            let message = "Name the country of the region or postal codes; the rest of the world has none.";
            problems.add(ErrorCode::Required, "country", message);
        }
        let mut ranges: Vec<PostalRange> = Vec::new();
        for (index, (from, to)) in postal_codes.iter().enumerate() {
            let path = format!("postalCodes.{index}");
            let Some(range) = problems.keep(PostalRange::try_new(from, to).map_err(|problem| problem.under(&path)))
            else {
                continue;
            };
            if ranges.contains(&range) {
                problems.add(ErrorCode::Duplicate, &path, "These postal codes stand in the list twice.");
            } else {
                ranges.push(range);
            }
        }
        problems.finish()?;
        Ok(Self { country, region, postal_codes: ranges })
    }

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
    /// A range as somebody typed it, in the form in which it is compared.
    ///
    /// # Errors
    /// `REQUIRED` for an empty end, `TOO_LONG`, `INVALID` where the last comes before the first; each at `from`
    /// or `to`.
    pub fn try_new(from: &str, to: &str) -> Result<Self, Problem> {
        let (from, to) = (plain(from), plain(to));
        for (path, end) in [("from", &from), ("to", &to)] {
            if end.is_empty() {
                return Err(Problem::new(ErrorCode::Required, path, "Give a postal code."));
            }
            if end.chars().count() > MAX_POSTAL_CODE {
                return Err(Problem::new(ErrorCode::TooLong, path, too_long()));
            }
        }
        // A longer code is compared by its beginning, and so is the longer end here.
        let length = from.chars().count().min(to.chars().count());
        let beginning = |end: &str| end.chars().take(length).collect::<String>();
        if beginning(&to) < beginning(&from) {
            return Err(Problem::new(ErrorCode::Invalid, "to", "The last postal code comes before the first one."));
        }
        Ok(Self { from, to })
    }

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
    fn places_and_territories_are_read_as_they_are_typed() {
        let place = Place::try_new(" us ", Some("ca"), Some(" 94103 "));
        let expected = Place { postal_code: Some("94103".to_owned()), ..Place::region("US", "CA") };
        assert_eq!(place, Ok(expected));
        assert_eq!(Place::try_new("DE", Some(" "), Some("-")), Ok(Place::country("DE")));
        let paths = |problems: Vec<Problem>| -> Vec<String> {
            problems.iter().map(|problem| format!("{:?} {}", problem.code, problem.field.join("."))).collect()
        };
        let wrong = Place::try_new("XX", Some("California"), Some(&"1".repeat(17))).map_err(paths);
        let expected = ["Invalid country", "Invalid region", "TooLong postalCode"].map(str::to_owned).to_vec();
        assert_eq!(wrong, Err(expected));

        let berlin = Territory::try_new(Some("de"), None, &[("10 000", "14-199")]);
        assert_eq!(berlin, Ok(territory(Some("DE"), None, Some(("10000", "14199")))));
        assert_eq!(Territory::try_new(None, None, &[]), Ok(territory(None, None, None)));
        let wrong = Territory::try_new(None, Some("CA"), &[("2", "1"), ("", "1"), ("1", "2"), ("1", "2")]);
        let expected =
            ["Required country", "Invalid postalCodes.0.to", "Required postalCodes.1.from", "Duplicate postalCodes.3"];
        assert_eq!(wrong.map_err(paths), Err(expected.map(str::to_owned).to_vec()));
        assert!(PostalRange::try_new("SW1", "SW1A9ZZ").is_ok(), "the longer end begins like the shorter one");
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

//! Postal addresses: where things are sent and bills go.
//!
//! Owns what an address must have and how long its lines may be. Whether somebody lives there is for the
//! parcel service to find out. What taxes and shipping ask of an address is its [`Place`].

use serde::{Deserialize, Serialize};

use crate::place::Place;
use crate::problem::{ErrorCode, Problem, Problems};

/// The longest line, in characters.
const MAX_LINE: usize = 200;

/// The longest telephone number, in characters.
const MAX_PHONE: usize = 32;

/// The fewest and the most digits of a telephone number; the most is E.164's.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 4..=15;

/// An address as it stands on a parcel or a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// The first name of whom it is for.
    #[serde(default)]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// The company.
    #[serde(default)]
    pub company: Option<String>,
    /// Street and number.
    pub address1: String,
    /// What else finds the door: a floor, an apartment.
    #[serde(default)]
    pub address2: Option<String>,
    /// The town.
    pub city: String,
    /// Country, region and postal code.
    #[serde(flatten)]
    pub place: Place,
    /// The telephone number, as it was typed.
    #[serde(default)]
    pub phone: Option<String>,
}

/// An address as somebody typed it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typed<'a> {
    /// The first name of whom it is for.
    pub first_name: Option<&'a str>,
    /// The last name.
    pub last_name: Option<&'a str>,
    /// The company.
    pub company: Option<&'a str>,
    /// Street and number.
    pub address1: &'a str,
    /// What else finds the door.
    pub address2: Option<&'a str>,
    /// The town.
    pub city: &'a str,
    /// The country, two letters of ISO 3166-1.
    pub country: &'a str,
    /// The region, as ISO 3166-2 has it behind the hyphen.
    pub region: Option<&'a str>,
    /// The postal code.
    pub postal_code: Option<&'a str>,
    /// The telephone number.
    pub phone: Option<&'a str>,
}

impl Address {
    /// Reads an address. Who is named in it may be left out; street, town and country may not.
    ///
    /// # Errors
    /// Every problem, each at the name of its field in the schema.
    pub fn try_new(typed: &Typed<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new();
        let mut optional = |path: &str, raw: Option<&str>| problems.keep(optional_line(path, raw)).flatten();
        let first_name = optional("firstName", typed.first_name);
        let last_name = optional("lastName", typed.last_name);
        let company = optional("company", typed.company);
        let address2 = optional("address2", typed.address2);
        let address1 = problems.keep(line("address1", typed.address1)).unwrap_or_default();
        let city = problems.keep(line("city", typed.city)).unwrap_or_default();
        let phone = problems.keep(typed.phone.map(|raw| phone("phone", raw)).transpose()).flatten().flatten();
        let place = match Place::try_new(typed.country, typed.region, typed.postal_code) {
            Ok(place) => place,
            Err(found) => {
                found.into_iter().for_each(|problem| problems.push(problem));
                Place::country("")
            }
        };
        problems.finish()?;
        Ok(Self { first_name, last_name, company, address1, address2, city, place, phone })
    }

    /// The lines as a parcel shows them, without those that are empty.
    pub fn lines(&self) -> Vec<String> {
        let join = |parts: [Option<&str>; 3]| parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let place = &self.place;
        [
            join([self.first_name.as_deref(), self.last_name.as_deref(), None]),
            self.company.clone().unwrap_or_default(),
            self.address1.clone(),
            self.address2.clone().unwrap_or_default(),
            join([place.postal_code.as_deref(), Some(&self.city), place.region.as_deref()]),
            place.country.clone(),
        ]
        .into_iter()
        .filter(|line| !line.is_empty())
        .collect()
    }
}

fn line(path: &str, raw: &str) -> Result<String, Problem> {
    optional_line(path, Some(raw))?.ok_or_else(|| Problem::new(ErrorCode::Required, path, "This may not be empty."))
}

fn optional_line(path: &str, raw: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(text) = raw.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().any(char::is_control) {
        return Err(Problem::new(ErrorCode::Invalid, path, "Use one line without control characters."));
    }
    if text.chars().count() > MAX_LINE {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Give at most {MAX_LINE} characters.")));
    }
    Ok(Some(text.to_owned()))
}

/// Reads a telephone number, kept as it was typed: digits with blanks, dots, hyphens, slashes and brackets between
/// them, and a plus before them. `None` where it is empty.
///
/// # Errors
/// A problem at `path`.
pub fn phone(path: &str, raw: &str) -> Result<Option<String>, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    let well_formed = text.len() <= MAX_PHONE
        && PHONE_DIGITS.contains(&digits)
        && rest.chars().all(|c| c.is_ascii_digit() || " .-/()".contains(c));
    if well_formed {
        return Ok(Some(text.to_owned()));
    }
    Err(Problem::new(ErrorCode::Invalid, path, "Give a telephone number such as +44 20 7946 0958."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(typed: &Typed<'_>) -> Vec<String> {
        let problems = Address::try_new(typed).expect_err("problems");
        problems.iter().map(|problem| format!("{:?} {}", problem.code, problem.field.join("."))).collect()
    }

    #[test]
    fn an_address_reads_back_without_blanks_and_empty_lines() {
        let typed = Typed {
            first_name: Some(" Ann "),
            last_name: Some("Lee"),
            company: Some("  "),
            address1: " 1 Main St ",
            city: "San Francisco",
            country: "us",
            region: Some("ca"),
            postal_code: Some("94103"),
            phone: Some("+1 (415) 555-0100"),
            ..Typed::default()
        };
        let address = Address::try_new(&typed).expect("an address");
        assert_eq!(address.lines(), ["Ann Lee", "1 Main St", "94103 San Francisco CA", "US"]);
        assert_eq!((address.company, address.phone.as_deref()), (None, Some("+1 (415) 555-0100")));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let long = "x".repeat(201);
        let typed =
            Typed { last_name: Some(&long), city: "a\nb", country: "XX", phone: Some("call me"), ..Typed::default() };
        assert_eq!(
            codes(&typed),
            ["TooLong lastName", "Required address1", "Invalid city", "Invalid phone", "Invalid country"]
        );
    }

    #[test]
    fn telephone_numbers_are_digits_with_little_between_them() {
        for good in ["+44 20 7946 0958", "030/1234-567", "112233"] {
            assert_eq!(phone("phone", good), Ok(Some(good.to_owned())));
        }
        for wrong in ["123", "1+2345", "12345678901234567", "tel:12345", "+", "1234\u{0}"] {
            assert!(phone("phone", wrong).is_err(), "{wrong}");
        }
        assert_eq!(phone("phone", " "), Ok(None));
    }
}

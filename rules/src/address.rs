//! Postal addresses.
//!
//! Owns which fields an address has and how long each may be. Only the country is asked for: what else a
//! carrier needs differs from country to country, and from one service to the next. Never decides what an
//! address is good for.

use serde::{Deserialize, Serialize};

use crate::place::Place;
use crate::problem::{ErrorCode, Problem, Problems};

/// The longest line of an address, in characters.
pub const MAX_LINE: usize = 200;

/// Where somebody lives, or where something goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// The person.
    #[serde(default)]
    pub name: Option<String>,
    /// The company.
    #[serde(default)]
    pub company: Option<String>,
    /// Street and number.
    #[serde(default)]
    pub line1: Option<String>,
    /// What else finds the door.
    #[serde(default)]
    pub line2: Option<String>,
    /// The city.
    #[serde(default)]
    pub city: Option<String>,
    /// The telephone number, for the carrier.
    #[serde(default)]
    pub phone: Option<String>,
    /// Country, region and postal code.
    #[serde(flatten)]
    pub place: Place,
}

/// An address as somebody typed it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typed<'a> {
    /// The person.
    pub name: Option<&'a str>,
    /// The company.
    pub company: Option<&'a str>,
    /// Street and number.
    pub line1: Option<&'a str>,
    /// What else finds the door.
    pub line2: Option<&'a str>,
    /// The city.
    pub city: Option<&'a str>,
    /// The region.
    pub region: Option<&'a str>,
    /// The postal code.
    pub postal_code: Option<&'a str>,
    /// The country.
    pub country: &'a str,
    /// The telephone number.
    pub phone: Option<&'a str>,
}

impl Address {
    /// An address as somebody typed it, without blanks around its lines, and without those that are empty.
    ///
    /// # Errors
    /// Every problem, at the name of its field.
    pub fn try_new(typed: &Typed<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new();
        let place = Place::try_new(typed.country, typed.region, typed.postal_code).unwrap_or_else(|found| {
            found.into_iter().for_each(|problem| problems.push(problem));
            Place::country("")
        });
        let mut line = |path: &str, text: Option<&str>| {
            let text = text.map(str::trim).filter(|text| !text.is_empty())?;
            problems.keep(read_line(path, text))
        };
        let address = Self {
            name: line("name", typed.name),
            company: line("company", typed.company),
            line1: line("line1", typed.line1),
            line2: line("line2", typed.line2),
            city: line("city", typed.city),
            phone: line("phone", typed.phone),
            place,
        };
        problems.finish()?;
        Ok(address)
    }
}

fn read_line(path: &str, text: &str) -> Result<String, Problem> {
    if text.chars().any(char::is_control) {
        return Err(Problem::new(ErrorCode::Invalid, path, "Use one line without control characters."));
    }
    if text.chars().count() > MAX_LINE {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Give at most {MAX_LINE} characters.")));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_it_was_typed_without_what_is_empty() {
        let typed = Typed {
            name: Some(" Ann Lee "),
            company: Some("  "),
            line1: Some("Hauptstr. 1"),
            country: "de",
            postal_code: Some("10115"),
            ..Typed::default()
        };
        let address = Address::try_new(&typed).expect("an address");
        assert_eq!((address.name.as_deref(), address.company), (Some("Ann Lee"), None));
        assert_eq!((address.place.country.as_str(), address.place.region), ("DE", None));
    }

    #[test]
    fn every_wrong_line_is_told() {
        let long = "x".repeat(MAX_LINE + 1);
        let typed = Typed {
            name: Some("Ann\u{7}"),
            city: Some(&long),
            country: "XX",
            region: Some("much too long"),
            ..Typed::default()
        };
        let problems = Address::try_new(&typed).expect_err("problems");
        let told: Vec<_> = problems.iter().map(|problem| (problem.code, problem.field.join("."))).collect();
        assert_eq!(
            told,
            [
                (ErrorCode::Invalid, "country".to_owned()),
                (ErrorCode::Invalid, "region".to_owned()),
                (ErrorCode::Invalid, "name".to_owned()),
                (ErrorCode::TooLong, "city".to_owned()),
            ]
        );
    }
}

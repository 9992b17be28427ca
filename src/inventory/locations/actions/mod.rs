//! What can be done to locations, one file each.

pub mod activate;
pub mod create;
pub mod deactivate;
mod default_location;
pub mod delete;
pub mod update;

pub use create::LocationCreateInput;
pub use default_location::default_location;
pub use update::LocationUpdateInput;

use async_graphql::InputObject;
use rules::stock::{GeoPoint, PER_DEGREE};
use rules::{Decimal, ErrorCode, Problem};

use crate::kernel::input;

/// Locations that a store has at the most.
const MAX_LOCATIONS: u64 = 250;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// The last place in the store's own order.
const MAX_PRIORITY: i32 = 10_000;

/// A point on earth, in degrees with six decimals at the most.
#[derive(InputObject, Clone, Copy)]
pub struct CoordinatesInput {
    /// Degrees north of the equator, -90 to 90.
    pub latitude: Decimal,
    /// Degrees east of Greenwich, -180 to 180.
    pub longitude: Decimal,
}

/// Reads a point.
fn point(given: CoordinatesInput) -> Result<GeoPoint, Problem> {
    let (latitude, longitude) = (millionths("latitude", given.latitude)?, millionths("longitude", given.longitude)?);
    GeoPoint::try_new(latitude, longitude).ok_or_else(|| {
        let message = "Give a latitude of -90 to 90 degrees and a longitude of -180 to 180.";
        Problem::new(ErrorCode::OutOfRange, "coordinates", message)
    })
}

/// Degrees in millionths.
fn millionths(field: &str, degrees: Decimal) -> Result<i64, Problem> {
    let degrees = degrees.normalized();
    let problem = |code, message| Problem::new(code, &format!("coordinates.{field}"), message);
    let Some(missing) = 6_u32.checked_sub(degrees.scale()) else {
        return Err(problem(ErrorCode::Invalid, "Give six decimals at the most."));
    };
    let exact = degrees.mantissa().checked_mul(10_i128.pow(missing)).and_then(|exact| i64::try_from(exact).ok());
    let beyond = || problem(ErrorCode::OutOfRange, "Give degrees, -180 to 180.");
    exact.filter(|exact| exact.abs() <= 180 * PER_DEGREE).ok_or_else(beyond)
}

/// Reads a place in the store's own order.
fn priority(given: i32) -> Result<i32, Problem> {
    if (0..=MAX_PRIORITY).contains(&given) {
        return Ok(given);
    }
    Err(Problem::new(ErrorCode::OutOfRange, "priority", format!("Give 0 to {MAX_PRIORITY}.")))
}

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    input::line("name", raw, 1, MAX_NAME)
}

/// Reads the code of a country.
fn country(raw: &str) -> Result<String, Problem> {
    let code = raw.trim().to_ascii_uppercase();
    if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(code);
    }
    Err(Problem::new(ErrorCode::Invalid, "country", "Give the two letters of a country, such as `DE`."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_read_to_the_millionth_of_a_degree() {
        let read = |latitude: &str, longitude: &str| {
            let (latitude, longitude) = (latitude.parse().expect("a number"), longitude.parse().expect("a number"));
            point(CoordinatesInput { latitude, longitude }).map(|point| (point.latitude(), point.longitude()))
        };
        assert_eq!(read("52.520008", "-13.4"), Ok((52_520_008, -13_400_000)));
        assert_eq!(read("-90", "180.000000"), Ok((-90_000_000, 180_000_000)));
        for (latitude, longitude) in
            [("90.000001", "0"), ("0", "180.1"), ("1.0000001", "0"), ("0", "9999999999999999999")]
        {
            assert!(read(latitude, longitude).is_err(), "{latitude}, {longitude}");
        }
    }

    #[test]
    fn a_country_has_two_letters() {
        assert_eq!(country(" de ").as_deref(), Ok("DE"));
        for wrong in ["", "D", "DEU", "D1", "\u{c4}", "D "] {
            assert!(country(wrong).is_err(), "{wrong}");
        }
    }
}

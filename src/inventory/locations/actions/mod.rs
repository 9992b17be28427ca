//! What can be done to locations, one file each.

pub mod create;
mod default_location;
pub mod delete;
pub mod update;

pub use create::LocationCreateInput;
pub use default_location::default_location;
pub use update::LocationUpdateInput;

use rules::{ErrorCode, Problem};

use crate::kernel::input;

/// Locations that a store has at the most.
const MAX_LOCATIONS: u64 = 250;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

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
    fn a_country_has_two_letters() {
        assert_eq!(country(" de ").as_deref(), Ok("DE"));
        for wrong in ["", "D", "DEU", "D1", "\u{c4}", "D "] {
            assert!(country(wrong).is_err(), "{wrong}");
        }
    }
}

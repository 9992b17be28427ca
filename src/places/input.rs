//! Places and territories on their way in.

use async_graphql::InputObject;
use rules::place::{Place, Territory};
use rules::{ErrorCode, Problem, Problems};

use super::rows;

/// Territories of a zone at the most, and postal ranges in all of them together.
const MAX_TERRITORIES: usize = 250;

/// Where something goes to, or where somebody is.
#[derive(InputObject, Clone, Default)]
pub struct PlaceInput {
    /// The country, by its two letters in ISO 3166, such as `US`.
    pub country: String,
    /// The region, as ISO 3166-2 has it behind the hyphen: `CA` of `US-CA`.
    pub region: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
}

impl PlaceInput {
    /// Reads the place.
    ///
    /// # Errors
    /// Every problem, under `path`.
    pub fn read(&self, path: &str) -> Result<Place, Vec<Problem>> {
        Place::try_new(&self.country, self.region.as_deref(), self.postal_code.as_deref())
            .map_err(|problems| problems.into_iter().map(|problem| problem.under(path)).collect())
    }
}

/// A piece of the world: a country, a region of it, or some of its postal codes. Without a country it is the
/// rest of the world.
#[derive(InputObject, Clone, Default)]
pub struct TerritoryInput {
    /// The country, by its two letters in ISO 3166; the rest of the world where it is left out.
    pub country: Option<String>,
    /// One region of the country, as ISO 3166-2 has it behind the hyphen; all of it where it is left out.
    pub region: Option<String>,
    /// Ranges of postal codes; all of them where it is left out.
    pub postal_codes: Option<Vec<PostalRangeInput>>,
}

/// Postal codes from one to another, both included. Blanks, hyphens and case do not count; a code that is
/// longer than the ends is compared by its beginning, so that `SW1` to `SW9` holds `SW1A 1AA`.
#[derive(InputObject, Clone, Default)]
pub struct PostalRangeInput {
    /// The first code.
    pub from: String,
    /// The last code.
    pub to: String,
}

/// Reads the territories of a zone: one at least, none of them twice.
///
/// # Errors
/// Every problem, under `territories`.
pub fn read_territories(input: &[TerritoryInput]) -> Result<Vec<Territory>, Vec<Problem>> {
    let mut problems = Problems::new();
    if input.is_empty() {
        problems.add(ErrorCode::Required, "territories", "Name one territory at least.");
    }
    let count: usize =
        input.iter().map(|territory| territory.postal_codes.as_ref().map_or(1, |codes| codes.len())).sum();
    if count > MAX_TERRITORIES {
        let message = format!("A zone has {MAX_TERRITORIES} territories and ranges of postal codes at the most.");
        problems.add(ErrorCode::TooLong, "territories", message);
        return problems.finish().map(|()| Vec::new());
    }
    let (mut read, mut claims) = (Vec::new(), Vec::new());
    for (index, territory) in input.iter().enumerate() {
        let path = format!("territories.{index}");
        let codes = territory.postal_codes.iter().flatten();
        let codes: Vec<(&str, &str)> = codes.map(|range| (range.from.as_str(), range.to.as_str())).collect();
        match Territory::try_new(territory.country.as_deref(), territory.region.as_deref(), &codes) {
            Ok(territory) => {
                let own: Vec<String> = rows(std::slice::from_ref(&territory)).map(|row| row.claim).collect();
                if own.iter().any(|claim| claims.contains(claim)) {
                    problems.add(ErrorCode::Duplicate, &path, "This territory stands in the list twice.");
                }
                claims.extend(own);
                read.push(territory);
            }
            Err(found) => found.into_iter().for_each(|problem| problems.push(problem.under(&path))),
        }
    }
    problems.finish()?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> TerritoryInput {
        TerritoryInput { country: Some(code.to_owned()), ..TerritoryInput::default() }
    }

    fn codes(input: &[TerritoryInput]) -> Vec<String> {
        let problems = read_territories(input).expect_err("problems");
        problems.iter().map(|problem| format!("{:?} {}", problem.code, problem.field.join("."))).collect()
    }

    #[test]
    fn a_zone_has_one_territory_at_least_and_none_twice() {
        assert_eq!(read_territories(&[country("de"), TerritoryInput::default()]).map(|read| read.len()), Ok(2));
        assert_eq!(codes(&[]), ["Required territories"]);
        assert_eq!(
            codes(&[country("DE"), country("XX"), country(" de ")]),
            ["Invalid territories.1.country", "Duplicate territories.2"]
        );
        assert_eq!(codes(&vec![country("DE"); 251]), ["TooLong territories"]);
    }
}

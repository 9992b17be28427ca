//! Territories as rows: one for each country, region or range of postal codes.

use rules::place::{PostalRange, Territory};

/// A row of a table of territories, but for whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRow {
    /// The place among the zone's rows, from 0.
    pub position: i32,
    /// The country; none is the rest of the world.
    pub country: Option<String>,
    /// The region; none is all of the country.
    pub region: Option<String>,
    /// The first and the last postal code; none is all of them.
    pub postal_codes: Option<(String, String)>,
    /// All of it in one text.
    pub claim: String,
}

/// The rows of territories, in their order.
pub fn rows(territories: &[Territory]) -> impl Iterator<Item = ClaimRow> {
    let each = territories.iter().flat_map(|territory| {
        let whole = territory.postal_codes.is_empty().then_some(None);
        let ranges = territory.postal_codes.iter().map(|range| Some((range.from.clone(), range.to.clone())));
        whole.into_iter().chain(ranges).map(|codes| (territory.country.clone(), territory.region.clone(), codes))
    });
    (0..).zip(each).map(|(position, (country, region, postal_codes))| {
        let mut claim = country.clone().unwrap_or_else(|| "*".to_owned());
        if let Some(region) = &region {
            claim.push('-');
            claim.push_str(region);
        }
        if let Some((from, to)) = &postal_codes {
            claim.push_str(&format!(" {from}..{to}"));
        }
        ClaimRow { position, country, region, postal_codes, claim }
    })
}

/// The territories that rows stand for: ranges of postal codes in one country and region are one territory.
pub fn gather(
    rows: impl IntoIterator<Item = (Option<String>, Option<String>, Option<(String, String)>)>,
) -> Vec<Territory> {
    let mut territories: Vec<Territory> = Vec::new();
    for (country, region, codes) in rows {
        let range = codes.map(|(from, to)| PostalRange { from, to });
        let last = territories.last_mut().filter(|last| {
            range.is_some() && !last.postal_codes.is_empty() && last.country == country && last.region == region
        });
        match (last, range) {
            (Some(last), Some(range)) => last.postal_codes.push(range),
            (_, range) => territories.push(Territory { country, region, postal_codes: range.into_iter().collect() }),
        }
    }
    territories
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn territories_read_back_from_their_rows() {
        let territory = |country: Option<&str>, region: Option<&str>, codes: &[(&str, &str)]| {
            Territory::try_new(country, region, codes).expect("a territory")
        };
        let all = [
            territory(None, None, &[]),
            territory(Some("US"), None, &[]),
            territory(Some("US"), Some("CA"), &[("94000", "94199"), ("90001", "90001")]),
            territory(Some("US"), Some("NY"), &[("1", "2")]),
        ];
        let rows: Vec<ClaimRow> = rows(&all).collect();
        let claims: Vec<&str> = rows.iter().map(|row| row.claim.as_str()).collect();
        assert_eq!(claims, ["*", "US", "US-CA 94000..94199", "US-CA 90001..90001", "US-NY 1..2"]);
        assert!((0..).zip(&rows).all(|(position, row)| row.position == position));
        assert_eq!(gather(rows.into_iter().map(|row| (row.country, row.region, row.postal_codes))), all);
    }
}

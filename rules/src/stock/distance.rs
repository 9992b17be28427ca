//! How far a location is from where an order goes.

/// The earth's mean radius in kilometers.
const RADIUS: f64 = 6_371.0;

/// Millionths of a degree in one degree.
pub const PER_DEGREE: i64 = 1_000_000;

/// A point on earth, in millionths of a degree: about a hand's breadth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeoPoint {
    latitude: i64,
    longitude: i64,
}

impl GeoPoint {
    /// The point at a latitude from -90 to 90 degrees and a longitude from -180 to 180, both in millionths;
    /// `None` where there is no such point.
    pub fn try_new(latitude: i64, longitude: i64) -> Option<Self> {
        let on_earth = latitude.abs() <= 90 * PER_DEGREE && longitude.abs() <= 180 * PER_DEGREE;
        on_earth.then_some(Self { latitude, longitude })
    }

    /// Millionths of a degree north of the equator.
    pub fn latitude(self) -> i64 {
        self.latitude
    }

    /// Millionths of a degree east of Greenwich.
    pub fn longitude(self) -> i64 {
        self.longitude
    }

    /// How far the other point is, in whole kilometers over the ground, as the crow flies. Half the earth
    /// around is 20,015.
    #[expect(clippy::cast_precision_loss, reason = "nine digits fit a float's fifteen")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 20,015")]
    pub fn kilometers_to(self, other: Self) -> u32 {
        let radians = |millionths: i64| (millionths as f64 / PER_DEGREE as f64).to_radians();
        let (from, to) = (radians(self.latitude), radians(other.latitude));
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let across = half(radians(other.longitude) - radians(self.longitude));
        // The haversine formula keeps its precision for points that lie close together.
        let chord = (half(to - from) + from.cos() * to.cos() * across).clamp(0.0, 1.0);
        (2.0 * RADIUS * chord.sqrt().asin()).round() as u32
    }
}

/// Where an order goes, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Destination {
    /// The country, two capital letters of ISO 3166.
    pub country: Option<String>,
    /// The place itself.
    pub point: Option<GeoPoint>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(latitude: i64, longitude: i64) -> GeoPoint {
        GeoPoint::try_new(latitude, longitude).expect("a point")
    }

    #[test]
    fn distances_are_those_of_the_map() {
        let (berlin, hamburg) = (point(52_520_000, 13_405_000), point(53_551_000, 9_994_000));
        let (sydney, suva) = (point(-33_869_000, 151_209_000), point(-18_142_000, 178_442_000));
        assert_eq!((berlin.kilometers_to(hamburg), hamburg.kilometers_to(berlin)), (255, 255));
        assert_eq!(berlin.kilometers_to(berlin), 0);
        assert!((3_200..3_250).contains(&sydney.kilometers_to(suva)), "{}", sydney.kilometers_to(suva));
        // Over the date line it is a step, and to the other pole half the way around.
        assert!(point(0, 179_990_000).kilometers_to(point(0, -179_990_000)) <= 3);
        assert_eq!(point(90 * PER_DEGREE, 0).kilometers_to(point(-90 * PER_DEGREE, 0)), 20_015);
    }

    #[test]
    fn beyond_the_poles_there_is_nothing() {
        for (latitude, longitude) in [(90_000_001, 0), (0, 180_000_001), (-90_000_001, 0), (0, -180_000_001)] {
            assert_eq!(GeoPoint::try_new(latitude, longitude), None);
        }
    }
}

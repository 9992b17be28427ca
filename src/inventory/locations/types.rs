//! How locations look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::inventory::locations;
use rules::Decimal;
use rules::ids::LocationId;

use crate::kernel::graph::object;
use crate::{connection, payload};

/// A place where stock is kept.
#[derive(Clone)]
pub struct Location(pub Arc<locations::Model>);

impl From<locations::Model> for Location {
    fn from(row: locations::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A place where stock is kept.
#[object]
impl Location {
    /// The location's id.
    fn id(&self) -> LocationId {
        self.0.id
    }

    /// The name to show.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The ISO 3166 code of the country that it lies in.
    fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }

    /// Whether stock goes here when no location is named.
    fn is_default(&self) -> bool {
        self.0.is_default
    }

    /// Whether stock is kept here and sent from here.
    fn is_active(&self) -> bool {
        self.0.active
    }

    /// Its place in the store's own order: the lower number sends first, and of two the older one.
    fn priority(&self) -> i32 {
        self.0.priority
    }

    /// Where it is; null where nobody said so.
    fn coordinates(&self) -> Option<Coordinates> {
        Some(Coordinates { latitude: degrees(self.0.latitude?)?, longitude: degrees(self.0.longitude?)? })
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A point on earth, in degrees.
#[object]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coordinates {
    /// Degrees north of the equator.
    latitude: Decimal,
    /// Degrees east of Greenwich.
    longitude: Decimal,
}

fn degrees(millionths: i64) -> Option<Decimal> {
    Decimal::from_parts(millionths.into(), 6).map(Decimal::normalized)
}

connection!(LocationConnection, LocationEdge, Location, "locations");

payload! {
    /// The answer of `locationCreate`.
    LocationCreatePayload {
        /// The new location.
        location: Location,
    }
}

payload! {
    /// The answer of `locationUpdate`.
    LocationUpdatePayload {
        /// The location as it is now.
        location: Location,
    }
}

payload! {
    /// The answer of `locationActivate`.
    LocationActivatePayload {
        /// The location as it is now.
        location: Location,
    }
}

payload! {
    /// The answer of `locationDeactivate`.
    LocationDeactivatePayload {
        /// The location as it is now.
        location: Location,
    }
}

payload! {
    /// The answer of `locationDelete`.
    LocationDeletePayload {
        /// The id of the deleted location.
        deleted_location_id: LocationId,
    }
}

//! How shipping profiles look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::shipping::shipping_profiles;
use rules::ids::{ProductId, ShippingProfileId};

use super::loaders::ShippingProfileByProduct;
use crate::gate::directives::cost;
use crate::kernel::graph::{Load, object};
use crate::shipping::zones::{ShippingZone, ShippingZonesByProfile};
use crate::{connection, payload};

/// Goods that are shipped alike.
#[derive(Clone)]
pub struct ShippingProfile(pub Arc<shipping_profiles::Model>);

impl From<shipping_profiles::Model> for ShippingProfile {
    fn from(row: shipping_profiles::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl ShippingProfile {
    /// The profile that a product is shipped by. For `Product.shippingProfile`.
    pub fn of_product(product: ProductId) -> Load<ShippingProfileByProduct, Option<Self>> {
        Load::<ShippingProfileByProduct, _>::of(product, |row| row.map(Self))
    }
}

/// Goods that are shipped alike, and where to.
#[object]
impl ShippingProfile {
    /// The shipping profile's id.
    fn id(&self) -> ShippingProfileId {
        self.0.id
    }

    /// The name to show; unique in the store, whatever its case.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether goods that are put into no other belong to it.
    fn is_default(&self) -> bool {
        self.0.is_default
    }

    /// Where its goods are shipped to, the oldest first. At most 100.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn zones(&self) -> Load<ShippingZonesByProfile, Vec<ShippingZone>> {
        Load::<ShippingZonesByProfile, _>::of(self.0.id, |rows| rows.into_iter().map(ShippingZone).collect())
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

connection!(ShippingProfileConnection, ShippingProfileEdge, ShippingProfile, "shipping profiles");

payload! {
    /// The answer of `shippingProfileCreate`.
    ShippingProfileCreatePayload {
        /// The new shipping profile.
        shipping_profile: ShippingProfile,
    }
}

payload! {
    /// The answer of `shippingProfileUpdate`.
    ShippingProfileUpdatePayload {
        /// The shipping profile as it is now.
        shipping_profile: ShippingProfile,
    }
}

payload! {
    /// The answer of `shippingProfileProductsAssign`.
    ShippingProfileProductsAssignPayload {
        /// The shipping profile that the products belong to now.
        shipping_profile: ShippingProfile,
    }
}

payload! {
    /// The answer of `shippingProfileDelete`.
    ShippingProfileDeletePayload {
        /// The id of the deleted shipping profile.
        deleted_shipping_profile_id: ShippingProfileId,
    }
}

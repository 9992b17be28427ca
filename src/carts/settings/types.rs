//! How cart settings look in the schema.

use super::Settings;
use crate::kernel::graph::object;
use crate::payload;

/// How a store treats carts.
#[derive(Clone)]
pub struct CartSettings(pub Settings);

/// How a store treats carts.
#[object]
impl CartSettings {
    /// Minutes without an edit after which a cart with something in it counts as left; 60 where nothing was ever set.
    fn abandoned_after_minutes(&self) -> i32 {
        i32::try_from(self.0.abandoned_after.num_minutes()).unwrap_or(i32::MAX)
    }

    /// Goes up with each change, from 0 where nothing was ever set; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }
}

impl From<Settings> for CartSettings {
    fn from(settings: Settings) -> Self {
        Self(settings)
    }
}

payload! {
    /// The answer of `cartSettingsUpdate`.
    CartSettingsUpdatePayload {
        /// The settings as they are now.
        cart_settings: CartSettings,
    }
}

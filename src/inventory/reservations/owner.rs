//! For whom units are kept.

use std::fmt;

use rules::ids::TypedId;

/// A cart or an order, by its typed id; what it is, only the domain above knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner(String);

impl Owner {
    /// The text of the id, such as `cart_01jd…`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: TypedId> From<T> for Owner {
    fn from(id: T) -> Self {
        Self(id.to_string())
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

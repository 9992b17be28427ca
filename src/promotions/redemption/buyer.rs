//! Who uses a code, as limits per buyer count.

use std::fmt;

use rules::ids::CustomerId;

use crate::kernel::text;

/// A buyer: a customer of the store, or a guest by the e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuyerKey {
    /// A customer.
    Customer(CustomerId),
    /// A guest; made by [`BuyerKey::guest`].
    Guest(GuestEmail),
}

/// An e-mail address as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestEmail(String);

impl BuyerKey {
    /// A guest with this e-mail address, however it is written.
    pub fn guest(email: &str) -> Self {
        Self::Guest(GuestEmail(text::email_key(email)))
    }

    /// The customer, where it is one.
    pub fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::Customer(customer) => Some(*customer),
            Self::Guest(_) => None,
        }
    }
}

impl fmt::Display for BuyerKey {
    /// As the table has it. An address has an @ and an id has none, so that one is never taken for the other.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(customer) => customer.fmt(f),
            Self::Guest(GuestEmail(email)) => f.write_str(email),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_is_one_however_the_address_is_written() {
        assert_eq!(BuyerKey::guest(" Ann@People.Example"), BuyerKey::guest("ann@people.example"));
        assert_ne!(BuyerKey::guest("ann@people.example"), BuyerKey::guest("bob@people.example"));
    }
}

//! The answers of mutations of carts.

use rules::Problem;

use super::cart::Cart;
use super::warning::CartWarning;
use crate::carts::edit::Edited;
use crate::kernel::graph::object;
use crate::kernel::payload::{Payload, UserError};

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        $(
            $(#[$doc])*
            #[object]
            pub struct $name {
                /// The cart as it is now.
                cart: Option<Cart>,
                /// What was done otherwise than it was asked; empty where nothing was.
                warnings: Vec<CartWarning>,
                /// What to mend, where nothing was changed; empty otherwise.
                user_errors: Vec<UserError>,
            }

            impl Payload for $name {
                type Value = Edited;

                fn done(edited: Edited) -> Self {
                    Self { cart: Some(edited.cart), warnings: edited.warnings, user_errors: Vec::new() }
                }

                fn refused(problems: Vec<Problem>) -> Self {
                    let user_errors = problems.into_iter().map(Into::into).collect();
                    Self { cart: None, warnings: Vec::new(), user_errors }
                }
            }
        )+
    };
}

payloads! {
    /// The answer of `cartLinesAdd`.
    CartLinesAddPayload,
    /// The answer of `cartLinesUpdate`.
    CartLinesUpdatePayload,
    /// The answer of `cartLinesRemove`.
    CartLinesRemovePayload,
    /// The answer of `cartDiscountCodesUpdate`.
    CartDiscountCodesUpdatePayload,
    /// The answer of `cartGiftCardsApply`.
    CartGiftCardsApplyPayload,
    /// The answer of `cartGiftCardsRemove`.
    CartGiftCardsRemovePayload,
    /// The answer of `cartStoreCreditUpdate`.
    CartStoreCreditUpdatePayload,
    /// The answer of `cartBuyerIdentityUpdate`.
    CartBuyerIdentityUpdatePayload,
    /// The answer of `cartShippingAddressUpdate`.
    CartShippingAddressUpdatePayload,
    /// The answer of `cartBillingAddressUpdate`.
    CartBillingAddressUpdatePayload,
    /// The answer of `cartShippingOptionsUpdate`.
    CartShippingOptionsUpdatePayload,
    /// The answer of `cartCurrencyUpdate`.
    CartCurrencyUpdatePayload,
    /// The answer of `cartNoteUpdate`.
    CartNoteUpdatePayload,
    /// The answer of `cartAttributesUpdate`.
    CartAttributesUpdatePayload,
    /// The answer of `cartMerge`.
    CartMergePayload,
}

/// A cart with a secret that proves it.
pub struct GivenOut {
    /// The cart.
    pub cart: Cart,
    /// What the caller is told beside.
    pub warnings: Vec<CartWarning>,
    /// The secret; none for a customer's cart, which needs none.
    pub token: Option<String>,
}

macro_rules! payloads_with_secret {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        $(
            $(#[$doc])*
            #[object]
            pub struct $name {
                /// The cart.
                cart: Option<Cart>,
                /// The secret that proves the cart, shown this once: send it as `token` with every request about
                /// the cart. Null for a customer's cart, which the session proves.
                token: Option<String>,
                /// What was done otherwise than it was asked; empty where nothing was.
                warnings: Vec<CartWarning>,
                /// What to mend, where nothing was changed; empty otherwise.
                user_errors: Vec<UserError>,
            }

            impl Payload for $name {
                type Value = GivenOut;

                fn done(given: GivenOut) -> Self {
                    let GivenOut { cart, warnings, token } = given;
                    Self { cart: Some(cart), token, warnings, user_errors: Vec::new() }
                }

                fn refused(problems: Vec<Problem>) -> Self {
                    let user_errors = problems.into_iter().map(Into::into).collect();
                    Self { cart: None, token: None, warnings: Vec::new(), user_errors }
                }
            }
        )+
    };
}

payloads_with_secret! {
    /// The answer of `cartCreate`.
    CartCreatePayload,
    /// The answer of `cartRecover`.
    CartRecoverPayload,
}

//! How carts look in the schema.

mod cart;
mod delivery;
mod line;
mod payload;
mod pricing;
mod warning;

pub use cart::{Cart, CartConnection, CartFilterInput, CartSort};
pub use payload::{
    CartAttributesUpdatePayload, CartBillingAddressUpdatePayload, CartBuyerIdentityUpdatePayload, CartCreatePayload,
    CartCurrencyUpdatePayload, CartDiscountCodesUpdatePayload, CartGiftCardsApplyPayload, CartGiftCardsRemovePayload,
    CartLinesAddPayload, CartLinesRemovePayload, CartLinesUpdatePayload, CartMergePayload, CartNoteUpdatePayload,
    CartRecoverPayload, CartShippingAddressUpdatePayload, CartShippingOptionsUpdatePayload,
    CartStoreCreditUpdatePayload, GivenOut,
};
pub use warning::CartWarning;

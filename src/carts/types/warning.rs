//! What an edit that was done did not do as it was asked.

use async_graphql::Enum;
use rules::cart::Cut;
use rules::ids::{ProductVariantId, ShippingProfileId, ShippingRateId};
use serde::Serialize;

use crate::kernel::graph::object;

/// What an edit did otherwise.
#[derive(Enum, Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CartWarningCode {
    /// Fewer units were put into the cart than were wanted: there are no more.
    QuantityReduced,
    /// A way to ship that was chosen is not offered any more: choose another one.
    ShippingOptionDropped,
}

/// What an edit did otherwise than it was asked. The rest of it was done.
#[object]
#[derive(Debug, Clone)]
pub struct CartWarning {
    /// What it is about; branch on this.
    code: CartWarningCode,
    /// A sentence for the buyer.
    message: String,
    /// The variant that there is not enough of.
    variant_id: Option<ProductVariantId>,
    /// How many units of it were wanted on top.
    requested_quantity: Option<i32>,
    /// How many of these were kept.
    added_quantity: Option<i32>,
    /// How many this cart can have of it altogether.
    available_quantity: Option<i32>,
    /// The group of goods that is to be shipped otherwise.
    delivery_group_id: Option<ShippingProfileId>,
    /// The rate that was chosen for it.
    shipping_rate_id: Option<ShippingRateId>,
}

impl CartWarning {
    fn of(code: CartWarningCode, message: String) -> Self {
        Self {
            code,
            message,
            variant_id: None,
            requested_quantity: None,
            added_quantity: None,
            available_quantity: None,
            delivery_group_id: None,
            shipping_rate_id: None,
        }
    }

    /// A choice of shipping was dropped.
    pub fn shipping_dropped(group: ShippingProfileId, rate: ShippingRateId) -> Self {
        let message = "This way to ship is not offered any more: choose another one.".to_owned();
        Self {
            delivery_group_id: Some(group),
            shipping_rate_id: Some(rate),
            ..Self::of(CartWarningCode::ShippingOptionDropped, message)
        }
    }
}

impl From<Cut> for CartWarning {
    fn from(cut: Cut) -> Self {
        let number = |units: u32| Some(i32::try_from(units).unwrap_or(i32::MAX));
        let message = match cut.available {
            0 => "There is nothing left of this.".to_owned(),
            available => format!("There are only {available} of this."),
        };
        Self {
            variant_id: Some(cut.variant),
            requested_quantity: number(cut.wanted),
            added_quantity: number(cut.kept),
            available_quantity: number(cut.available),
            ..Self::of(CartWarningCode::QuantityReduced, message)
        }
    }
}

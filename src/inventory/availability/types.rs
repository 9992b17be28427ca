//! How availability looks in the schema.

use chrono::{DateTime, Utc};
use rules::ids::{ProductId, ProductVariantId};
use rules::states::AvailabilityStatus;
use rules::stock;

use super::loaders::AvailabilityByProduct;
use crate::kernel::graph::{Load, object};

/// What visitors are told of the stock of a variant.
#[object]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Availability {
    /// Whether it can be bought.
    status: AvailabilityStatus,
    /// When more is expected; null where it is not known, or lies in the past.
    expected_at: Option<DateTime<Utc>>,
    /// Units that can be sent now. Null where the store does not tell, or does not count.
    quantity: Option<i32>,
}

impl Availability {
    /// What the rules say, with the day on which more is expected.
    pub fn new(told: stock::Availability, expected_at: Option<DateTime<Utc>>) -> Self {
        let quantity = told.units.map(|units| i32::try_from(units).unwrap_or(i32::MAX));
        Self { status: told.status, expected_at, quantity }
    }

    /// What is told of a variant. For `ProductVariant.availability`.
    pub fn of(product: ProductId, variant: ProductVariantId) -> Load<AvailabilityByProduct, Self> {
        Load::<AvailabilityByProduct, _>::of(product, move |variants| variants.get(&variant).copied().unwrap_or(GONE))
    }
}

/// Of a variant that is deleted nothing can be bought.
const GONE: Availability = Availability { status: AvailabilityStatus::Out, expected_at: None, quantity: None };

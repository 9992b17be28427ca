//! How variants look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::catalog::product_variants;
use rules::Money;
use rules::ids::ProductVariantId;
use rules::permission::Permission;

use super::loaders::SelectedOptionsByProduct;
use crate::catalog::media::{MediaByProduct, ProductMedia};
use crate::catalog::products::{Product, ProductById};
use crate::gate::directives::{cost, requires};
use crate::inventory::availability::{Availability, AvailabilityByProduct};
use crate::inventory::stock::{InventoryItem, InventoryItemByVariant};
use crate::kernel::graph::{Load, object};
use crate::kernel::{Ctx, Result};
use crate::payload;
use crate::pricing::{Price, PriceTier, PricesByProduct, PricesInCurrency, VariantPrice};
use crate::tax::categories::{TaxCategory, TaxCategoryById};

/// One version of a product, which can be bought.
#[derive(Clone)]
pub struct ProductVariant(pub Arc<product_variants::Model>);

impl From<product_variants::Model> for ProductVariant {
    fn from(row: product_variants::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// One version of a product, which can be bought.
#[object]
impl ProductVariant {
    /// The variant's id.
    fn id(&self) -> ProductVariantId {
        self.0.id
    }

    /// The option values joined, such as `M / Blue`; `Default` for the only variant of a product without
    /// options.
    fn title(&self) -> &str {
        &self.0.title
    }

    /// The product.
    fn product(&self) -> Load<ProductById, Option<Product>> {
        Load::<ProductById, _>::of(self.0.product_id, |row| row.map(Product))
    }

    /// The value of each of the product's options.
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn selected_options(&self) -> Load<SelectedOptionsByProduct, Vec<SelectedOption>> {
        let id = self.0.id;
        Load::<SelectedOptionsByProduct, _>::of(self.0.product_id, move |selected| {
            selected.get(&id).cloned().unwrap_or_default()
        })
    }

    /// The merchant's stock number; unique in the store, whatever its case.
    fn sku(&self) -> Option<&str> {
        self.0.sku.as_deref()
    }

    /// The GTIN, EAN or other bar code.
    fn barcode(&self) -> Option<&str> {
        self.0.barcode.as_deref()
    }

    /// The weight of one unit in grams.
    fn weight_grams(&self) -> Option<i32> {
        self.0.weight_grams.and_then(|grams| i32::try_from(grams).ok())
    }

    /// Whether it is sent as a parcel.
    fn requires_shipping(&self) -> bool {
        self.0.requires_shipping
    }

    /// Whether tax is charged.
    fn taxable(&self) -> bool {
        self.0.taxable
    }

    /// What it is to the tax office; null is what its product is.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    fn tax_category(&self) -> Load<TaxCategoryById, Option<TaxCategory>> {
        TaxCategory::of(self.0.tax_category_id)
    }

    /// The code that tax services know it by.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    fn tax_code(&self) -> Option<&str> {
        self.0.tax_code.as_deref()
    }

    /// What one unit costs in the currency of the request (the header `X-Currency`, or the store's own); null
    /// where it has no price in it. Listing, cart and order ask the same way.
    fn price(
        &self,
        ctx: &Ctx,
        #[graphql(desc = "How many units are bought at once.", default = 1)] quantity: i32,
        #[graphql(desc = "At which moment; now where it is left out. Needs PRICES_READ.")] at: Option<DateTime<Utc>>,
    ) -> Result<Load<PricesInCurrency, Option<VariantPrice>>> {
        VariantPrice::of(ctx, self.0.product_id, self.0.id, quantity, at)
    }

    /// The table of quantity breaks in the currency of the request, by rising quantity; empty where there is
    /// no price. At most 200.
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn price_ladder(
        &self,
        ctx: &Ctx,
        #[graphql(desc = "At which moment; now where it is left out. Needs PRICES_READ.")] at: Option<DateTime<Utc>>,
    ) -> Result<Load<PricesInCurrency, Vec<PriceTier>>> {
        PriceTier::of(ctx, self.0.product_id, self.0.id, at)
    }

    /// The prices set on this variant, in every currency and over every time, the oldest first. At most 100.
    /// Those set on the product hold beside them.
    #[graphql(directive = requires::apply(Permission::PricesRead), directive = cost::apply(1, Some(5)))]
    fn prices(&self) -> Load<PricesByProduct, Option<Vec<Price>>> {
        Price::of_variant(self.0.product_id, self.0.id)
    }

    /// What one unit costs the merchant.
    #[graphql(directive = requires::apply(Permission::PricesRead))]
    fn cost(&self) -> Option<Money> {
        Some(Money::from_minor(self.0.cost_amount?, self.0.cost_currency?))
    }

    /// What is stocked of it. Null where stock was never set.
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    fn inventory_item(&self) -> Load<InventoryItemByVariant, Option<InventoryItem>> {
        Load::<InventoryItemByVariant, _>::of(self.0.id, |item| item.map(InventoryItem))
    }

    /// Whether it can be bought now, and when more is expected.
    fn availability(&self) -> Load<AvailabilityByProduct, Availability> {
        Availability::of(self.0.product_id, self.0.id)
    }

    /// The picture that shows it.
    fn media(&self) -> Load<MediaByProduct, Option<ProductMedia>> {
        let Some(id) = self.0.media_id else { return Load::known(None) };
        Load::<MediaByProduct, _>::of(self.0.product_id, move |media| {
            media.into_iter().find(|medium| medium.id == id).map(ProductMedia)
        })
    }

    /// The place among the product's variants; the lowest comes first.
    fn position(&self) -> i32 {
        self.0.position
    }

    /// The variant's id in the merchant's other system.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
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

/// What a variant answers to an option.
#[object]
#[derive(Debug, Clone)]
pub struct SelectedOption {
    /// The option's name, such as `Size`.
    pub name: String,
    /// The value's name, such as `M`.
    pub value: String,
}

payload! {
    /// The answer of `productVariantCreate`.
    ProductVariantCreatePayload {
        /// The new variant.
        product_variant: ProductVariant,
    }
}

payload! {
    /// The answer of `productVariantUpdate`.
    ProductVariantUpdatePayload {
        /// The variant as it is now.
        product_variant: ProductVariant,
    }
}

payload! {
    /// The answer of `productVariantDelete`.
    ProductVariantDeletePayload {
        /// The id of the deleted variant.
        deleted_product_variant_id: ProductVariantId,
    }
}

payload! {
    /// The answer of `productVariantsBulkUpdate`.
    ProductVariantsBulkUpdatePayload {
        /// The variants as they are now, in the order of the input.
        product_variants: Vec<ProductVariant>,
    }
}

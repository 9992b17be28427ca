//! How variants look in the schema.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::catalog::product_variants;
use rules::Money;
use rules::ids::ProductVariantId;
use rules::permission::Permission;

use super::loaders::SelectedOptionsByProduct;
use crate::catalog::media::{MediaByProduct, ProductMedia};
use crate::catalog::products::{Product, ProductById};
use crate::gate::directives::{cost, requires};
use crate::kernel::{Ctx, Result};
use crate::payload;
use crate::pricing::{Price, PriceTier, VariantPrice};

/// One version of a product, which can be bought.
#[derive(Clone)]
pub struct ProductVariant(pub Arc<product_variants::Model>);

impl From<product_variants::Model> for ProductVariant {
    fn from(row: product_variants::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// One version of a product, which can be bought.
#[Object]
impl ProductVariant {
    /// The variant's id.
    pub async fn id(&self) -> ProductVariantId {
        self.0.id
    }

    /// The option values joined, such as `M / Blue`; `Default` for the only variant of a product without
    /// options.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The product.
    async fn product(&self, gql: &Context<'_>) -> Result<Option<Product>> {
        Ok(Ctx::of(gql)?.load::<ProductById>(self.0.product_id).await?.map(Product))
    }

    /// The value of each of the product's options.
    #[graphql(directive = cost::apply(1, Some(3)))]
    async fn selected_options(&self, gql: &Context<'_>) -> Result<Vec<SelectedOption>> {
        let selected = Ctx::of(gql)?.load::<SelectedOptionsByProduct>(self.0.product_id).await?;
        Ok(selected.get(&self.0.id).cloned().unwrap_or_default())
    }

    /// The merchant's stock number; unique in the store, whatever its case.
    async fn sku(&self) -> Option<&str> {
        self.0.sku.as_deref()
    }

    /// The GTIN, EAN or other bar code.
    async fn barcode(&self) -> Option<&str> {
        self.0.barcode.as_deref()
    }

    /// The weight of one unit in grams.
    async fn weight_grams(&self) -> Option<i32> {
        self.0.weight_grams.and_then(|grams| i32::try_from(grams).ok())
    }

    /// Whether it is sent as a parcel.
    async fn requires_shipping(&self) -> bool {
        self.0.requires_shipping
    }

    /// Whether tax is charged.
    async fn taxable(&self) -> bool {
        self.0.taxable
    }

    /// The code that tax services know it by.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    async fn tax_code(&self) -> Option<&str> {
        self.0.tax_code.as_deref()
    }

    /// What one unit costs in the currency of the request (the header `X-Currency`, or the store's own); null
    /// where it has no price in it. Listing, cart and order ask the same way.
    async fn price(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many units are bought at once.", default = 1)] quantity: i32,
        #[graphql(desc = "At which moment; now where it is left out. Needs PRICES_READ.")] at: Option<DateTime<Utc>>,
    ) -> Result<Option<VariantPrice>> {
        VariantPrice::find(Ctx::of(gql)?, self.0.product_id, self.0.id, quantity, at).await
    }

    /// The table of quantity breaks in the currency of the request, by rising quantity; empty where there is
    /// no price. At most 200.
    #[graphql(directive = cost::apply(1, Some(3)))]
    async fn price_ladder(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "At which moment; now where it is left out. Needs PRICES_READ.")] at: Option<DateTime<Utc>>,
    ) -> Result<Vec<PriceTier>> {
        PriceTier::list(Ctx::of(gql)?, self.0.product_id, self.0.id, at).await
    }

    /// The prices set on this variant, in every currency and over every time, the oldest first. At most 100.
    /// Those set on the product hold beside them.
    #[graphql(directive = requires::apply(Permission::PricesRead), directive = cost::apply(1, Some(5)))]
    async fn prices(&self, gql: &Context<'_>) -> Result<Option<Vec<Price>>> {
        Price::list_of_variant(Ctx::of(gql)?, self.0.product_id, self.0.id).await.map(Some)
    }

    /// What one unit costs the merchant.
    #[graphql(directive = requires::apply(Permission::PricesRead))]
    async fn cost(&self) -> Option<Money> {
        Some(Money::from_minor(self.0.cost_amount?, self.0.cost_currency?))
    }

    /// The picture that shows it.
    async fn media(&self, gql: &Context<'_>) -> Result<Option<ProductMedia>> {
        let Some(id) = self.0.media_id else { return Ok(None) };
        let media = Ctx::of(gql)?.load::<MediaByProduct>(self.0.product_id).await?;
        Ok(media.into_iter().find(|medium| medium.id == id).map(ProductMedia))
    }

    /// The place among the product's variants; the lowest comes first.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// The variant's id in the merchant's other system.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    async fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// What a variant answers to an option.
#[derive(SimpleObject, Debug, Clone)]
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

//! The one schema: the roots of all domains, merged. Nothing else belongs here.

use async_graphql::{MergedObject, MergedSubscription, Schema, SchemaBuilder};

use crate::carts::settings::{CartSettingsMutation, CartSettingsQuery};
use crate::carts::{CartMutation, CartQuery};
use crate::catalog::brands::{BrandMutation, BrandQuery};
use crate::catalog::categories::{CategoryMutation, CategoryQuery};
use crate::catalog::collections::{CollectionMutation, CollectionQuery};
use crate::catalog::media::ProductMediaMutation;
use crate::catalog::products::{ProductMutation, ProductQuery, ProductSubscription};
use crate::catalog::tags::{TagMutation, TagQuery};
use crate::catalog::variants::{ProductVariantMutation, ProductVariantQuery};
use crate::checkout::{CheckoutMutation, CheckoutQuery, PaymentsFollowed};
use crate::customers::{CustomersMutation, CustomersQuery};
use crate::identity::{IdentityMutation, IdentityQuery};
use crate::import::ImportMutation;
use crate::inventory::locations::{LocationMutation, LocationQuery};
use crate::inventory::reservations::StockReservationQuery;
use crate::inventory::settings::{InventorySettingsMutation, InventorySettingsQuery};
use crate::inventory::stock::{StockMutation, StockQuery, StockSubscription};
use crate::node::NodeQuery;
use crate::orders::drafts::{DraftOrderMutation, DraftOrderQuery};
use crate::orders::{OrderMutation, OrderQuery, OrderSubscription, OrdersFollow, PromotionSimulationQuery};
use crate::payments::{PaymentMutation, PaymentQuery};
use crate::pricing::{PriceMutation, PriceQuery, PriceRanges, PriceSubscription};
use crate::promotions::codes::{DiscountCodeMutation, DiscountCodeQuery};
use crate::promotions::preview::PromotionPreviewQuery;
use crate::promotions::{PromotionMutation, PromotionQuery};
use crate::shipping::{ShippingMutation, ShippingQuery};
use crate::tax::{TaxMutation, TaxQuery};
use crate::tenancy::{TenancyMutation, TenancyQuery};

// The engine looks for a field in one root after the other, each inside the one before: by domains the way is short.

/// What can be read of the catalog.
#[derive(MergedObject, Default)]
pub struct CatalogQuery(BrandQuery, CategoryQuery, CollectionQuery, TagQuery, ProductQuery, ProductVariantQuery);

/// What can be read of stock.
#[derive(MergedObject, Default)]
pub struct InventoryQuery(LocationQuery, StockQuery, StockReservationQuery, InventorySettingsQuery);

/// What can be read of promotions.
#[derive(MergedObject, Default)]
pub struct PromotionsQuery(PromotionQuery, DiscountCodeQuery, PromotionPreviewQuery);

/// What can be read of carts.
#[derive(MergedObject, Default)]
pub struct CartsQuery(CartQuery, CartSettingsQuery);

/// What can be read of orders.
#[derive(MergedObject, Default)]
pub struct OrdersQuery(OrderQuery, DraftOrderQuery, PromotionSimulationQuery);

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQuery,
    IdentityQuery,
    TenancyQuery,
    CustomersQuery,
    CatalogQuery,
    InventoryQuery,
    PriceQuery,
    PromotionsQuery,
    TaxQuery,
    ShippingQuery,
    CartsQuery,
    PaymentQuery,
    OrdersQuery,
    CheckoutQuery,
);

/// What can be changed of the catalog.
#[derive(MergedObject, Default)]
pub struct CatalogMutation(
    BrandMutation,
    CategoryMutation,
    CollectionMutation,
    TagMutation,
    ProductMutation<PriceRanges>,
    ProductVariantMutation<PriceRanges>,
    ProductMediaMutation,
);

/// What can be changed of stock.
#[derive(MergedObject, Default)]
pub struct InventoryMutation(LocationMutation, StockMutation, InventorySettingsMutation);

/// What can be changed of promotions.
#[derive(MergedObject, Default)]
pub struct PromotionsMutation(PromotionMutation, DiscountCodeMutation);

/// What can be changed of carts.
#[derive(MergedObject, Default)]
pub struct CartsMutation(CartMutation, CartSettingsMutation);

/// What can be changed of orders.
#[derive(MergedObject, Default)]
pub struct OrdersMutation(OrderMutation, DraftOrderMutation);

/// Everything that can be changed.
#[derive(MergedObject, Default)]
pub struct Mutation(
    IdentityMutation,
    TenancyMutation,
    CustomersMutation<OrdersFollow>,
    CatalogMutation,
    InventoryMutation,
    PriceMutation,
    PromotionsMutation,
    TaxMutation,
    ShippingMutation,
    CartsMutation,
    PaymentMutation<PaymentsFollowed>,
    OrdersMutation,
    CheckoutMutation,
    ImportMutation,
);

/// Everything that can be listened to.
#[derive(MergedSubscription, Default)]
pub struct Subscription(ProductSubscription, PriceSubscription, StockSubscription, OrderSubscription);

/// The schema of the product.
pub type StoaSchema = Schema<Query, Mutation, Subscription>;

/// Starts the schema. Limits on documents stand before the engine, in the gate; its own stay at what
/// the gate lets through at the most.
pub fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).limit_recursive_depth(40)
}

/// The text of the schema, as `schema.graphql` holds it.
pub fn sdl() -> String {
    let text = builder().finish().sdl_with_options(
        async_graphql::SDLExportOptions::new()
            .sorted_fields()
            .sorted_arguments()
            .sorted_enum_items()
            .include_specified_by(),
    );
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let mut sdl = lines.join("\n");
    sdl.push('\n');
    sdl
}

//! One row in each table of taxes and shipping.

use chrono::{DateTime, Utc};
use entity::shipping::{
    shipping_profile_products, shipping_profiles, shipping_rate_free_from, shipping_rate_prices, shipping_rates,
    shipping_zone_territories, shipping_zones,
};
use entity::tax::{tax_categories, tax_rates, tax_settings, tax_zone_territories, tax_zones};
use rules::Currency;
use rules::ids::{LocationId, ProductId, StoreId, TaxCategoryId};
use rules::states::{ShippingPricing, ShippingTaxKind, TaxFailurePolicy};
use sea_orm::ConnectionTrait;

use crate::shop::{id, insert};

pub async fn tax_category(db: &impl ConnectionTrait, store: StoreId, at: DateTime<Utc>) -> TaxCategoryId {
    let category = tax_categories::Model {
        store_id: store,
        id: id(),
        name: "Books".into(),
        name_normalized: "books".into(),
        is_default: true,
        version: 1,
        created_at: at,
        updated_at: at,
        deleted_at: None,
    };
    insert(db, category).await.id
}

pub async fn taxes(db: &impl ConnectionTrait, store: StoreId, category: TaxCategoryId, at: DateTime<Utc>) {
    let zone =
        tax_zones::Model { store_id: store, id: id(), name: "Zone".into(), version: 1, created_at: at, updated_at: at };
    let zone = insert(db, zone).await.id;
    let territory = tax_zone_territories::Model {
        store_id: store,
        zone_id: zone,
        position: 0,
        country: Some("US".into()),
        region: Some("CA".into()),
        postal_from: Some("94000".into()),
        postal_to: Some("94199".into()),
        claim: "US-CA 94000..94199".into(),
    };
    insert(db, territory).await;
    let rate = tax_rates::Model {
        store_id: store,
        id: id(),
        zone_id: zone,
        category_id: Some(category),
        name: "VAT".into(),
        rate_millionths: 190_000,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    insert(db, rate).await;
    let settings = tax_settings::Model {
        store_id: store,
        origin_country: Some("DE".into()),
        origin_region: Some("BE".into()),
        origin_postal_code: Some("10115".into()),
        shipping_tax: ShippingTaxKind::Category,
        shipping_category_id: Some(category),
        provider: None,
        on_provider_failure: TaxFailurePolicy::OwnRates,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    insert(db, settings).await;
}

pub async fn shipping(
    db: &impl ConnectionTrait,
    store: StoreId,
    (product, location): (ProductId, LocationId),
    at: DateTime<Utc>,
) {
    let profile = shipping_profiles::Model {
        store_id: store,
        id: id(),
        name: "Parcels".into(),
        name_normalized: "parcels".into(),
        is_default: true,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let profile = insert(db, profile).await.id;
    let member =
        shipping_profile_products::Model { store_id: store, product_id: product, profile_id: profile, created_at: at };
    insert(db, member).await;
    let zone = shipping_zones::Model {
        store_id: store,
        id: id(),
        profile_id: profile,
        name: "Zone".into(),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let zone = insert(db, zone).await.id;
    let territory = shipping_zone_territories::Model {
        store_id: store,
        zone_id: zone,
        position: 0,
        profile_id: profile,
        country: None,
        region: None,
        postal_from: None,
        postal_to: None,
        claim: "*".into(),
    };
    insert(db, territory).await;
    let rate = shipping_rates::Model {
        store_id: store,
        id: id(),
        zone_id: zone,
        name: "Post".into(),
        pricing: ShippingPricing::ByWeight,
        min_grams: Some(0),
        max_grams: Some(2_000),
        pickup_location_id: Some(location),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let rate = insert(db, rate).await.id;
    let price = shipping_rate_prices::Model {
        store_id: store,
        rate_id: rate,
        currency: Currency::EUR,
        threshold: 2_000,
        amount: 490,
    };
    insert(db, price).await;
    insert(
        db,
        shipping_rate_free_from::Model { store_id: store, rate_id: rate, currency: Currency::EUR, amount: 5_000 },
    )
    .await;
}

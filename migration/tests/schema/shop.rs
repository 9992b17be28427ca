//! A store with a row in each of its tables.

use chrono::{DateTime, SubsecRound, Utc};
use entity::audit::{audit_chains, audit_logs, audit_seals};
use entity::catalog::{
    brands, categories, collection_products, collections, product_descriptions, product_media, product_option_values,
    product_options, product_tags, product_variants, products, tags, variant_option_values,
};
use entity::events::domain_events;
use entity::identity::users;
use entity::inventory::{
    inventory_items, inventory_levels, inventory_movements, inventory_settings, locations, stock_reservations,
};
use entity::pricing::{self, prices, product_price_ranges};
use entity::scope::TENANT_TABLES;
use entity::tenancy::{
    api_token_networks, api_token_scopes, api_tokens, organizations, store_currencies, store_domains, store_locales,
    stores, trusted_documents,
};
use rules::ids::*;
use rules::states::{
    ActorKind, DocumentPolicy, InventoryPolicy, MediaKind, MovementReason, ProductStatus, ReservationKind,
    StockStrategy, StorePlan, TokenKind,
};
use rules::{Currency, RoundingLevel, RoundingMode, TaxMode};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait};
use uuid::Uuid;

use crate::database::number;
use crate::{buyers, selling};

/// A store with one row in each of its tables.
pub struct Shop {
    pub store: StoreId,
    pub product: products::Model,
    pub variant: product_variants::Model,
    pub price: prices::Model,
    pub level: inventory_levels::Model,
}

pub fn id<T: From<Uuid>>() -> T {
    Uuid::now_v7().into()
}

pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// Writes a row and answers it as the database gives it back.
pub async fn insert<M, A>(db: &impl ConnectionTrait, model: M) -> M
where
    M: ModelTrait + IntoActiveModel<A> + Clone + PartialEq + std::fmt::Debug,
    A: ActiveModelTrait<Entity = M::Entity> + sea_orm::ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
    M: sea_orm::FromQueryResult,
{
    let row: A = model.clone().into_active_model();
    let back = row.insert(db).await.expect("a row");
    assert_eq!(back, model, "what was written is read back");
    back
}

impl Shop {
    /// Opens a store of this handle with its organization and owner.
    pub async fn open(db: &impl ConnectionTrait, handle: &str) -> Self {
        let at = now();
        let user = users::Model {
            id: id(),
            email: format!("Owner@{handle}.example"),
            email_normalized: format!("owner@{handle}.example"),
            name: "Owner".into(),
            locale: None,
            email_verified_at: Some(at),
            suspended_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let user = insert(db, user).await;
        let organization = organizations::Model {
            id: id(),
            name: handle.into(),
            handle: handle.into(),
            suspended_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let organization = insert(db, organization).await;
        let store = stores::Model {
            id: id(),
            organization_id: organization.id,
            handle: handle.into(),
            name: handle.into(),
            currency: Currency::EUR,
            locale: "en".into(),
            country: Some("DE".into()),
            tax_mode: TaxMode::Gross,
            rounding_mode: RoundingMode::HalfUp,
            rounding_level: RoundingLevel::Line,
            time_zone: "Europe/Berlin".into(),
            plan: StorePlan::Plus,
            document_policy: DocumentPolicy::TrustedOnStorefronts,
            suspended_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let store = insert(db, store).await.id;
        insert(db, store_currencies::Model { store_id: store, currency: Currency::EUR }).await;
        insert(db, store_locales::Model { store_id: store, locale: "en".into() }).await;
        let domain = store_domains::Model {
            id: id(),
            store_id: store,
            host: format!("{handle}.example"),
            is_primary: true,
            created_at: at,
            updated_at: at,
        };
        insert(db, domain).await;
        let token = api_tokens::Model {
            id: id(),
            organization_id: organization.id,
            store_id: store,
            kind: TokenKind::Api,
            name: "Partner".into(),
            prefix: "stoa_".into(),
            last_four: "abcd".into(),
            token_hash: [Uuid::now_v7().into_bytes(), Uuid::now_v7().into_bytes()].concat(),
            created_by_user_id: Some(user.id),
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
            last_write_xid: Some(7),
            created_at: at,
            updated_at: at,
        };
        let token = insert(db, token).await.id;
        let scope =
            api_token_scopes::Model { store_id: store, api_token_id: token, permission: "PRODUCTS_READ".into() };
        insert(db, scope).await;
        let network = api_token_networks::Model { store_id: store, api_token_id: token, network: "10.0.0.0/8".into() };
        insert(db, network).await;
        let document = trusted_documents::Model {
            store_id: store,
            id: id(),
            hash: vec![7; 32],
            name: Some("Listing".into()),
            text: "{ store { id } }".into(),
            created_at: at,
            updated_at: at,
        };
        insert(db, document).await;
        let tax_category = selling::tax_category(db, store, at).await;
        let (product, variant) = Self::stock_catalog(db, store, tax_category, at).await;
        let price = prices::Model {
            store_id: store,
            id: id(),
            product_id: product.id,
            variant_id: Some(variant.id),
            segment_id: None,
            currency: rules::Currency::EUR,
            minimum_quantity: 1,
            amount: 9_007_199_254_740_993,
            compare_at_amount: None,
            valid_from: pricing::ALWAYS,
            valid_to: None,
            created_at: at,
            updated_at: at,
        };
        let price = insert(db, price).await;
        let range = product_price_ranges::Model {
            store_id: store,
            product_id: product.id,
            currency: rules::Currency::EUR,
            valid_from: pricing::ALWAYS,
            valid_to: None,
            min_amount: price.amount,
            max_amount: price.amount,
            category_id: product.category_id,
            updated_at: at,
        };
        insert(db, range).await;
        crate::offers::make(db, store, at).await;
        let level = Self::stock_shelves(db, &variant, at).await;
        selling::taxes(db, store, tax_category, at).await;
        selling::shipping(db, store, (product.id, level.location_id), at).await;
        buyers::customers(db, store, at).await;
        let cart = crate::carts::make(db, store, variant.id, at).await;
        let payment = crate::payments::make(db, store, cart, at).await;
        let order = crate::orders::make(db, store, (product.id, variant.id), at).await;
        crate::checkout::make(db, store, (cart, payment, order), at).await;
        Self::write_history(db, store, at).await;
        Self { store, product, variant, price, level }
    }

    async fn stock_catalog(
        db: &impl ConnectionTrait,
        store: StoreId,
        tax_category: TaxCategoryId,
        at: DateTime<Utc>,
    ) -> (products::Model, product_variants::Model) {
        let brand = brands::Model {
            store_id: store,
            id: id(),
            name: "Brand".into(),
            sort_name: "brand".into(),
            slug: "brand".into(),
            description_html: None,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let brand = insert(db, brand).await.id;
        let mut category = categories::Model {
            store_id: store,
            id: id(),
            parent_id: None,
            name: "Category".into(),
            sort_name: "category".into(),
            slug: "category".into(),
            description_html: None,
            position: 0,
            depth: 0,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        insert(db, category.clone()).await;
        category.parent_id = Some(category.id);
        category.id = id();
        category.slug = "below".into();
        category.depth = 1;
        insert(db, category.clone()).await;
        let product = products::Model {
            store_id: store,
            id: id(),
            title: "Shirt".into(),
            sort_title: "shirt".into(),
            slug: "shirt".into(),
            product_type: None,
            status: ProductStatus::Active,
            published_at: Some(at),
            brand_id: Some(brand),
            category_id: Some(category.id),
            tax_category_id: Some(tax_category),
            seo_title: None,
            seo_description: None,
            external_id: None,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let product = insert(db, product).await;
        let text = product_descriptions::Model {
            store_id: store,
            product_id: product.id,
            html: "<p>Soft</p>".into(),
            updated_at: at,
        };
        insert(db, text).await;
        let option = product_options::Model {
            store_id: store,
            id: id(),
            product_id: product.id,
            name: "Size".into(),
            position: 0,
            created_at: at,
            updated_at: at,
        };
        let option = insert(db, option).await.id;
        let value = product_option_values::Model {
            store_id: store,
            id: id(),
            product_id: product.id,
            option_id: option,
            name: "L".into(),
            position: 0,
            created_at: at,
            updated_at: at,
        };
        let value = insert(db, value).await.id;
        let media = product_media::Model {
            store_id: store,
            id: id(),
            product_id: product.id,
            kind: MediaKind::Image,
            url: "https://images.example/1.png".into(),
            alt: None,
            position: 0,
            width: Some(10),
            height: None,
            created_at: at,
            updated_at: at,
        };
        let media = insert(db, media).await.id;
        let variant = product_variants::Model {
            store_id: store,
            id: id(),
            product_id: product.id,
            title: "L".into(),
            option_key: value.to_string(),
            sku: Some("S-1".into()),
            sku_normalized: Some("s-1".into()),
            barcode: None,
            weight_grams: Some(200),
            requires_shipping: true,
            taxable: true,
            tax_category_id: Some(tax_category),
            tax_code: None,
            cost_amount: None,
            cost_currency: None,
            media_id: Some(media),
            position: 0,
            external_id: None,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let variant = insert(db, variant).await;
        let answer = variant_option_values::Model {
            store_id: store,
            variant_id: variant.id,
            option_id: option,
            option_value_id: value,
        };
        insert(db, answer).await;
        let collection = collections::Model {
            store_id: store,
            id: id(),
            title: "Summer".into(),
            sort_title: "summer".into(),
            slug: "summer".into(),
            description_html: None,
            published_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let collection = insert(db, collection).await.id;
        let place = collection_products::Model {
            store_id: store,
            collection_id: collection,
            product_id: product.id,
            position: 0,
            created_at: at,
        };
        insert(db, place).await;
        let tag = tags::Model {
            store_id: store,
            id: id(),
            name: "New".into(),
            name_normalized: "new".into(),
            created_at: at,
            updated_at: at,
        };
        let tag = insert(db, tag).await.id;
        insert(db, product_tags::Model { store_id: store, product_id: product.id, tag_id: tag }).await;
        (product, variant)
    }

    async fn stock_shelves(
        db: &impl ConnectionTrait,
        variant: &product_variants::Model,
        at: DateTime<Utc>,
    ) -> inventory_levels::Model {
        let store = variant.store_id;
        let location = locations::Model {
            active: true,
            store_id: store,
            id: id(),
            name: "Shelf".into(),
            country: None,
            is_default: true,
            priority: 0,
            latitude: Some(52_520_000),
            longitude: Some(13_405_000),
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let location = insert(db, location).await.id;
        let settings = inventory_settings::Model {
            store_id: store,
            strategy: StockStrategy::Nearest,
            low_stock: 5,
            shows_counts: false,
            version: 1,
            created_at: at,
            updated_at: at,
        };
        insert(db, settings).await;
        let item = inventory_items::Model {
            store_id: store,
            id: id(),
            variant_id: variant.id,
            tracked: true,
            policy: InventoryPolicy::Deny,
            backorder_limit: Some(3),
            expected_at: Some(at),
            safety_stock: 1,
            reorder_level: Some(2),
            is_low: false,
            version: 1,
            created_at: at,
            updated_at: at,
        };
        let item = insert(db, item).await.id;
        let level = inventory_levels::Model {
            store_id: store,
            id: id(),
            item_id: item,
            location_id: location,
            on_hand: 5,
            reserved: 0,
            owes: false,
            sequence: 1,
            created_at: at,
            updated_at: at,
        };
        let level = insert(db, level).await;
        let movement = inventory_movements::Model {
            store_id: store,
            id: id(),
            level_id: level.id,
            item_id: item,
            location_id: location,
            sequence: 1,
            delta: 5,
            on_hand_after: 5,
            reserved_delta: 0,
            reserved_after: 0,
            reason: MovementReason::Initial,
            reference: None,
            actor: "system".into(),
            created_at: at,
        };
        insert(db, movement).await;
        let hold = stock_reservations::Model {
            store_id: store,
            id: id(),
            kind: ReservationKind::Hold,
            owner: "cart_1".into(),
            level_id: level.id,
            item_id: item,
            location_id: location,
            quantity: 1,
            expires_at: Some(at),
            created_at: at,
            updated_at: at,
        };
        insert(db, hold).await;
        level
    }

    async fn write_history(db: &impl ConnectionTrait, store: StoreId, at: DateTime<Utc>) {
        let deed = audit_logs::Model {
            store_id: store,
            id: id(),
            actor_kind: ActorKind::System,
            actor_id: None,
            action: "PRODUCT_CREATE".into(),
            subject_type: "product".into(),
            subject_id: None,
            before: None,
            after: Some(serde_json::json!({ "title": "Shirt" })),
            request_id: "r".into(),
            created_at: at,
            key_id: vec![1; 8],
            signature: vec![2; 32],
        };
        let deed = insert(db, deed).await;
        let seal = audit_seals::Model {
            store_id: store,
            place: 1,
            audit_log_id: deed.id,
            key_id: vec![1; 8],
            seal: vec![3; 32],
        };
        insert(db, seal).await;
        let chain = audit_chains::Model { store_id: store, length: 1, key_id: vec![1; 8], signature: vec![4; 32] };
        insert(db, chain).await;
        let event = domain_events::Model {
            store_id: store,
            id: id(),
            topic: "product.created".into(),
            aggregate_type: "product".into(),
            aggregate_id: "product_1".into(),
            sequence: 1,
            payload: serde_json::json!({}),
            actor: "system".into(),
            request_id: "r".into(),
            occurred_at: at,
            relayed_at: None,
        };
        insert(db, event).await;
    }

    /// How many rows each of the store's tables shows.
    pub async fn counts(&self, db: &impl ConnectionTrait) -> Vec<(&'static str, i64)> {
        let mut counts = Vec::new();
        for table in TENANT_TABLES {
            counts.push((*table, number(db, &format!("SELECT count(*) FROM {table}")).await));
        }
        counts
    }
}

//! What a store offers: a promotion with a code, and an order that used both.

use chrono::{DateTime, Utc};
use entity::promotions::{
    applied_promotions, code_redemptions, discount_codes, promotion_spending, promotion_usage, promotions,
};
use rules::Currency;
use rules::ids::{OrderId, StoreId};
use sea_orm::ConnectionTrait;

use crate::shop::{id, insert};

/// Writes one row of each.
pub async fn make(db: &impl ConnectionTrait, store: StoreId, at: DateTime<Utc>) {
    let promotion = promotions::Model {
        store_id: store,
        id: id(),
        name: "Ten off".into(),
        sort_name: "ten off".into(),
        enabled: true,
        priority: -1,
        valid_from: None,
        valid_to: None,
        rules_version: 1,
        condition: r#"{"all":[]}"#.into(),
        action: r#"{"order":{"percent":"10"}}"#.into(),
        caps: "{}".into(),
        stacking: "{}".into(),
        version: 1,
        created_at: at,
        updated_at: at,
        deleted_at: None,
    };
    let promotion = insert(db, promotion).await.id;
    let usage = promotion_usage::Model { store_id: store, promotion_id: promotion, uses: 1, maximum_uses: Some(2) };
    insert(db, usage).await;
    let spending = promotion_spending::Model {
        store_id: store,
        promotion_id: promotion,
        currency: Currency::EUR,
        spent: 500,
        budget: Some(1_000),
    };
    insert(db, spending).await;
    let order: OrderId = id();
    let applied = applied_promotions::Model {
        store_id: store,
        promotion_id: promotion,
        order_id: order,
        currency: Currency::EUR,
        amount: 500,
        created_at: at,
        canceled_at: None,
    };
    insert(db, applied).await;
    let code = discount_codes::Model {
        store_id: store,
        id: id(),
        promotion_id: promotion,
        code: "Summer".into(),
        code_normalized: "summer".into(),
        enabled: true,
        used: 1,
        usage_limit: Some(1),
        limit_per_buyer: None,
        valid_from: None,
        valid_to: None,
        version: 1,
        created_at: at,
        updated_at: at,
        deleted_at: None,
    };
    let code = insert(db, code).await.id;
    let redemption = code_redemptions::Model {
        store_id: store,
        code_id: code,
        order_id: order,
        buyer: Some("guest@people.example".into()),
        created_at: at,
        canceled_at: None,
    };
    insert(db, redemption).await;
}

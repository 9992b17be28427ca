//! One row in each table of orders.

use chrono::{DateTime, Utc};
use entity::orders::{
    draft_order_lines, draft_orders, order_addresses, order_attributions, order_discounts, order_keys, order_lines,
    order_notes, order_numbers, order_payment_tasks, order_payments, order_shipping_lines, order_status_history,
    order_tags, order_taxes, order_terms, order_tokens, orders,
};
use rules::ids::{OrderId, ProductId, ProductVariantId, StoreId};
use rules::states::{
    ActorKind, AddressKind, DiscountPhase, DraftOrderStatus, FulfillmentProgress, OrderCancelReason, OrderLineKind,
    OrderStatus, OrderStatusKind, PaymentStatus, PaymentTaskKind, ReturnProgress,
};
use rules::{Currency, RoundingLevel, RoundingMode, TaxMode};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use crate::shop::{id, insert};

pub async fn make(
    db: &impl ConnectionTrait,
    store: StoreId,
    (product, variant): (ProductId, ProductVariantId),
    at: DateTime<Utc>,
) -> OrderId {
    let draft = draft(db, store, variant, at).await;
    insert(db, order_numbers::Model { store_id: store, next_number: 1_002 }).await;
    let order = order(store, draft, at);
    let order = insert(db, order).await.id;
    goods(db, store, order, (product, variant)).await;
    people(db, store, order, at).await;
    money(db, store, order, at).await;
    order
}

async fn draft(
    db: &impl ConnectionTrait,
    store: StoreId,
    variant: ProductVariantId,
    at: DateTime<Utc>,
) -> rules::ids::DraftOrderId {
    let draft = draft_orders::Model {
        store_id: store,
        id: id(),
        status: DraftOrderStatus::Completed,
        currency: Currency::EUR,
        customer_id: None,
        email: Some("Ann@People.example".into()),
        email_normalized: Some("ann@people.example".into()),
        locale: "en".into(),
        note: None,
        attributes: json!([]),
        tags: json!(["rush"]),
        codes: json!([]),
        takes_promotions: true,
        discount_name: Some("Friend".into()),
        discount_percent: Some("10".into()),
        discount_amount: None,
        shipping_title: Some("Post".into()),
        shipping_price: Some(490),
        shipping_address: Some(json!({ "country": "DE" })),
        billing_address: None,
        tax_exempt: false,
        purchase_order_number: None,
        organization_name: None,
        vat_number: None,
        completed_at: Some(at),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let draft = insert(db, draft).await.id;
    let line = draft_order_lines::Model {
        store_id: store,
        id: id(),
        draft_order_id: draft,
        position: 0,
        variant_id: Some(variant),
        title: None,
        sku: None,
        quantity: 2,
        unit_price: None,
        requires_shipping: true,
        taxable: true,
        attributes: json!([]),
    };
    insert(db, line).await;
    draft
}

fn order(store: StoreId, draft: rules::ids::DraftOrderId, at: DateTime<Utc>) -> orders::Model {
    orders::Model {
        store_id: store,
        id: id(),
        number: 1_001,
        cart_id: None,
        draft_order_id: Some(draft),
        customer_id: None,
        email: Some("Ann@People.example".into()),
        email_normalized: Some("ann@people.example".into()),
        currency: Currency::EUR,
        tax_mode: TaxMode::Gross,
        rounding_mode: RoundingMode::HalfUp,
        rounding_level: RoundingLevel::Line,
        subtotal: 2_000,
        discount: 200,
        shipping_price: 490,
        shipping_discount: 0,
        tax_added: 0,
        tax_exempted: 0,
        net: 1_924,
        tax: 366,
        total: 2_290,
        status: OrderStatus::Canceled,
        payment_status: PaymentStatus::Pending,
        fulfillment_progress: FulfillmentProgress::Unfulfilled,
        return_progress: ReturnProgress::None,
        canceled_at: Some(at),
        cancel_reason: Some(OrderCancelReason::Customer),
        placed_at: at,
        locale: "en".into(),
        channel: Some("staff".into()),
        note: None,
        attributes: json!([]),
        purchase_order_number: None,
        organization_name: None,
        vat_number: None,
        version: 2,
        created_at: at,
        updated_at: at,
    }
}

async fn goods(
    db: &impl ConnectionTrait,
    store: StoreId,
    order: OrderId,
    (product, variant): (ProductId, ProductVariantId),
) {
    let line = order_lines::Model {
        store_id: store,
        id: id(),
        order_id: order,
        position: 0,
        kind: OrderLineKind::Bought,
        variant_id: Some(variant),
        product_id: Some(product),
        promotion_id: None,
        title: "Lamp".into(),
        variant_title: None,
        sku: None,
        options: json!([]),
        image_url: None,
        requires_shipping: true,
        quantity: 2,
        unit_price: 1_000,
        price: 2_000,
        discount: 200,
        amount: 1_800,
        net: 1_513,
        tax: 287,
        gross: 1_800,
        tax_exempted: 0,
        taxes: json!([]),
        attributes: json!([]),
        fulfilled: 2,
        returned: 1,
        returning: 1,
    };
    let line = insert(db, line).await.id;
    let discount = order_discounts::Model {
        store_id: store,
        id: id(),
        order_id: order,
        line_id: Some(line),
        position: 0,
        promotion_id: None,
        name: "Friend".into(),
        code: None,
        phase: DiscountPhase::Order,
        amount: 200,
    };
    insert(db, discount).await;
    let shipping = order_shipping_lines::Model {
        store_id: store,
        id: id(),
        order_id: order,
        position: 0,
        profile_id: None,
        rate_id: None,
        title: "Post".into(),
        price: 490,
        discount: 0,
        amount: 490,
        net: 411,
        tax: 79,
        gross: 490,
        tax_exempted: 0,
    };
    insert(db, shipping).await;
}

async fn people(db: &impl ConnectionTrait, store: StoreId, order: OrderId, at: DateTime<Utc>) {
    let address = order_addresses::Model {
        store_id: store,
        order_id: order,
        kind: AddressKind::Shipping,
        first_name: Some("Ann".into()),
        last_name: None,
        company: None,
        address1: "Hauptstr. 1".into(),
        address2: None,
        city: "Berlin".into(),
        region: None,
        postal_code: Some("10115".into()),
        country: "DE".into(),
        phone: None,
        updated_at: at,
    };
    insert(db, address).await;
    let hash = [Uuid::now_v7().into_bytes(), Uuid::now_v7().into_bytes()].concat();
    insert(
        db,
        order_tokens::Model { store_id: store, token_hash: hash, order_id: order, expires_at: None, created_at: at },
    )
    .await;
    let attribution = order_attributions::Model {
        store_id: store,
        order_id: order,
        utm_source: Some("letter".into()),
        utm_medium: None,
        utm_campaign: None,
        utm_term: None,
        utm_content: None,
        referrer: None,
        landing_page: None,
    };
    insert(db, attribution).await;
    let tag =
        order_tags::Model { store_id: store, order_id: order, name_normalized: "rush".into(), name: "Rush".into() };
    insert(db, tag).await;
    insert(db, order_keys::Model { store_id: store, word: "1001".into(), order_id: order }).await;
    let note = order_notes::Model {
        store_id: store,
        id: id(),
        order_id: order,
        body: "She called.".into(),
        actor_kind: ActorKind::System,
        actor_id: None,
        created_at: at,
    };
    insert(db, note).await;
    let change = order_status_history::Model {
        store_id: store,
        id: id(),
        order_id: order,
        kind: OrderStatusKind::Order,
        order_version: 2,
        from_status: Some("OPEN".into()),
        to_status: "CANCELED".into(),
        actor_kind: ActorKind::System,
        actor_id: None,
        reason: None,
        created_at: at,
    };
    insert(db, change).await;
}

async fn money(db: &impl ConnectionTrait, store: StoreId, order: OrderId, at: DateTime<Utc>) {
    let terms = order_terms::Model {
        store_id: store,
        order_id: order,
        rules_version: 1,
        terms: json!({ "version": 1 }),
        evaluation: json!({ "version": 1 }),
    };
    insert(db, terms).await;
    let tax = order_taxes::Model {
        store_id: store,
        order_id: order,
        position: 0,
        name: Some("VAT".into()),
        rate: "0.19".into(),
        net: 1_924,
        tax: 366,
    };
    insert(db, tax).await;
    let payment = order_payments::Model {
        store_id: store,
        order_id: order,
        payment_id: id(),
        authorized: 2_290,
        captured: 0,
        voided: 0,
        refunded: 0,
        refunding: 0,
        declined: false,
        created_at: at,
        updated_at: at,
    };
    let payment = insert(db, payment).await;
    let task = order_payment_tasks::Model {
        store_id: store,
        id: id(),
        order_id: order,
        payment_id: payment.payment_id,
        kind: PaymentTaskKind::Void,
        amount: 2_290,
        due_at: at,
        done_at: None,
        created_at: at,
        updated_at: at,
    };
    insert(db, task).await;
}

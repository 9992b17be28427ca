//! Stories of `node` and `nodes`: anything by its id, for whoever may see it.
//!
//! A new type of node gets its line in [`one_of_each`]; a story fails until it has one.

use std::collections::BTreeSet;

use rules::ids::{
    ApiTokenId, BrandId, CartId, CategoryId, CollectionId, CustomerAddressId, CustomerId, DiscountCodeId, DraftOrderId,
    GiftCardEntryId, GiftCardId, InventoryItemId, InventoryLevelId, InventoryMovementId, InvitationId, LocationId,
    MembershipId, OrderId, OrderLineId, OrganizationId, PaymentAttemptId, PaymentEventId, PaymentId, PaymentProviderId,
    PriceId, ProductId, ProductMediaId, ProductOptionId, ProductOptionValueId, ProductVariantId, PromotionId, RefundId,
    SegmentId, SessionId, ShippingProfileId, ShippingRateId, ShippingZoneId, StockReservationId, StoreCreditEntryId,
    StoreCreditId, StoreDomainId, StoreId, TagId, TaxCategoryId, TaxRateId, TaxZoneId, TrustedDocumentId, TypedId,
    UserId,
};
use serde_json::Value;

use crate::harness::payments::Paid;
use crate::harness::tenancy::{api_token, trusted_document};
use crate::harness::{Actor, Answer, Shop, json};
use crate::promotions::promotion_with_code;

const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id } }";
const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";

const DOMAINS: &str = "{ store { domains { id } } }";
const OWN: &str = "{ organizations { nodes { membership { id } } } }";

/// The id of what stands at a path, or of the first there.
async fn first(actor: &Actor, document: &str, path: &str) -> String {
    let answer = actor.query(document, json!({})).await.ok();
    let found = answer.data(path);
    let one = if found.is_array() { &found[0] } else { found };
    one["id"].as_str().unwrap_or_else(|| panic!("no id at {path}: {answer}")).to_owned()
}

/// What one type of node is tried with.
struct Sample {
    type_name: &'static str,
    /// One that the asker may see.
    own: String,
    /// One that is there, and another's.
    foreign: String,
    /// One that never was.
    made_up: String,
}

impl Sample {
    fn new<T: TypedId>(shop: &Shop, type_name: &'static str, own: impl ToString, foreign: impl ToString) -> Self {
        let made_up = shop.id::<T>().to_string();
        Self { type_name, own: own.to_string(), foreign: foreign.to_string(), made_up }
    }
}

/// Every type of node: what the owner of Linden sees, and what the rival has of the same.
async fn one_of_each(shop: &Shop) -> Vec<Sample> {
    let (own, rival) = (&shop.linden.owner, &shop.rival.owner);
    let (linden, other) = (shop.owner(), shop.rival());
    let (mine, others) = (Goods::of(shop, &linden).await, Goods::of(shop, &other).await);
    let (tag, others_tag) =
        (shop.tag_row(shop.linden.store(), "Soft", &[]).await, shop.tag_row(shop.rival.store(), "Soft", &[]).await);
    let summer = || (json!({}), json!({ "code": "Summer" }));
    let promotion = promotion_with_code(&linden, summer().0, summer().1).await;
    let others_promotion = promotion_with_code(&other, summer().0, summer().1).await;
    let (ours, theirs) = (shipping(shop, &linden).await, shipping(shop, &other).await);
    let (order, others_order) = (shop.order(&linden, json!({})).await, shop.order(&other, json!({})).await);
    let (zone, others_zone) = (shop.any_tax_zone(&linden).await, shop.any_tax_zone(&other).await);
    let (paid, others_paid) = (Paid::of(shop, &linden).await, Paid::of(shop, &other).await);
    vec![
        Sample::new::<UserId>(shop, "User", own.user, rival.user),
        Sample::new::<SessionId>(shop, "Session", own.session, rival.session),
        Sample::new::<OrganizationId>(shop, "Organization", shop.linden.id, shop.rival.id),
        Sample::new::<StoreId>(shop, "Store", shop.linden.store(), shop.rival.store()),
        Sample::new::<StoreDomainId>(
            shop,
            "StoreDomain",
            first(&linden, DOMAINS, "store.domains").await,
            first(&other, DOMAINS, "store.domains").await,
        ),
        Sample::new::<MembershipId>(
            shop,
            "Membership",
            first(&linden, OWN, "organizations.nodes.0.membership").await,
            first(&other, OWN, "organizations.nodes.0.membership").await,
        ),
        Sample::new::<InvitationId>(
            shop,
            "Invitation",
            shop.invitation(&linden, shop.linden.id, "one@people.example").await.id,
            shop.invitation(&other, shop.rival.id, "one@people.example").await.id,
        ),
        Sample::new::<ApiTokenId>(shop, "ApiToken", api_token(&linden).await.id, api_token(&other).await.id),
        Sample::new::<TrustedDocumentId>(
            shop,
            "TrustedDocument",
            trusted_document(&linden, "{ store { id } }").await,
            trusted_document(&other, "{ store { id } }").await,
        ),
        Sample::new::<CustomerId>(shop, "Customer", customer(shop, &linden).await.0, customer(shop, &other).await.0),
        Sample::new::<CustomerAddressId>(
            shop,
            "CustomerAddress",
            customer(shop, &linden).await.1,
            customer(shop, &other).await.1,
        ),
        Sample::new::<SegmentId>(shop, "Segment", segment(&linden).await, segment(&other).await),
        Sample::new::<BrandId>(shop, "Brand", shop.brand("Acme").await, shop.brand_of_rival("Acme").await),
        Sample::new::<CategoryId>(
            shop,
            "Category",
            shop.category(&linden, "Lamps", None).await,
            shop.category(&other, "Lamps", None).await,
        ),
        Sample::new::<CollectionId>(shop, "Collection", draft(&linden).await, draft(&other).await),
        Sample::new::<TagId>(shop, "Tag", tag, others_tag),
        Sample::new::<ProductId>(shop, "Product", &mine.product, &others.product),
        Sample::new::<ProductOptionId>(shop, "ProductOption", &mine.option, &others.option),
        Sample::new::<ProductOptionValueId>(shop, "ProductOptionValue", &mine.value, &others.value),
        Sample::new::<ProductVariantId>(shop, "ProductVariant", &mine.variant, &others.variant),
        Sample::new::<ProductMediaId>(shop, "ProductMedia", &mine.medium, &others.medium),
        Sample::new::<PriceId>(shop, "Price", &mine.price, &others.price),
        Sample::new::<PromotionId>(shop, "Promotion", &promotion.0, &others_promotion.0),
        Sample::new::<DiscountCodeId>(shop, "DiscountCode", &promotion.1, &others_promotion.1),
        Sample::new::<TaxCategoryId>(
            shop,
            "TaxCategory",
            shop.tax_category(&linden, "Books").await,
            shop.tax_category(&other, "Books").await,
        ),
        Sample::new::<TaxZoneId>(shop, "TaxZone", &zone, &others_zone),
        Sample::new::<TaxRateId>(
            shop,
            "TaxRate",
            shop.tax_rate(&linden, &zone, None, "0.19").await,
            shop.tax_rate(&other, &others_zone, None, "0.19").await,
        ),
        Sample::new::<ShippingProfileId>(shop, "ShippingProfile", &ours.0, &theirs.0),
        Sample::new::<ShippingZoneId>(shop, "ShippingZone", &ours.1, &theirs.1),
        Sample::new::<ShippingRateId>(shop, "ShippingRate", &ours.2, &theirs.2),
        Sample::new::<LocationId>(shop, "Location", &mine.location, &others.location),
        Sample::new::<InventoryItemId>(shop, "InventoryItem", &mine.item, &others.item),
        Sample::new::<InventoryLevelId>(shop, "InventoryLevel", &mine.level, &others.level),
        Sample::new::<InventoryMovementId>(shop, "InventoryMovement", &mine.movement, &others.movement),
        Sample::new::<PaymentProviderId>(shop, "PaymentProvider", &paid.provider, &others_paid.provider),
        Sample::new::<PaymentId>(shop, "Payment", &paid.payment, &others_paid.payment),
        Sample::new::<PaymentAttemptId>(shop, "PaymentAttempt", &paid.attempt, &others_paid.attempt),
        Sample::new::<PaymentEventId>(shop, "PaymentEvent", &paid.event, &others_paid.event),
        Sample::new::<RefundId>(shop, "Refund", &paid.refund, &others_paid.refund),
        Sample::new::<GiftCardId>(shop, "GiftCard", &paid.gift_card, &others_paid.gift_card),
        Sample::new::<GiftCardEntryId>(shop, "GiftCardEntry", &paid.entry, &others_paid.entry),
        Sample::new::<StoreCreditId>(shop, "StoreCredit", &paid.store_credit, &others_paid.store_credit),
        Sample::new::<StoreCreditEntryId>(shop, "StoreCreditEntry", &paid.credit_entry, &others_paid.credit_entry),
        Sample::new::<StockReservationId>(
            shop,
            "StockReservation",
            shop.held(shop.linden.store()).await,
            shop.held(shop.rival.store()).await,
        ),
        Sample::new::<CartId>(shop, "Cart", shop.any_cart(&linden).await.id, shop.any_cart(&other).await.id),
        Sample::new::<OrderId>(shop, "Order", &order.id, &others_order.id),
        Sample::new::<OrderLineId>(shop, "OrderLine", &order.lines[0], &others_order.lines[0]),
        Sample::new::<DraftOrderId>(
            shop,
            "DraftOrder",
            shop.draft_order(&linden, json!({})).await,
            shop.draft_order(&other, json!({})).await,
        ),
    ]
}

/// One id of the rival's for every type of node.
pub async fn foreign_ids(shop: &Shop) -> Vec<String> {
    one_of_each(shop).await.into_iter().map(|sample| sample.foreign).collect()
}

/// A shipping profile, its zone and its rate.
async fn shipping(shop: &Shop, owner: &Actor) -> (String, String, String) {
    let profile = shop.shipping_profile(owner, "Parcels").await;
    let zone = shop.shipping_zone(owner, &profile, json!([{ "country": "DE" }])).await;
    let rate = shop.shipping_rate(owner, &zone, "Post", json!({})).await;
    (profile, zone, rate)
}

/// A customer, and an address of the customer.
async fn customer(shop: &Shop, owner: &Actor) -> (String, String) {
    let create = "mutation($input: CustomerCreateInput!) { customerCreate(input: $input) { customer { id } userErrors { code } } }";
    let email = format!("{}@people.example", shop.word());
    let answer = owner.query(create, json!({ "input": { "email": email } })).await.ok();
    let id = answer.text("customerCreate.customer.id").to_owned();
    let keep = "mutation($id: ID!, $input: CustomerAddressInput!) { \
        customerAddressCreate(customerId: $id, input: $input) { address { id } userErrors { code } } }";
    let input = json!({ "address": { "address1": "1 Main St", "city": "Springfield", "country": "US" } });
    let answer = owner.query(keep, json!({ "id": id, "input": input })).await.ok();
    (id, answer.text("customerAddressCreate.address.id").to_owned())
}

async fn segment(owner: &Actor) -> String {
    let create = "mutation { segmentCreate(input: { name: \"Friends\" }) { segment { id } userErrors { code } } }";
    owner.query(create, json!({})).await.ok().text("segmentCreate.segment.id").to_owned()
}

/// A collection that is not published.
async fn draft(owner: &Actor) -> String {
    let document =
        "mutation { collectionCreate(input: { title: \"Spring\" }) { collection { id } userErrors { code } } }";
    owner.query(document, json!({})).await.ok().text("collectionCreate.collection.id").to_owned()
}

/// The ids of and around one published product.
struct Goods {
    product: String,
    option: String,
    value: String,
    variant: String,
    medium: String,
    price: String,
    location: String,
    item: String,
    level: String,
    movement: String,
}

impl Goods {
    /// Creates the product, prices it and counts it.
    async fn of(shop: &Shop, owner: &Actor) -> Self {
        let create = "mutation($input: ProductCreateInput!) { productCreate(input: $input) { userErrors { message } \
            product { id options { id values { id } } variants { id } media { id } } } }";
        let input = json!({
            "title": "Lamp",
            "status": "ACTIVE",
            "publishedAt": shop.writer().now,
            "options": [{ "name": "Size", "values": ["S", "M"] }],
            "variants": [{ "selectedOptions": [{ "name": "Size", "value": "S" }] }],
            "media": [{ "url": "https://pictures.example/lamp.jpg" }],
        });
        let created = owner.query(create, json!({ "input": input })).await.ok();
        let of = |path: &str| created.text(&format!("productCreate.product.{path}")).to_owned();
        let (product, variant) = (of("id"), of("variants.0.id"));
        let price = "mutation($id: ID!) { pricesSet(productId: $id, prices: [{ amount: \"5.00\", currency: EUR }]) \
            { prices { id } userErrors { message } } }";
        let priced = owner.query(price, json!({ "id": product })).await.ok();
        let level = shop.stock(owner, &variant, 3).await;
        let look = "query($id: ID!) { inventoryItem(variantId: $id) { id levels { location { id } } } \
            inventoryMovements(filter: { variantId: $id }) { nodes { id } } }";
        let seen = owner.query(look, json!({ "id": variant })).await.ok();
        Self {
            option: of("options.0.id"),
            value: of("options.0.values.0.id"),
            medium: of("media.0.id"),
            price: priced.text("pricesSet.prices.0.id").to_owned(),
            location: seen.text("inventoryItem.levels.0.location.id").to_owned(),
            item: seen.text("inventoryItem.id").to_owned(),
            movement: seen.text("inventoryMovements.nodes.0.id").to_owned(),
            product,
            variant,
            level,
        }
    }
}

async fn nodes(actor: &Actor, ids: impl IntoIterator<Item = &String>) -> Answer {
    let ids: Vec<&String> = ids.into_iter().collect();
    actor.query(NODES, json!({ "ids": ids })).await
}

both! {
    async fn every_type_of_node_is_found_by_its_id(db: Database) {
        let shop = Shop::open(db).await;
        let samples = one_of_each(&shop).await;
        let answer = shop.owner().query("{ __type(name: \"Node\") { possibleTypes { name } } }", json!({})).await.ok();
        let types: BTreeSet<&str> = answer.texts("__type.possibleTypes", "name").into_iter().collect();
        let tried: BTreeSet<&str> = samples.iter().map(|sample| sample.type_name).collect();
        assert_eq!(types, tried, "each type of node has a sample here");

        for sample in &samples {
            let answer = shop.owner().query(NODE, json!({ "id": sample.own })).await.ok();
            assert_eq!(answer.data("node"), &json!({ "__typename": sample.type_name, "id": sample.own }));
        }
        let answer = nodes(&shop.owner(), samples.iter().map(|sample| &sample.own)).await.ok();
        let ids: Vec<&str> = samples.iter().map(|sample| sample.own.as_str()).collect();
        assert_eq!(answer.texts("nodes", "id"), ids, "in the order of the ids");
    }

    async fn attack_t01_what_belongs_to_others_is_as_absent_as_what_never_was(db: Database) {
        let shop = Shop::open(db).await;
        for sample in one_of_each(&shop).await {
            // The rival asks from its own store for what is Linden's, and Linden for what is the rival's.
            for (who, foreign) in [(shop.rival(), &sample.own), (shop.owner(), &sample.foreign)] {
                let there = who.query(NODE, json!({ "id": foreign })).await.ok();
                let never = who.query(NODE, json!({ "id": sample.made_up })).await.ok();
                assert_eq!(there.data("node"), &Value::Null, "{}", sample.type_name);
                assert_eq!(there.body, never.body, "{}", sample.type_name);
                assert_eq!(there.statements(), never.statements(), "{}", sample.type_name);
            }
            let both = nodes(&shop.owner(), [&sample.foreign, &sample.own, &sample.made_up]).await.ok();
            assert_eq!(both.data("nodes.0"), &Value::Null);
            assert_eq!(both.text("nodes.1.id"), sample.own);
            assert_eq!(both.data("nodes.2"), &Value::Null);
        }
    }

    async fn attack_t01_a_deleted_thing_is_absent(db: Database) {
        let shop = Shop::open(db).await;
        let brand = shop.brand("Acme").await;
        let delete = "mutation($id: ID!) { brandDelete(id: $id) { userErrors { code } } }";
        shop.owner().query(delete, json!({ "id": brand })).await.ok();
        assert_eq!(shop.owner().query(NODE, json!({ "id": brand })).await.ok().data("node"), &Value::Null);
    }

    async fn attack_t02_what_is_no_id_is_refused_with_the_form_it_takes(db: Database) {
        let shop = Shop::open(db).await;
        for text in ["", "42", "brand", "brand_0", "spaceship_01jd3k8m1vf6x9c2n5r7t0w4ya", "UHJvZHVjdDox"] {
            for who in [shop.owner(), shop.anonymous()] {
                let answer = who.query(NODE, json!({ "id": text })).await;
                assert_eq!(answer.code(), "BAD_USER_INPUT", "{text}: {answer}");
                assert!(answer.message().contains("product_"), "{answer}");
            }
        }
        // An id that is in order, of a kind that is only seen through its owner.
        let id = shop.id::<rules::ids::RefreshTokenId>().to_string();
        assert_eq!(shop.owner().query(NODE, json!({ "id": id })).await.ok().data("node"), &Value::Null);
    }

    async fn a_visitor_gets_what_the_storefront_shows(db: Database) {
        let shop = Shop::open(db).await;
        let brand = shop.brand("Acme").await;
        let document = "query($id: ID!) { node(id: $id) { ... on Brand { name } ... on User { name } } }";
        for who in [shop.anonymous(), shop.storefront_token()] {
            assert_eq!(who.query(document, json!({ "id": brand })).await.ok().text("node.name"), "Acme");
            let person = shop.linden.owner.user.to_string();
            assert_eq!(who.query(document, json!({ "id": person })).await.ok().data("node"), &Value::Null);
        }
        // What asks for a permission asks for it on this way in too.
        let guarded = "query($id: ID!) { node(id: $id) { ... on Brand { version } } }";
        assert_eq!(shop.anonymous().query(guarded, json!({ "id": brand })).await.code(), "UNAUTHENTICATED");
        assert_eq!(shop.powerless().await.query(guarded, json!({ "id": brand })).await.code(), "FORBIDDEN");
        assert_eq!(shop.anonymous().nowhere().query(NODE, json!({ "id": brand })).await.code(), "STORE_REQUIRED");
    }

    async fn a_member_is_seen_by_id_as_in_the_list_of_members(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([]).await;
        let document = "query($id: ID!) { node(id: $id) { ... on User { id name email } } }";
        let list = "query($id: ID!) { memberships(organizationId: $id) { nodes { user { id name email } } } }";
        let lead = shop.staff([rules::permission::Permission::MembersRead]).await;
        let listed = lead.query(list, json!({ "id": shop.linden.id.to_string() })).await.ok();
        let listed = listed.data("memberships.nodes").as_array().expect("a list").clone();
        assert_eq!(listed.len(), 3);
        for member in &listed {
            let id = member["user"]["id"].clone();
            assert_eq!(lead.query(document, json!({ "id": id })).await.ok().data("node"), &member["user"]);
            // Without the right over members there is nobody but oneself; at the rival's there is nobody at all.
            let own = id == json!(staff.user.expect("a person").to_string());
            assert_eq!(staff.query(document, json!({ "id": id })).await.ok().data("node").is_null(), !own);
            assert!(shop.rival().query(document, json!({ "id": id })).await.ok().data("node").is_null());
            let next_door = lead.clone().in_store("rival").query(document, json!({ "id": id })).await.ok();
            let of_lead = id == json!(lead.user.expect("a person").to_string());
            assert_eq!(next_door.data("node").is_null(), !of_lead);
        }
        // Who is no member any more is seen no longer.
        let gone = staff.user.expect("a person");
        shop.execute(&format!("DELETE FROM memberships WHERE user_id = {}", shop.literal(gone))).await;
        assert!(lead.query(document, json!({ "id": gone.to_string() })).await.ok().data("node").is_null());
    }

    async fn what_staff_may_see_is_absent_for_others(db: Database) {
        let shop = Shop::open(db).await;
        // What a visitor sees. The collection is not published.
        let visible = [
            "Store", "Product", "ProductOption", "ProductOptionValue", "ProductVariant", "ProductMedia", "Brand", "Category",
        ];
        let powerless = shop.powerless().await;
        for sample in one_of_each(&shop).await {
            for who in [shop.anonymous(), shop.storefront_token(), powerless.clone()] {
                let answer = who.query(NODE, json!({ "id": sample.own })).await.ok();
                assert_eq!(!answer.data("node").is_null(), visible.contains(&sample.type_name), "{}", sample.type_name);
            }
        }
    }

    async fn many_nodes_cost_one_statement_a_type(db: Database) {
        let shop = Shop::open(db).await;
        let brand = shop.brand("Zenith").await;
        let own = &shop.linden.owner;
        let one = nodes(&shop.owner(), [&brand, &own.user.to_string(), &own.session.to_string()]).await.ok().statements();
        let mut ids = vec![brand.clone(), own.user.to_string(), own.session.to_string()];
        for _ in 0..122 {
            ids.push(shop.id::<BrandId>().to_string());
            ids.push(brand.clone());
        }
        let answer = nodes(&shop.owner(), &ids).await.ok();
        assert_eq!(answer.statements(), one);
        let found = answer.data("nodes").as_array().unwrap();
        assert_eq!(found.iter().filter(|node| !node.is_null()).count(), 125);

        // So it is for every type: two of each cost what one of each costs.
        let samples = one_of_each(&shop).await;
        let each = nodes(&shop.owner(), samples.iter().map(|sample| &sample.own)).await.ok();
        let twice = samples.iter().flat_map(|sample| [&sample.own, &sample.made_up, &sample.foreign]);
        assert_eq!(nodes(&shop.owner(), twice).await.ok().statements(), each.statements());

        ids.extend(std::iter::repeat_n(brand, 10));
        assert_eq!(nodes(&shop.owner(), &ids).await.code(), "BAD_USER_INPUT");
    }
}

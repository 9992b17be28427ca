//! Things that stories need to stand there first.
//!
//! Each builder of the catalog asks the API as the owner, as a merchant would, and answers the id. To
//! add one, add a method; a story that needs something out of the ordinary writes its own mutation.

use std::sync::{Arc, Mutex};

use entity::catalog::{product_tags, product_variants, products, tags};
use entity::identity::user_credentials;
use entity::inventory::{inventory_levels, stock_reservations};
use rules::ids::{InventoryLevelId, ProductId, ProductVariantId, StockReservationId, StoreId, TagId, UserId};
use rules::states::{ProductStatus, ReservationKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use stoa::identity::password::{self, Password};
use stoa::kernel::Ctx;
use stoa::kernel::ctx::Caller;

use super::{Actor, Shop, json};

/// Someone who can sign in.
#[derive(Debug, Clone)]
pub struct Account {
    pub user: UserId,
    pub email: String,
    pub password: &'static str,
}

/// What signing in gave.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session: String,
    pub access: String,
    pub refresh: String,
}

/// What everybody with a password has.
pub const PASSWORD: &str = "correct horse battery";

impl Shop {
    /// A word that nothing else is called by.
    pub fn word(&self) -> String {
        format!("word-{}", uuid::Uuid::from(self.id::<UserId>()).simple())
    }

    // --- people --------------------------------------------------------------------------------

    /// A person with a password, a member of nothing and not signed in.
    pub async fn account(&self) -> Account {
        let email = format!("{}@people.example", self.word());
        let user = self.writer().user(&email).await;
        self.give_password(user).await;
        Account { user, email, password: PASSWORD }
    }

    /// The hash of [`PASSWORD`].
    pub async fn password_hash(&self) -> String {
        // Argon2 takes its time by design: once a process is enough.
        static HASH: Mutex<Option<String>> = Mutex::new(None);
        let known = HASH.lock().expect("the hash").clone();
        match known {
            Some(hash) => hash,
            None => {
                let ctx = Ctx::new(Arc::clone(&self.node.system), Caller::anonymous("test"), None, Arc::default());
                let hash = password::hash(&ctx, &Password::new(PASSWORD)).await.expect("a hash");
                HASH.lock().expect("the hash").get_or_insert(hash).clone()
            }
        }
    }

    /// Gives a person the password [`PASSWORD`].
    pub async fn give_password(&self, user: UserId) {
        let hash = self.password_hash().await;
        let writer = self.writer();
        let now = writer.now;
        let row = user_credentials::Model {
            user_id: user,
            password_hash: hash,
            password_changed_at: now,
            created_at: now,
            updated_at: now,
        };
        writer.put(row).await;
    }

    /// Signs in with the password.
    pub async fn sign_in(&self, account: &Account) -> SignedIn {
        let document = "mutation($input: SignInInput!) { signIn(input: $input) \
            { session { sessionId accessToken refreshToken } userErrors { code message } } }";
        let input = json!({ "email": account.email, "password": account.password });
        let answer = self.anonymous().query(document, json!({ "input": input })).await.ok();
        let text = |name: &str| answer.text(&format!("signIn.session.{name}")).to_owned();
        SignedIn { session: text("sessionId"), access: text("accessToken"), refresh: text("refreshToken") }
    }

    // --- catalog -------------------------------------------------------------------------------

    /// A brand of Linden's first store.
    pub async fn brand(&self, name: &str) -> String {
        brand(&self.owner(), name).await
    }

    /// A brand of the rival's store.
    pub async fn brand_of_rival(&self, name: &str) -> String {
        brand(&self.rival(), name).await
    }
}

/// A product with the ids of its parts, in their order.
#[derive(Debug, Clone)]
pub struct ProductIds {
    pub id: String,
    pub variants: Vec<String>,
    pub media: Vec<String>,
}

impl Shop {
    // --- how the catalog is arranged -------------------------------------------------------------

    /// A category at the top of the tree, or under another.
    pub async fn category(&self, owner: &Actor, name: &str, parent: Option<&str>) -> String {
        let document = "mutation($input: CategoryCreateInput!) { categoryCreate(input: $input) \
            { category { id } userErrors { message } } }";
        let answer = owner.query(document, json!({ "input": { "name": name, "parentId": parent } })).await.ok();
        answer.text("categoryCreate.category.id").to_owned()
    }

    /// A collection that was published an hour ago.
    pub async fn collection(&self, owner: &Actor, title: &str) -> String {
        let document = "mutation($input: CollectionCreateInput!) { collectionCreate(input: $input) \
            { collection { id } userErrors { message } } }";
        let published = self.writer().now - chrono::TimeDelta::hours(1);
        let answer = owner.query(document, json!({ "input": { "title": title, "publishedAt": published } })).await.ok();
        answer.text("collectionCreate.collection.id").to_owned()
    }

    // --- products --------------------------------------------------------------------------------

    /// A product of the owner's store that storefronts show, with a picture, a film and one variant; `input`
    /// says what is otherwise.
    pub async fn product(&self, owner: &Actor, input: Value) -> ProductIds {
        let mut whole = json!({
            "title": self.word(),
            "status": "ACTIVE",
            "publishedAt": self.writer().now,
            "media": [
                { "url": "https://cdn.example/front.jpg", "alt": "From the front" },
                { "url": "https://cdn.example/turn.mp4", "kind": "VIDEO" },
            ],
        });
        for (field, value) in input.as_object().expect("an object") {
            whole[field] = value.clone();
        }
        let document = "mutation($input: ProductCreateInput!) { productCreate(input: $input) \
            { product { id variants { id } media { id } } userErrors { field message } } }";
        let answer = owner.query(document, json!({ "input": whole })).await.ok();
        let ids = |path: &str| answer.texts(path, "id").into_iter().map(str::to_owned).collect();
        ProductIds {
            id: answer.text("productCreate.product.id").to_owned(),
            variants: ids("productCreate.product.variants"),
            media: ids("productCreate.product.media"),
        }
    }

    /// The same in the sizes S and M, which could be had in L too.
    pub async fn product_in_sizes(&self, owner: &Actor) -> ProductIds {
        let variant = |size: &str| json!({ "selectedOptions": [{ "name": "Size", "value": size }] });
        let input = json!({
            "options": [{ "name": "Size", "values": ["S", "M", "L"] }],
            "variants": [variant("S"), variant("M")],
        });
        self.product(owner, input).await
    }

    // --- stock -----------------------------------------------------------------------------------

    /// A location.
    pub async fn location(&self, owner: &Actor, name: &str) -> String {
        let document = "mutation($input: LocationCreateInput!) { locationCreate(input: $input) \
            { location { id } userErrors { message } } }";
        let answer = owner.query(document, json!({ "input": { "name": name } })).await.ok();
        answer.text("locationCreate.location.id").to_owned()
    }

    /// So many units of a variant at the default location; answers the level.
    pub async fn stock(&self, owner: &Actor, variant: &str, on_hand: i32) -> String {
        let document = "mutation($input: InventorySetInput!) { inventorySet(input: $input) \
            { inventoryLevel { id } userErrors { message } } }";
        let input = json!({ "variantId": variant, "onHand": on_hand, "ignoreExpected": true });
        let answer = owner.query(document, json!({ "input": input })).await.ok();
        answer.text("inventorySet.inventoryLevel.id").to_owned()
    }

    /// Units that a cart holds, as rows: a variant with five of them, of which two are held; answers the hold.
    pub async fn held(&self, store: StoreId) -> StockReservationId {
        let owner = if store == self.rival.store() { self.rival() } else { self.owner() };
        let variant = self.variant_row(store).await;
        let level = self.stock(&owner, &variant.to_string(), 5).await;
        let by_id = inventory_levels::Entity::find().filter(inventory_levels::Column::StoreId.eq(store));
        let level: InventoryLevelId = level.parse().expect("a level");
        let level = by_id.filter(inventory_levels::Column::Id.eq(level)).one(self.db()).await.expect("an answer");
        let (level, writer, id) = (level.expect("a level"), self.writer(), self.id::<StockReservationId>());
        let row = stock_reservations::Model {
            store_id: store,
            id,
            kind: ReservationKind::Hold,
            owner: self.word(),
            level_id: level.id,
            item_id: level.item_id,
            location_id: level.location_id,
            quantity: 2,
            expires_at: Some(writer.now + chrono::TimeDelta::minutes(15)),
            created_at: writer.now,
            updated_at: writer.now,
        };
        writer.put(row).await;
        id
    }

    // --- rows without a story --------------------------------------------------------------------

    /// A published product without variants, as a row: for stories that are about something else.
    pub async fn product_row(&self, store: StoreId, title: &str) -> ProductId {
        let (writer, id) = (self.writer(), self.id::<ProductId>());
        let row = products::Model {
            store_id: store,
            id,
            title: title.to_owned(),
            sort_title: title.to_lowercase(),
            slug: self.word(),
            product_type: None,
            status: ProductStatus::Active,
            published_at: Some(writer.now),
            brand_id: None,
            category_id: None,
            tax_category_id: None,
            seo_title: None,
            seo_description: None,
            external_id: None,
            version: 1,
            created_at: writer.now,
            updated_at: writer.now,
            deleted_at: None,
        };
        writer.put(row).await;
        id
    }

    /// The only variant of a product of its own, as a row.
    pub async fn variant_row(&self, store: StoreId) -> ProductVariantId {
        let product = self.product_row(store, &self.word()).await;
        let (writer, id) = (self.writer(), self.id::<ProductVariantId>());
        let row = product_variants::Model {
            store_id: store,
            id,
            product_id: product,
            title: "Default".to_owned(),
            option_key: String::new(),
            sku: None,
            sku_normalized: None,
            barcode: None,
            weight_grams: None,
            requires_shipping: true,
            taxable: true,
            tax_category_id: None,
            tax_code: None,
            cost_amount: None,
            cost_currency: None,
            media_id: None,
            position: 0,
            external_id: None,
            version: 1,
            created_at: writer.now,
            updated_at: writer.now,
            deleted_at: None,
        };
        writer.put(row).await;
        id
    }

    /// A tag that these products carry, as rows.
    pub async fn tag_row(&self, store: StoreId, name: &str, products: &[ProductId]) -> TagId {
        let (writer, id) = (self.writer(), self.id::<TagId>());
        let row = tags::Model {
            store_id: store,
            id,
            name: name.to_owned(),
            name_normalized: name.to_lowercase(),
            created_at: writer.now,
            updated_at: writer.now,
        };
        writer.put(row).await;
        for product in products {
            writer.put(product_tags::Model { store_id: store, product_id: *product, tag_id: id }).await;
        }
        id
    }
}

async fn brand(owner: &Actor, name: &str) -> String {
    let document =
        "mutation($input: BrandCreateInput!) { brandCreate(input: $input) { brand { id } userErrors { message } } }";
    let answer = owner.query(document, json!({ "input": { "name": name } })).await.ok();
    answer.text("brandCreate.brand.id").to_owned()
}

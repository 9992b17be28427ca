//! The tables of the product that are filled, with their columns and rows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::catalog::{Product, SIZES, VIEWS};
use super::{BRANDS, CATEGORIES, COLLECTIONS, Kind, START, Shops, Store, TAGS, id, mixed};

/// One value of a row.
pub enum Cell {
    Id(Uuid),
    Text(String),
    Whole(i64),
    Small(i32),
    Flag(bool),
    Time(DateTime<Utc>),
    Bytes(Vec<u8>),
    Null,
}

/// Takes the rows of a table, one after the other.
pub type Sink<'a> = dyn FnMut(Vec<Cell>) + 'a;

/// One table, and what makes its rows.
pub struct Table {
    pub name: &'static str,
    /// Separated by commas.
    pub columns: &'static str,
    /// The rows of products come by number, those of all stores in turn.
    pub rows: Rows,
}

/// Where rows come from.
pub enum Rows {
    /// Of each store.
    OfStore(fn(&Shops, &Store, &mut Sink<'_>)),
    /// Of each product.
    OfProduct(fn(&Product<'_>, &mut Sink<'_>)),
}

impl Table {
    /// How many products at the most have to be asked for their rows.
    pub fn steps(&self, shops: &Shops) -> u32 {
        match self.rows {
            Rows::OfStore(_) => 1,
            Rows::OfProduct(_) => shops.stores.iter().map(|store| store.products).max().unwrap_or(0),
        }
    }

    /// The rows of one step.
    pub fn step(&self, shops: &Shops, step: u32, sink: &mut Sink<'_>) {
        for store in &shops.stores {
            match self.rows {
                Rows::OfStore(rows) => rows(shops, store, sink),
                Rows::OfProduct(rows) if step < store.products => rows(&Product::new(shops.seed, store, step), sink),
                Rows::OfProduct(_) => {}
            }
        }
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// Every table, those first that others point to.
pub fn all() -> Vec<Table> {
    use Cell::{Flag, Id, Null, Small, Time, Whole};
    vec![
        Table {
            name: "organizations",
            columns: "id,name,handle,version,created_at,updated_at",
            rows: Rows::OfStore(|shops, store, sink| {
                let (id, name) = (of_store(shops, store, Kind::Organization), format!("Owners of {}", store.handle));
                sink(vec![Id(id), text(name), text(&store.handle), Whole(1), Time(START), Time(START)]);
            }),
        },
        Table {
            name: "users",
            columns: "id,email,email_normalized,name,email_verified_at,version,created_at,updated_at",
            rows: Rows::OfStore(|shops, store, sink| {
                let email = format!("owner@{}.example", store.handle);
                sink(vec![
                    Id(of_store(shops, store, Kind::User)),
                    text(&email),
                    text(&email),
                    text("Owner"),
                    Time(START),
                    Whole(1),
                    Time(START),
                    Time(START),
                ]);
            }),
        },
        Table {
            name: "memberships",
            columns: "id,organization_id,user_id,built_in_role,all_stores,version,created_at,updated_at",
            rows: Rows::OfStore(|shops, store, sink| {
                sink(vec![
                    Id(of_store(shops, store, Kind::Membership)),
                    Id(of_store(shops, store, Kind::Organization)),
                    Id(of_store(shops, store, Kind::User)),
                    text("OWNER"),
                    Flag(true),
                    Whole(1),
                    Time(START),
                    Time(START),
                ]);
            }),
        },
        Table {
            name: "stores",
            columns: "id,organization_id,handle,name,currency,locale,country,tax_mode,rounding_mode,rounding_level,\
                      time_zone,plan,document_policy,version,created_at,updated_at",
            rows: Rows::OfStore(|shops, store, sink| {
                sink(vec![
                    Id(store.id(shops.seed)),
                    Id(of_store(shops, store, Kind::Organization)),
                    text(&store.handle),
                    text(&store.handle),
                    text("EUR"),
                    text("en"),
                    text("DE"),
                    text("GROSS"),
                    text("HALF_UP"),
                    text("LINE"),
                    text("Europe/Berlin"),
                    text("STANDARD"),
                    text("ANY"),
                    Whole(1),
                    Time(START),
                    Time(START),
                ]);
            }),
        },
        Table {
            name: "store_currencies",
            columns: "store_id,currency",
            rows: Rows::OfStore(|shops, store, sink| {
                for currency in ["EUR", "USD"] {
                    sink(vec![Id(store.id(shops.seed)), text(currency)]);
                }
            }),
        },
        Table {
            name: "store_locales",
            columns: "store_id,locale",
            rows: Rows::OfStore(|shops, store, sink| sink(vec![Id(store.id(shops.seed)), text("en")])),
        },
        Table {
            name: "store_domains",
            columns: "id,store_id,host,is_primary,created_at,updated_at",
            rows: Rows::OfStore(|shops, store, sink| {
                let (id, host) = (of_store(shops, store, Kind::Domain), format!("{}.example", store.handle));
                sink(vec![Id(id), Id(store.id(shops.seed)), text(host), Flag(true), Time(START), Time(START)]);
            }),
        },
        Table {
            name: "api_tokens",
            columns: "id,organization_id,store_id,kind,name,prefix,last_four,token_hash,created_by_user_id,created_at,\
                      updated_at",
            rows: Rows::OfStore(|shops, store, sink| {
                sink(vec![
                    Id(of_store(shops, store, Kind::Token)),
                    Id(of_store(shops, store, Kind::Organization)),
                    Id(store.id(shops.seed)),
                    text("STOREFRONT"),
                    text("Storefront"),
                    text("stoa_sft_"),
                    text("0000"),
                    Cell::Bytes(hash(shops, store)),
                    Id(of_store(shops, store, Kind::User)),
                    Time(START),
                    Time(START),
                ]);
            }),
        },
        Table {
            name: "brands",
            columns: "store_id,id,name,sort_name,slug,version,created_at,updated_at",
            rows: Rows::OfStore(|shops, store, sink| arranged(shops, store, Kind::Brand, BRANDS, "Brand", sink)),
        },
        Table {
            name: "categories",
            columns: "store_id,id,parent_id,name,sort_name,slug,position,depth,version,created_at,updated_at",
            rows: Rows::OfStore(|shops, store, sink| {
                for number in [CATEGORIES, CATEGORIES + 1].into_iter().chain(0..CATEGORIES) {
                    let parent = (number < CATEGORIES).then(|| store.category(shops.seed, CATEGORIES + number % 2));
                    let depth = i32::from(parent.is_some());
                    sink(vec![
                        Id(store.id(shops.seed)),
                        Id(store.category(shops.seed, number)),
                        parent.map_or(Null, Id),
                        text(format!("Category {number:02}")),
                        text(format!("category {number:02}")),
                        text(format!("category-{number:02}")),
                        Small(i32::try_from(number % CATEGORIES / 2).unwrap_or(0)),
                        Small(depth),
                        Whole(1),
                        Time(START),
                        Time(START),
                    ]);
                }
            }),
        },
        Table {
            name: "collections",
            columns: "store_id,id,title,sort_title,slug,version,created_at,updated_at,published_at",
            rows: Rows::OfStore(|shops, store, sink| {
                arranged(shops, store, Kind::Collection, COLLECTIONS, "Collection", &mut |mut row| {
                    row.push(Time(START));
                    sink(row);
                });
            }),
        },
        Table {
            name: "tags",
            columns: "store_id,id,name,name_normalized,created_at,updated_at",
            rows: Rows::OfStore(|shops, store, sink| {
                for number in 0..TAGS {
                    let id = id(shops.seed, Kind::Tag, store.number, number, 0);
                    sink(vec![
                        Id(store.id(shops.seed)),
                        Id(id),
                        text(format!("Tag {number:02}")),
                        text(format!("tag {number:02}")),
                        Time(START),
                        Time(START),
                    ]);
                }
            }),
        },
        Table {
            name: "products",
            columns: "store_id,id,title,sort_title,slug,product_type,status,published_at,brand_id,category_id,version,\
                      created_at,updated_at",
            rows: Rows::OfProduct(|product, sink| {
                let (title, made_at) = (product.title(), product.made_at());
                sink(vec![
                    Id(product.store_id()),
                    Id(product.id()),
                    text(&title),
                    text(title.to_lowercase()),
                    text(product.slug()),
                    text("Home"),
                    text(if product.is_draft() { "DRAFT" } else { "ACTIVE" }),
                    if product.is_draft() { Null } else { Time(made_at) },
                    Id(product.brand()),
                    Id(product.category()),
                    Whole(1),
                    Time(made_at),
                    Time(made_at),
                ]);
            }),
        },
        Table {
            name: "product_descriptions",
            columns: "store_id,product_id,html,updated_at",
            rows: Rows::OfProduct(|product, sink| {
                let html = text(product.description());
                sink(vec![Id(product.store_id()), Id(product.id()), html, Time(product.made_at())]);
            }),
        },
        Table {
            name: "product_options",
            columns: "store_id,id,product_id,name,position,created_at,updated_at",
            rows: Rows::OfProduct(|product, sink| {
                let made_at = product.made_at();
                sink(vec![
                    Id(product.store_id()),
                    Id(product.option()),
                    Id(product.id()),
                    text("Size"),
                    Small(0),
                    Time(made_at),
                    Time(made_at),
                ]);
            }),
        },
        Table {
            name: "product_option_values",
            columns: "store_id,id,product_id,option_id,name,position,created_at,updated_at",
            rows: Rows::OfProduct(|product, sink| {
                let made_at = product.made_at();
                for (size, name) in SIZES.iter().enumerate() {
                    sink(vec![
                        Id(product.store_id()),
                        Id(product.option_value(size)),
                        Id(product.id()),
                        Id(product.option()),
                        text(*name),
                        place(size),
                        Time(made_at),
                        Time(made_at),
                    ]);
                }
            }),
        },
        Table {
            name: "product_media",
            columns: "store_id,id,product_id,kind,url,alt,position,width,height,created_at,updated_at",
            rows: Rows::OfProduct(|product, sink| {
                let made_at = product.made_at();
                for (view, alt) in VIEWS.iter().enumerate() {
                    sink(vec![
                        Id(product.store_id()),
                        Id(product.media(view)),
                        Id(product.id()),
                        text("IMAGE"),
                        text(product.url(view)),
                        text(*alt),
                        place(view),
                        Small(1200),
                        Small(1600),
                        Time(made_at),
                        Time(made_at),
                    ]);
                }
            }),
        },
        Table {
            name: "product_variants",
            columns: "store_id,id,product_id,title,option_key,sku,sku_normalized,weight_grams,requires_shipping,\
                      taxable,position,version,created_at,updated_at",
            rows: Rows::OfProduct(|product, sink| {
                let made_at = product.made_at();
                for (size, name) in SIZES.iter().enumerate() {
                    let sku = product.sku(size);
                    sink(vec![
                        Id(product.store_id()),
                        Id(product.variant(size)),
                        Id(product.id()),
                        text(*name),
                        text(product.option_value(size).simple().to_string()),
                        text(&sku),
                        text(sku.to_lowercase()),
                        Whole(400),
                        Flag(true),
                        Flag(true),
                        place(size),
                        Whole(1),
                        Time(made_at),
                        Time(made_at),
                    ]);
                }
            }),
        },
        Table {
            name: "variant_option_values",
            columns: "store_id,variant_id,option_id,option_value_id",
            rows: Rows::OfProduct(|product, sink| {
                for size in 0..SIZES.len() {
                    sink(vec![
                        Id(product.store_id()),
                        Id(product.variant(size)),
                        Id(product.option()),
                        Id(product.option_value(size)),
                    ]);
                }
            }),
        },
        Table {
            name: "collection_products",
            columns: "store_id,collection_id,product_id,position,created_at",
            rows: Rows::OfProduct(|product, sink| {
                sink(vec![
                    Id(product.store_id()),
                    Id(product.collection()),
                    Id(product.id()),
                    Whole(i64::from(product.number / COLLECTIONS)),
                    Time(product.made_at()),
                ]);
            }),
        },
        Table {
            name: "product_tags",
            columns: "store_id,product_id,tag_id",
            rows: Rows::OfProduct(|product, sink| {
                for tag in product.tags() {
                    sink(vec![Id(product.store_id()), Id(product.id()), Id(tag)]);
                }
            }),
        },
        Table {
            name: "prices",
            columns: "store_id,id,product_id,variant_id,currency,minimum_quantity,amount,valid_from,created_at,\
                      updated_at",
            rows: Rows::OfProduct(|product, sink| {
                let made_at = product.made_at();
                for size in 0..SIZES.len() {
                    for price in product.prices(size) {
                        sink(vec![
                            Id(product.store_id()),
                            Id(price.id),
                            Id(product.id()),
                            Id(product.variant(size)),
                            text("EUR"),
                            Small(price.minimum_quantity),
                            Whole(price.amount),
                            Time(DateTime::UNIX_EPOCH),
                            Time(made_at),
                            Time(made_at),
                        ]);
                    }
                }
            }),
        },
        Table {
            name: "product_price_ranges",
            columns: "store_id,product_id,currency,valid_from,min_amount,max_amount,category_id,updated_at",
            rows: Rows::OfProduct(|product, sink| {
                for range in product.ranges() {
                    sink(vec![
                        Id(product.store_id()),
                        Id(product.id()),
                        text(range.currency.code()),
                        Time(range.valid_from.unwrap_or(DateTime::UNIX_EPOCH)),
                        Whole(range.min.minor()),
                        Whole(range.max.minor()),
                        Id(product.category()),
                        Time(product.made_at()),
                    ]);
                }
            }),
        },
    ]
}

fn of_store(shops: &Shops, store: &Store, kind: Kind) -> Uuid {
    id(shops.seed, kind, store.number, 0, 0)
}

fn place(place: usize) -> Cell {
    Cell::Small(i32::try_from(place).unwrap_or(0))
}

/// Bytes as long as a hash; they are the hash of no token that anybody has.
fn hash(shops: &Shops, store: &Store) -> Vec<u8> {
    let seed = shops.seed ^ u64::from(store.number) << 8;
    (0..4).flat_map(|part| mixed(seed + part).to_be_bytes()).collect()
}

/// Rows of what products are arranged by: brands and collections.
fn arranged(shops: &Shops, store: &Store, kind: Kind, count: u32, word: &str, sink: &mut Sink<'_>) {
    for number in 0..count {
        let name = format!("{word} {number:02}");
        sink(vec![
            Cell::Id(store.id(shops.seed)),
            Cell::Id(id(shops.seed, kind, store.number, number, 0)),
            text(&name),
            text(name.to_lowercase()),
            text(name.to_lowercase().replace(' ', "-")),
            Cell::Whole(1),
            Cell::Time(START),
            Cell::Time(START),
        ]);
    }
}

//! The shops that are measured: rows as the product itself would have written them, all of them decided by a
//! seed.
//!
//! Owns what a store holds: 3 variants a product with 2 prices each (one unit, and ten units on), 2 pictures, an
//! option, a description, 2 tags, a brand, a category, a place in a collection. Every 32nd product is a draft.
//! Rows of all stores are written in turn, as they would have come in, so that the products of one store lie
//! scattered over the table. Never talks to the product: [`crate::check`] holds through its API that the rows are
//! good.

mod catalog;
mod postgres;
mod sqlite;
mod tables;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use postgres::load as load_postgres;
pub use sqlite::load as load_sqlite;

/// A moment in the past that all times count from: 2026-01-01.
pub const START: DateTime<Utc> = match DateTime::<Utc>::from_timestamp(1_767_225_600, 0) {
    Some(start) => start,
    None => DateTime::UNIX_EPOCH,
};

/// Every so many products, one is a draft.
const DRAFT_EVERY: u32 = 32;

/// Brands, leaf categories, collections and tags of a store.
pub const BRANDS: u32 = 20;
/// Categories that hold products; two more stand above them.
pub const CATEGORIES: u32 = 8;
/// Collections.
pub const COLLECTIONS: u32 = 10;
/// Tags.
pub const TAGS: u32 = 30;

/// One store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// Its place among all stores.
    pub number: u32,
    /// The name in addresses and headers.
    pub handle: String,
    /// How many products it has, drafts among them.
    pub products: u32,
}

impl Store {
    /// Its id.
    pub fn id(&self, seed: u64) -> Uuid {
        id(seed, Kind::Store, self.number, 0, 0)
    }

    /// The id of one of its categories.
    pub fn category(&self, seed: u64, category: u32) -> Uuid {
        id(seed, Kind::Category, self.number, category, 0)
    }

    /// The slug of one of its products.
    pub fn slug(&self, seed: u64, product: u32) -> String {
        catalog::Product::new(seed, self, product).slug()
    }

    /// The id of one of its products, and its prices: variant, from how many units on, cents.
    pub fn prices(&self, seed: u64, product: u32) -> (Uuid, Vec<(Uuid, i32, i64)>) {
        let product = catalog::Product::new(seed, self, product);
        let of = |size| {
            let prices = product.prices(size).into_iter();
            prices.map(|price| (product.variant(size), price.minimum_quantity, price.amount)).collect::<Vec<_>>()
        };
        (product.id(), (0..catalog::SIZES.len()).flat_map(of).collect())
    }

    /// A product that storefronts see, by any number.
    pub fn visible(&self, number: u64) -> u32 {
        let product = u32::try_from(number % u64::from(self.products)).unwrap_or(0);
        if is_draft(product) { product - 1 } else { product }
    }
}

/// All stores of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shops {
    /// What decides every row.
    pub seed: u64,
    /// The stores.
    pub stores: Vec<Store>,
}

impl Shops {
    /// Stores that are alike, `store-000` and on.
    pub fn alike(seed: u64, stores: u32, products: u32) -> Self {
        let store = |number| Store { number, handle: format!("store-{number:03}"), products };
        Self { seed, stores: (0..stores).map(store).collect() }
    }

    /// One store more, of its own name and size.
    pub fn one(seed: u64, number: u32, handle: &str, products: u32) -> Self {
        Self { seed, stores: vec![Store { number, handle: handle.to_owned(), products }] }
    }
}

fn is_draft(product: u32) -> bool {
    product % DRAFT_EVERY == DRAFT_EVERY - 1
}

/// When a product was made: a minute after the one before it, each store a millisecond after the other.
fn made_at(store: u32, product: u32) -> DateTime<Utc> {
    START + TimeDelta::seconds(i64::from(product)) + TimeDelta::milliseconds(i64::from(store % 1000))
}

/// What an id names; part of it, so that no two ids are alike.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Organization = 1,
    User,
    Membership,
    Store,
    Domain,
    Token,
    Brand,
    Category,
    Collection,
    Tag,
    Product,
    Option,
    OptionValue,
    Variant,
    Media,
    Price,
}

/// A UUIDv7 whose time is that of the row, and whose rest the seed decides.
fn id(seed: u64, kind: Kind, store: u32, number: u32, part: u32) -> Uuid {
    let millis = made_at(store, number).timestamp_millis();
    let place = (kind as u128) << 6 | u128::from(part & 63);
    let rest = mixed(seed ^ mixed(u64::from(store) << 32 | u64::from(number)) ^ (place as u64) << 52);
    let millis = u128::try_from(millis).unwrap_or(0);
    Uuid::from_u128(millis << 80 | 7 << 76 | place << 64 | 2 << 62 | u128::from(rest >> 2))
}

/// A number that looks like chance (the mixer of SplitMix64).
pub fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

//! One product with everything that hangs on it.

use chrono::{DateTime, Utc};
use rules::ids::PriceId;
use rules::pricing::{PriceLevel, PriceRange, PriceRow, ranges};
use rules::{Currency, Money};
use uuid::Uuid;

use super::{BRANDS, CATEGORIES, COLLECTIONS, Kind, Store, TAGS, id, is_draft, made_at, mixed};

const MATERIALS: [&str; 16] = [
    "Oak", "Linen", "Brass", "Walnut", "Wool", "Slate", "Copper", "Cotton", "Marble", "Birch", "Felt", "Glass",
    "Rattan", "Leather", "Stone", "Cork",
];
const THINGS: [&str; 16] = [
    "Lamp", "Curtain", "Kettle", "Chair", "Blanket", "Tray", "Mug", "Shirt", "Board", "Stool", "Bag", "Vase", "Basket",
    "Belt", "Bowl", "Frame",
];

/// The sizes that each product comes in.
pub const SIZES: [&str; 3] = ["S", "M", "L"];

/// The pictures of each product.
pub const VIEWS: [&str; 2] = ["Front", "Back"];

/// From how many units on the second price of a variant holds.
pub const MANY: i32 = 10;

/// A product of a store.
pub struct Product<'a> {
    seed: u64,
    pub store: &'a Store,
    pub number: u32,
    chance: u64,
}

/// A stored price.
pub struct Price {
    pub id: Uuid,
    pub minimum_quantity: i32,
    /// In cents.
    pub amount: i64,
}

impl<'a> Product<'a> {
    pub fn new(seed: u64, store: &'a Store, number: u32) -> Self {
        let chance = mixed(seed ^ u64::from(store.number) << 40 ^ u64::from(number));
        Self { seed, store, number, chance }
    }

    fn pick(&self, shift: u32, of: u32) -> u32 {
        u32::try_from((self.chance >> shift) % u64::from(of)).unwrap_or(0)
    }

    pub fn store_id(&self) -> Uuid {
        self.store.id(self.seed)
    }

    pub fn id(&self) -> Uuid {
        id(self.seed, Kind::Product, self.store.number, self.number, 0)
    }

    fn part(&self, kind: Kind, part: usize) -> Uuid {
        id(self.seed, kind, self.store.number, self.number, u32::try_from(part).unwrap_or(0))
    }

    fn words(&self) -> (&'static str, &'static str) {
        (MATERIALS[self.pick(0, 16) as usize], THINGS[self.pick(8, 16) as usize])
    }

    pub fn title(&self) -> String {
        let (material, thing) = self.words();
        format!("{material} {thing} {}", self.number)
    }

    pub fn slug(&self) -> String {
        self.title().to_lowercase().replace(' ', "-")
    }

    pub fn is_draft(&self) -> bool {
        is_draft(self.number)
    }

    pub fn made_at(&self) -> DateTime<Utc> {
        made_at(self.store.number, self.number)
    }

    pub fn brand(&self) -> Uuid {
        id(self.seed, Kind::Brand, self.store.number, self.pick(16, BRANDS), 0)
    }

    pub fn category(&self) -> Uuid {
        self.store.category(self.seed, self.pick(24, CATEGORIES))
    }

    pub fn collection(&self) -> Uuid {
        id(self.seed, Kind::Collection, self.store.number, self.number % COLLECTIONS, 0)
    }

    pub fn tags(&self) -> [Uuid; 2] {
        let first = self.pick(32, TAGS);
        let second = (first + 1 + self.pick(40, TAGS - 1)) % TAGS;
        [first, second].map(|tag| id(self.seed, Kind::Tag, self.store.number, tag, 0))
    }

    pub fn option(&self) -> Uuid {
        self.part(Kind::Option, 0)
    }

    pub fn option_value(&self, size: usize) -> Uuid {
        self.part(Kind::OptionValue, size)
    }

    pub fn variant(&self, size: usize) -> Uuid {
        self.part(Kind::Variant, size)
    }

    pub fn sku(&self, size: usize) -> String {
        format!("{}-{:06}", SIZES[size], self.number)
    }

    pub fn media(&self, view: usize) -> Uuid {
        self.part(Kind::Media, view)
    }

    pub fn url(&self, view: usize) -> String {
        format!("https://images.example/{}-{}.jpg", self.slug(), view + 1)
    }

    pub fn description(&self) -> String {
        let (material, thing) = self.words();
        format!(
            "<p>A {} made of {}, number {} of its kind. It is built to be used every day, and to be mended when it \
             needs to be.</p><ul><li>Made in small numbers</li><li>Ready to ship</li></ul>",
            thing.to_lowercase(),
            material.to_lowercase(),
            self.number
        )
    }

    pub fn prices(&self, size: usize) -> [Price; 2] {
        let single = 500 + i64::from(self.pick(48, 19_500)) + 150 * i64::try_from(size).unwrap_or(0);
        [(1, single), (MANY, single * 9 / 10)].map(|(minimum_quantity, amount)| Price {
            id: self.part(Kind::Price, size * 2 + usize::from(minimum_quantity > 1)),
            minimum_quantity,
            amount,
        })
    }

    /// The ranges that the product's own rules make of its prices.
    pub fn ranges(&self) -> Vec<PriceRange> {
        let row = |price: Price| PriceRow {
            id: PriceId(price.id),
            level: PriceLevel::Variant,
            segment: None,
            minimum_quantity: price.minimum_quantity,
            amount: Money::from_minor(price.amount, Currency::EUR),
            compare_at: None,
            valid_from: None,
            valid_to: None,
        };
        let variants: Vec<[PriceRow; 2]> = (0..SIZES.len()).map(|size| self.prices(size).map(row)).collect();
        ranges(&variants)
    }
}

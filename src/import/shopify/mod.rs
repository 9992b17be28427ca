//! The product CSV of Shopify.
//!
//! Owns the reading of the file as it really is: many rows a product, two dialects of header,
//! blank cells, rows that only carry an image, and rows that are wrong. Streams: one product is in
//! memory at a time. Never decides what the store does with a product, and never rounds a price.
//!
//! What is skipped is the thing that a bad cell belongs to. A product whose first row has a bad
//! product cell (or can't be read at all) is skipped whole; a bad variant cell skips that variant;
//! a bad image cell skips that image; each with a [`RowProblem`] that says why. A product all of
//! whose variants are bad is skipped too. Everything else goes on.
//!
//! To read one more column, add it to `columns` and take its cell in `gather`.

mod cells;
mod columns;
mod gather;
mod reader;
mod source;

use rules::Decimal;

pub use columns::{Column, Columns};
pub use reader::{Counts, Found, ShopifyReader};

/// The most options that one product has.
pub const MAX_OPTIONS: usize = 3;
/// The most variants that one product has.
pub const MAX_VARIANTS: usize = 250;
/// The most images that one product has.
pub const MAX_IMAGES: usize = 250;
/// The most tags that one product has.
pub const MAX_TAGS: usize = 250;
/// The most bytes of one description.
pub const MAX_DESCRIPTION: usize = 512 * 1024;
/// The most bytes of any other cell.
pub const MAX_CELL: usize = 8 * 1024;
/// The most bytes of one row, quoted line breaks included. A longer one ends the reading: in
/// practice it is a quote that was never closed.
pub const MAX_ROW: u64 = 4 * 1024 * 1024;

/// One product, put together from its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedProduct {
    /// The line of the file that its first row begins on, counted from 1.
    pub line: u64,
    /// The word that names the product in addresses; with the option values it is the identity.
    pub handle: String,
    /// The title.
    pub title: String,
    /// The description, as it was written: not cleaned.
    pub body_html: Option<String>,
    /// The maker or seller.
    pub vendor: Option<String>,
    /// The merchant's own word for the kind of product.
    pub product_type: Option<String>,
    /// The tags, each once, in order.
    pub tags: Vec<String>,
    /// Whether the storefront shows it. A blank cell is a yes.
    pub published: bool,
    /// How far the product is on its way to the storefront. A blank cell is `Active`.
    pub status: ImportedStatus,
    /// Whether it is a gift card.
    pub gift_card: bool,
    /// The title for search engines.
    pub seo_title: Option<String>,
    /// The description for search engines.
    pub seo_description: Option<String>,
    /// What a buyer chooses by, at most [`MAX_OPTIONS`]. Empty for a product with one variant and
    /// nothing to choose (`Title` / `Default Title`).
    pub options: Vec<ImportedOption>,
    /// The variants, at least one, at most [`MAX_VARIANTS`], in the order of the file.
    pub variants: Vec<ImportedVariant>,
    /// How many more variants the file has that could not be read. Where there are any, a variant
    /// that is missing here is not known to be gone.
    pub skipped_variants: u32,
    /// The images in their order, at most [`MAX_IMAGES`]. Each variant's own image is among them.
    pub images: Vec<ImportedImage>,
}

/// How far a product is on its way to the storefront.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImportedStatus {
    /// Ready to be sold.
    #[default]
    Active,
    /// Still being written.
    Draft,
    /// No longer sold.
    Archived,
    /// Sold to whoever has the address, but in no list.
    Unlisted,
}

/// One thing to choose by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedOption {
    /// Such as `Size`.
    pub name: String,
    /// The values that the variants use, each once, in the order of the file.
    pub values: Vec<String>,
}

/// One variant.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedVariant {
    /// The line of the file that its row begins on, counted from 1.
    pub line: u64,
    /// One value for each of the product's options, in their order.
    pub option_values: Vec<String>,
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// The barcode, without the apostrophe that spreadsheets put before numbers.
    pub barcode: Option<String>,
    /// The price of one unit. `None` is no price; zero is a price.
    pub price: Option<Decimal>,
    /// What it is said to have cost before.
    pub compare_at: Option<Decimal>,
    /// What the merchant pays for it.
    pub cost: Option<Decimal>,
    /// The weight in whole grams.
    pub grams: Option<i32>,
    /// The unit that the weight is shown in.
    pub weight_unit: Option<WeightUnit>,
    /// Whether it has to be shipped. A blank cell is a yes.
    pub requires_shipping: bool,
    /// Whether it is taxed. A blank cell is a yes.
    pub taxable: bool,
    /// The tax code.
    pub tax_code: Option<String>,
    /// Who counts the stock, such as `shopify`; `None` where nobody does.
    pub inventory_tracker: Option<String>,
    /// How many there are; below zero where more were sold than there were.
    pub inventory_quantity: Option<i32>,
    /// What happens when there are none left. A blank cell is `Deny`.
    pub inventory_policy: InventoryPolicy,
    /// The address of its own image.
    pub image: Option<String>,
}

/// What happens when there are none left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InventoryPolicy {
    /// It is not sold.
    #[default]
    Deny,
    /// It is sold all the same.
    Continue,
}

/// The unit that a weight is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightUnit {
    /// `g`
    Gram,
    /// `kg`
    Kilogram,
    /// `oz`
    Ounce,
    /// `lb`
    Pound,
}

/// One image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedImage {
    /// The address that it can be fetched from.
    pub src: String,
    /// What it shows, for those who don't see it.
    pub alt: Option<String>,
    /// Its place among the product's images, counted from 1 without gaps.
    pub position: usize,
}

/// One thing that could not be read, and what that cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file that the row begins on, counted from 1.
    pub line: u64,
    /// The handle of the row, as far as it could be read.
    pub handle: Option<String>,
    /// The column at fault, as the file names it; `None` where it is the row.
    pub column: Option<String>,
    /// A sentence that says what is wrong and what was expected.
    pub reason: String,
    /// What was left out because of it.
    pub skipped: Skipped,
}

/// What was left out because of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, async_graphql::Enum)]
#[graphql(name = "ImportSkipped")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Skipped {
    /// The whole product, with all its rows.
    Product,
    /// One variant; its row's image was read.
    Variant,
    /// One image; its row's variant was read.
    Image,
    /// One row, with the variant and the image that it may have had.
    Row,
}

/// Why a file can't be read, or not any further.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is nothing in it.
    #[error("the file is empty: expected a header row and one row per variant")]
    Empty,
    /// Columns are not there that have to be. Each is named as both dialects have it.
    #[error("the file has no column {}", .0.join(", and none "))]
    MissingColumns(Vec<String>),
    /// Two columns mean the same.
    #[error("the columns `{0}` and `{1}` mean the same: keep one of them")]
    DuplicateColumns(String, String),
    /// The columns are not separated by commas.
    #[error("the header row has no commas: save the file as CSV with commas between the columns")]
    NotCommas,
    /// The header row is not UTF-8.
    #[error("the header row is not UTF-8: save the file as CSV with the encoding UTF-8")]
    NotUtf8,
    /// A row is longer than [`MAX_ROW`].
    #[error("the row that begins on line {line} is longer than {MAX_ROW} bytes: is a quote left open there?")]
    RowTooLong {
        /// The line that the row begins on.
        line: u64,
    },
    /// The file could not be read.
    #[error("the file can't be read: {0}")]
    Unreadable(#[source] std::io::Error),
}

#[cfg(test)]
mod tests;

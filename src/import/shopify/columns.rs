//! The columns of the file, under the names that both dialects give them.

use super::FileError;

macro_rules! columns {
    ($($name:ident => [$spelling:literal $(, $other:literal)*],)+) => {
        /// A column that the reader takes something from. Named as the older dialect has it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Column {
            $(
                #[doc = concat!("`", $spelling, "`")]
                $name,
            )+
        }

        /// Every column with its spellings; the first is the older dialect's.
        const SPELLINGS: &[(Column, &[&str])] = &[$((Column::$name, &[$spelling $(, $other)*]),)+];
    };
}

columns! {
    Handle => ["Handle", "URL handle"],
    Title => ["Title"],
    BodyHtml => ["Body (HTML)", "Description"],
    Vendor => ["Vendor"],
    ProductType => ["Type", "Custom Product Type"],
    Tags => ["Tags"],
    Published => ["Published", "Published on online store"],
    Status => ["Status"],
    GiftCard => ["Gift Card"],
    SeoTitle => ["SEO Title"],
    SeoDescription => ["SEO Description"],
    Option1Name => ["Option1 Name"],
    Option1Value => ["Option1 Value"],
    Option2Name => ["Option2 Name"],
    Option2Value => ["Option2 Value"],
    Option3Name => ["Option3 Name"],
    Option3Value => ["Option3 Value"],
    Sku => ["Variant SKU", "SKU"],
    Barcode => ["Variant Barcode", "Barcode"],
    Price => ["Variant Price", "Price"],
    CompareAt => ["Variant Compare At Price", "Compare-at price"],
    Cost => ["Cost per item"],
    Grams => ["Variant Grams", "Weight value (grams)"],
    WeightUnit => ["Variant Weight Unit", "Weight unit for display"],
    RequiresShipping => ["Variant Requires Shipping", "Requires shipping"],
    Taxable => ["Variant Taxable", "Charge tax"],
    TaxCode => ["Variant Tax Code", "Tax code"],
    InventoryTracker => ["Variant Inventory Tracker", "Inventory tracker"],
    InventoryQuantity => ["Variant Inventory Qty", "Inventory quantity"],
    InventoryPolicy => ["Variant Inventory Policy", "Continue selling when out of stock"],
    VariantImage => ["Variant Image", "Variant image URL"],
    ImageSrc => ["Image Src", "Product image URL"],
    ImagePosition => ["Image Position"],
    ImageAlt => ["Image Alt Text"],
}

/// The columns without which no product can be read.
const REQUIRED: [Column; 2] = [Column::Handle, Column::Title];

/// The names and values of the options, in order.
pub(super) const OPTIONS: [(Column, Column); super::MAX_OPTIONS] = [
    (Column::Option1Name, Column::Option1Value),
    (Column::Option2Name, Column::Option2Value),
    (Column::Option3Name, Column::Option3Value),
];

/// The columns that make a row the row of a variant. Units and flags alone don't: exports repeat
/// them on rows that only carry an image.
pub(super) const VARIANT_MARKS: [Column; 8] = [
    Column::Option1Value,
    Column::Option2Value,
    Column::Option3Value,
    Column::Sku,
    Column::Barcode,
    Column::Price,
    Column::CompareAt,
    Column::InventoryQuantity,
];

/// Which columns a file has, and how it calls them.
#[derive(Debug, Clone)]
pub struct Columns([Option<String>; SPELLINGS.len()]);

impl Columns {
    /// Whether the file has the column. What a file has no column for, an import leaves as it is; a
    /// column with a blank cell says that there is nothing.
    pub fn has(&self, column: Column) -> bool {
        self.name(column).is_some()
    }

    /// The name of the column, as the file has it; `None` where it has no such column.
    pub fn name(&self, column: Column) -> Option<&str> {
        self.0[column as usize].as_deref()
    }
}

/// Where each column stands in this file.
#[derive(Debug)]
pub(super) struct Header {
    /// The position of each column, by its number.
    positions: [Option<usize>; SPELLINGS.len()],
    names: Vec<String>,
    unused: Vec<String>,
}

impl Header {
    /// Reads the header row. Capitals and blanks around a name don't matter.
    pub(super) fn read(names: Vec<String>) -> Result<Self, FileError> {
        let mut positions = [None; SPELLINGS.len()];
        let mut unused = Vec::new();
        for (position, name) in names.iter().enumerate() {
            let known = SPELLINGS
                .iter()
                .find(|(_, spellings)| spellings.iter().any(|spelling| spelling.eq_ignore_ascii_case(name.trim())));
            let Some((column, _)) = known else {
                if !name.trim().is_empty() {
                    unused.push(name.trim().to_owned());
                }
                continue;
            };
            if let Some(earlier) = positions[*column as usize].replace(position) {
                let earlier: &String = &names[earlier];
                return Err(FileError::DuplicateColumns(earlier.trim().to_owned(), name.trim().to_owned()));
            }
        }
        let missing: Vec<String> = REQUIRED
            .into_iter()
            .filter(|column| positions[*column as usize].is_none())
            .map(|column| {
                let (_, spellings) = SPELLINGS[column as usize];
                spellings.iter().map(|spelling| format!("`{spelling}`")).collect::<Vec<_>>().join(" or ")
            })
            .collect();
        if !missing.is_empty() {
            let semicolons = names.len() == 1 && names[0].contains([';', '\t']);
            return Err(if semicolons { FileError::NotCommas } else { FileError::MissingColumns(missing) });
        }
        Ok(Self { positions, names, unused })
    }

    /// Where the column stands; `None` where the file has none of it.
    pub(super) fn position(&self, column: Column) -> Option<usize> {
        self.positions[column as usize]
    }

    /// The name of the column at a position, as the file has it.
    pub(super) fn name_at(&self, position: usize) -> Option<&str> {
        self.names.get(position).map(|name| name.trim())
    }

    /// The columns of the file, for whoever has no header.
    pub(super) fn columns(&self) -> Columns {
        Columns(self.positions.map(|position| self.name_at(position?).map(str::to_owned)))
    }

    /// How many columns a row has to have.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The columns that nothing is taken from, in the order of the file.
    pub(super) fn unused(&self) -> &[String] {
        &self.unused
    }
}

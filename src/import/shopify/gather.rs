//! Puts a product together from its rows.

use std::collections::HashMap;

use csv::ByteRecord;

use super::columns::{Column, Header, OPTIONS, VARIANT_MARKS};
use super::{
    ImportedImage, ImportedOption, ImportedProduct, ImportedVariant, MAX_CELL, MAX_DESCRIPTION, MAX_IMAGES, MAX_TAGS,
    MAX_VARIANTS, RowProblem, Skipped, cells,
};

/// The most letters of a title, a name, a code.
const SHORT: usize = 255;
/// The value of the only variant of a product that offers no choice.
const DEFAULT_VALUE: &str = "Default Title";
/// The option that such a variant answers to.
const DEFAULT_OPTION: &str = "Title";

/// One row of the file, well formed.
pub(super) struct Row<'a> {
    pub(super) line: u64,
    pub(super) header: &'a Header,
    pub(super) record: &'a ByteRecord,
    pub(super) handle: &'a str,
}

/// What is wrong with a row, before it is known what that costs.
pub(super) struct Fault {
    column: Option<Column>,
    reason: String,
}

impl Fault {
    fn in_column(column: Column, reason: impl Into<String>) -> Self {
        Self { column: Some(column), reason: reason.into() }
    }

    fn in_row(reason: impl Into<String>) -> Self {
        Self { column: None, reason: reason.into() }
    }
}

impl<'a> Row<'a> {
    /// The cell, without the blanks around it; `None` where it is blank or there is no such column.
    fn cell(&self, column: Column) -> Option<&'a str> {
        let bytes = self.record.get(self.header.position(column)?)?;
        std::str::from_utf8(bytes).ok().map(str::trim).filter(|cell| !cell.is_empty())
    }

    /// The value of a cell that is not blank.
    fn read<T>(&self, column: Column, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, Fault> {
        let parse =
            |cell| parse(cell).map_err(|rest| Fault::in_column(column, format!("{} {rest}", cells::shown(cell))));
        self.cell(column).map(parse).transpose()
    }

    /// The text of a cell, of at most so many bytes.
    fn text(&self, column: Column, most: usize) -> Result<Option<String>, Fault> {
        match self.cell(column) {
            Some(cell) if cell.len() > most => Err(Fault::in_column(column, format!("is longer than {most} bytes"))),
            cell => Ok(cell.map(str::to_owned)),
        }
    }

    /// The text of a cell that holds a name or a code.
    fn short_text(&self, column: Column) -> Result<Option<String>, Fault> {
        match self.cell(column) {
            Some(cell) if cell.chars().count() > SHORT => {
                Err(Fault::in_column(column, format!("is longer than {SHORT} letters")))
            }
            cell => Ok(cell.map(str::to_owned)),
        }
    }

    /// The problem that a fault in this row is.
    fn problem(&self, fault: Fault, skipped: Skipped) -> RowProblem {
        let column = fault.column.and_then(|column| self.header.position(column));
        RowProblem {
            line: self.line,
            handle: Some(self.handle.to_owned()),
            column: column.and_then(|position| self.header.name_at(position)).map(str::to_owned),
            reason: fault.reason,
            skipped,
        }
    }
}

/// Where each SKU of the file was seen first. A store has each only once.
#[derive(Debug, Default)]
pub(super) struct Skus(HashMap<Box<str>, u64>);

/// A product, as far as its rows were read.
#[derive(Debug)]
pub(super) struct Draft {
    product: ImportedProduct,
    /// The names of the options; the values are gathered at the end, from the variants that went in.
    option_names: Vec<String>,
    /// The lines of the variants by their folded option values.
    combinations: HashMap<Vec<String>, u64>,
    /// The images with the places that the file gives them.
    images: Vec<(Option<u32>, ImportedImage)>,
    image_by_address: HashMap<String, usize>,
}

impl Draft {
    /// Begins a product with its first row. The row's variant and image are added by [`Self::add`].
    pub(super) fn begin(row: &Row<'_>) -> Result<Self, RowProblem> {
        Self::read_product(row).map_err(|fault| row.problem(fault, Skipped::Product))
    }

    fn read_product(row: &Row<'_>) -> Result<Self, Fault> {
        let handle = row.read(Column::Handle, |cell| cells::handle(cell).map(str::to_owned))?.unwrap_or_default();
        let title = row.short_text(Column::Title)?.ok_or_else(|| {
            Fault::in_column(Column::Title, "is blank: the first row of a product has to have its title")
        })?;
        let tags = row.read(Column::Tags, |cell| Ok(cells::tags(cell)))?.unwrap_or_default();
        if tags.len() > MAX_TAGS {
            return Err(Fault::in_column(Column::Tags, format!("has more than {MAX_TAGS} tags")));
        }
        if let Some(long) = tags.iter().find(|tag| tag.chars().count() > SHORT) {
            let reason = format!("the tag {} is longer than {SHORT} letters", cells::shown(long));
            return Err(Fault::in_column(Column::Tags, reason));
        }
        Ok(Self {
            option_names: read_option_names(row)?,
            product: ImportedProduct {
                line: row.line,
                handle,
                title,
                body_html: row.text(Column::BodyHtml, MAX_DESCRIPTION)?,
                vendor: row.short_text(Column::Vendor)?,
                product_type: row.short_text(Column::ProductType)?,
                tags,
                published: row.read(Column::Published, cells::flag)?.unwrap_or(true),
                status: row.read(Column::Status, cells::status)?.unwrap_or_default(),
                gift_card: row.read(Column::GiftCard, cells::flag)?.unwrap_or(false),
                seo_title: row.text(Column::SeoTitle, MAX_CELL)?,
                seo_description: row.text(Column::SeoDescription, MAX_CELL)?,
                options: Vec::new(),
                variants: Vec::new(),
                skipped_variants: 0,
                images: Vec::new(),
            },
            combinations: HashMap::new(),
            images: Vec::new(),
            image_by_address: HashMap::new(),
        })
    }

    /// Adds what a row of the product has: a variant, an image, or both.
    pub(super) fn add(&mut self, row: &Row<'_>, skus: &mut Skus, mut report: impl FnMut(RowProblem)) {
        if let Err(fault) = self.add_own_image(row) {
            report(row.problem(fault, Skipped::Image));
        }
        // Without options the first row is the only variant, even where it has nothing to say of it.
        let only_variant = row.line == self.product.line && self.option_names.is_empty();
        if !only_variant && VARIANT_MARKS.into_iter().all(|column| row.cell(column).is_none()) {
            return;
        }
        let image = row.read(Column::VariantImage, cells::address).unwrap_or_else(|fault| {
            report(row.problem(fault, Skipped::Image));
            None
        });
        match self.read_variant(row, image, skus) {
            Ok(variant) => {
                if let Some(src) = &variant.image
                    && let Err(fault) = self.add_image(Column::VariantImage, src.clone(), None, None)
                {
                    report(row.problem(fault, Skipped::Image));
                }
                self.product.variants.push(variant);
            }
            Err(fault) => {
                self.product.skipped_variants += 1;
                report(row.problem(fault, Skipped::Variant));
            }
        }
    }

    /// Ends the product.
    pub(super) fn finish(mut self) -> Result<ImportedProduct, RowProblem> {
        if self.product.variants.is_empty() {
            let reason = if self.product.skipped_variants > 0 {
                "none of its variants could be read"
            } else {
                "it names options, but no row has a variant with their values"
            };
            return Err(RowProblem {
                line: self.product.line,
                handle: Some(self.product.handle),
                column: None,
                reason: reason.to_owned(),
                skipped: Skipped::Product,
            });
        }
        let nothing_to_choose = match (self.option_names.as_slice(), self.product.variants.as_slice()) {
            ([name], [only]) => {
                name.eq_ignore_ascii_case(DEFAULT_OPTION)
                    && only.option_values.iter().all(|value| value.eq_ignore_ascii_case(DEFAULT_VALUE))
            }
            _ => false,
        };
        if nothing_to_choose {
            self.product.variants.iter_mut().for_each(|variant| variant.option_values.clear());
        } else {
            self.product.options = gather_values(self.option_names, &self.product.variants);
        }

        // Images without a place come after those with one, all else in the order of the file.
        self.images.sort_by_key(|(position, _)| position.unwrap_or(u32::MAX));
        self.product.images = self
            .images
            .into_iter()
            .enumerate()
            .map(|(index, (_, image))| ImportedImage { position: index + 1, ..image })
            .collect();
        Ok(self.product)
    }

    fn read_variant(
        &mut self,
        row: &Row<'_>,
        image: Option<String>,
        skus: &mut Skus,
    ) -> Result<ImportedVariant, Fault> {
        let option_values = self.read_option_values(row)?;
        let combination: Vec<String> = option_values.iter().map(|value| value.to_lowercase()).collect();
        if let Some(line) = self.combinations.get(&combination) {
            return Err(Fault::in_row(if option_values.is_empty() {
                "is a second variant, but the product has no options to tell them apart".to_owned()
            } else {
                format!("the variant {} stands on line {line} already", cells::shown(&option_values.join(" / ")))
            }));
        }
        if self.product.variants.len() >= MAX_VARIANTS {
            return Err(Fault::in_row(format!("the product has more than {MAX_VARIANTS} variants")));
        }
        let sku = row.short_text(Column::Sku)?.map(|sku| cells::code(&sku).to_owned());
        let folded_sku = sku.as_deref().map(|sku| sku.to_lowercase().into_boxed_str());
        if let Some(line) = folded_sku.as_ref().and_then(|sku| skus.0.get(sku)) {
            let sku = cells::shown(sku.as_deref().unwrap_or_default());
            return Err(Fault::in_column(Column::Sku, format!("{sku} stands on line {line} already")));
        }
        let variant = ImportedVariant {
            line: row.line,
            option_values,
            sku,
            barcode: row.short_text(Column::Barcode)?.map(|barcode| cells::code(&barcode).to_owned()),
            price: row.read(Column::Price, cells::price)?,
            compare_at: row.read(Column::CompareAt, cells::price)?,
            cost: row.read(Column::Cost, cells::price)?,
            grams: row.read(Column::Grams, cells::grams)?,
            weight_unit: row.read(Column::WeightUnit, cells::weight_unit)?,
            requires_shipping: row.read(Column::RequiresShipping, cells::flag)?.unwrap_or(true),
            taxable: row.read(Column::Taxable, cells::flag)?.unwrap_or(true),
            tax_code: row.short_text(Column::TaxCode)?,
            inventory_tracker: row.short_text(Column::InventoryTracker)?,
            inventory_quantity: row.read(Column::InventoryQuantity, cells::whole)?,
            inventory_policy: row.read(Column::InventoryPolicy, cells::inventory_policy)?.unwrap_or_default(),
            image,
        };
        // Only a variant that goes in takes its place and its SKU from those that follow.
        self.combinations.insert(combination, row.line);
        if let Some(sku) = folded_sku {
            skus.0.insert(sku, row.line);
        }
        Ok(variant)
    }

    fn read_option_values(&self, row: &Row<'_>) -> Result<Vec<String>, Fault> {
        let mut values = Vec::with_capacity(self.option_names.len());
        for (index, (name_column, value_column)) in OPTIONS.into_iter().enumerate() {
            let named = row.cell(name_column);
            let value = row.short_text(value_column)?;
            match (self.option_names.get(index), value) {
                (Some(name), _) if named.is_some_and(|named| !named.eq_ignore_ascii_case(name)) => {
                    let reason = format!("the product's first row calls this option {}", cells::shown(name));
                    return Err(Fault::in_column(name_column, reason));
                }
                (Some(_), Some(value)) => values.push(value),
                (Some(name), None) => {
                    let reason = format!("is blank: the variant needs a value for the option {}", cells::shown(name));
                    return Err(Fault::in_column(value_column, reason));
                }
                (None, Some(value)) if !(index == 0 && value.eq_ignore_ascii_case(DEFAULT_VALUE)) => {
                    let reason =
                        format!("{} answers no option: the product's first row does not name it", cells::shown(&value));
                    return Err(Fault::in_column(value_column, reason));
                }
                (None, _) => {}
            }
        }
        Ok(values)
    }

    fn add_own_image(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        let Some(src) = row.read(Column::ImageSrc, cells::address)? else { return Ok(()) };
        let position = row.read(Column::ImagePosition, cells::position)?;
        let alt = row.text(Column::ImageAlt, MAX_CELL)?;
        self.add_image(Column::ImageSrc, src, position, alt)
    }

    /// Adds an image, or what is newly known of one that is there already.
    fn add_image(
        &mut self,
        column: Column,
        src: String,
        position: Option<u32>,
        alt: Option<String>,
    ) -> Result<(), Fault> {
        if let Some(index) = self.image_by_address.get(&src) {
            let (known_position, known) = &mut self.images[*index];
            *known_position = known_position.or(position);
            known.alt = known.alt.take().or(alt);
            return Ok(());
        }
        if self.images.len() >= MAX_IMAGES {
            return Err(Fault::in_column(column, format!("the product has more than {MAX_IMAGES} images")));
        }
        self.image_by_address.insert(src.clone(), self.images.len());
        self.images.push((position, ImportedImage { src, alt, position: 0 }));
        Ok(())
    }
}

/// The options that the first row names.
fn read_option_names(row: &Row<'_>) -> Result<Vec<String>, Fault> {
    let mut names: Vec<String> = Vec::new();
    for (index, (column, _)) in OPTIONS.into_iter().enumerate() {
        let Some(name) = row.short_text(column)? else { continue };
        if names.len() < index {
            return Err(Fault::in_column(column, "names an option, but the one before it has no name"));
        }
        if names.iter().any(|earlier| earlier.to_lowercase() == name.to_lowercase()) {
            let reason = format!("{} names an option that the product has already", cells::shown(&name));
            return Err(Fault::in_column(column, reason));
        }
        names.push(name);
    }
    Ok(names)
}

/// The options with the values that the variants use. Values that differ in capitals only are one,
/// spelled as the first variant has it.
fn gather_values(names: Vec<String>, variants: &[ImportedVariant]) -> Vec<ImportedOption> {
    names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let mut seen = std::collections::HashSet::new();
            let values = variants
                .iter()
                .filter_map(|variant| variant.option_values.get(index))
                .filter(|value| seen.insert(value.to_lowercase()))
                .cloned()
                .collect();
            ImportedOption { name, values }
        })
        .collect()
}

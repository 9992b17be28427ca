//! What a product of a file wants of the store.
//!
//! Owns the meaning of each column, and which part of a product a problem costs. Pure: it is told what of
//! the product is there already.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use entity::catalog::products::Model;
use rules::ids::BrandId;
use rules::states::{InventoryPolicy, ProductStatus};
use rules::{Decimal, Money, Problem, Problems};

use super::shopify::{self, Column, Columns, ImportedProduct, ImportedStatus, ImportedVariant, RowProblem, Skipped};
use crate::catalog::products::{
    Change, Checked, MediaChoice, MediaDraft, OptionDraft, Others, ProductDetails, ProductDraft, SelectedOption,
    VariantDraft, VariantTarget,
};
use crate::kernel::ctx::StoreContext;
use crate::kernel::text;
use crate::pricing::{self, PriceDraft};

/// What there is to know beside the file.
pub struct Around<'a> {
    /// The columns of the file.
    pub columns: &'a Columns,
    /// The store.
    pub store: &'a StoreContext,
    /// The product that has the handle already.
    pub there: Option<&'a Model>,
    /// The brand that the vendor is.
    pub brand: Change<Option<BrandId>>,
    /// The moment of the import.
    pub now: DateTime<Utc>,
}

/// What a product wants.
pub struct Wanted {
    /// The product with its options, variants and images.
    pub draft: Checked<ProductDraft>,
    /// What each variant of the draft costs.
    pub amounts: Vec<Amounts>,
    /// The stock of each variant of the draft; none where the file says nothing about stock.
    pub stock: Vec<Stock>,
    /// What of the file the draft was made of: without the parts that had problems.
    pub product: ImportedProduct,
    /// The problems of the parts that were left out.
    pub problems: Vec<RowProblem>,
}

/// What a variant costs in the store's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts {
    /// The price of one unit.
    pub amount: Change<Option<Money>>,
    /// What it is said to have cost before.
    pub compare_at: Change<Option<Money>>,
    cost: Change<Option<Money>>,
}

/// The stock of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    /// How many there are; none leaves it.
    pub on_hand: Option<i64>,
    /// What happens when they are gone; none leaves it.
    pub policy: Option<InventoryPolicy>,
    /// Whether they are counted; none leaves it.
    pub tracked: Option<bool>,
}

/// The slug that a handle becomes; empty where it holds nothing that a slug is made of.
pub fn slug(handle: &str) -> String {
    if text::is_slug(handle) { handle.to_owned() } else { text::slug(handle) }
}

/// Reads a product. Variants and images that can't be taken are left out, each with its problem.
///
/// # Errors
/// All problems, where the product can't be taken at all.
pub fn read(mut product: ImportedProduct, around: &Around<'_>) -> Result<Wanted, Vec<RowProblem>> {
    let mut problems = Vec::new();
    let mut amounts = Vec::with_capacity(product.variants.len());
    let (line, handle) = (product.line, product.handle.clone());
    let tell = |line: u64, column: Option<Column>, reason: String, skipped: Skipped| RowProblem {
        line,
        handle: Some(handle.clone()),
        column: column.and_then(|column| around.columns.name(column)).map(str::to_owned),
        reason,
        skipped,
    };
    product.variants.retain(|variant| match read_amounts(variant, around) {
        Ok(read) => {
            amounts.push(read);
            true
        }
        Err((column, problem)) => {
            problems.push(tell(variant.line, Some(column), problem.message, Skipped::Variant));
            false
        }
    });
    loop {
        if product.variants.is_empty() {
            problems.push(tell(line, None, "none of its variants could be taken".to_owned(), Skipped::Product));
            return Err(problems);
        }
        let found = match draft(&product, &amounts, around).check(around.store, Problems::new()) {
            Ok(draft) => {
                let stock = read_stock(&product, around.columns);
                return Ok(Wanted { draft, amounts, stock, product, problems });
            }
            Err(found) => found,
        };
        let (mut variants, mut images, mut whole) = (BTreeSet::new(), BTreeSet::new(), false);
        for problem in found {
            let (part, column) = place(&problem.field);
            let (line, skipped) = match part {
                Part::Variant(index) => {
                    variants.insert(index);
                    (product.variants.get(index).map_or(line, |variant| variant.line), Skipped::Variant)
                }
                Part::Image(index) => {
                    images.insert(index);
                    (line, Skipped::Image)
                }
                Part::Whole => {
                    whole = true;
                    (line, Skipped::Product)
                }
            };
            problems.push(tell(line, column, problem.message, skipped));
        }
        if whole || (variants.is_empty() && images.is_empty()) {
            return Err(problems);
        }
        for index in variants.into_iter().rev() {
            product.variants.remove(index);
            amounts.remove(index);
        }
        for index in images.into_iter().rev() {
            let gone = product.images.remove(index).src;
            let shown_by = product.variants.iter_mut().filter(|variant| variant.image.as_ref() == Some(&gone));
            shown_by.for_each(|variant| variant.image = None);
        }
    }
}

/// The problems that a door has with a product that went to it.
pub fn refused(problems: Vec<Problem>, product: &ImportedProduct, columns: &Columns) -> Vec<RowProblem> {
    let told = problems.into_iter().map(|problem| {
        let (part, column) = place(&problem.field);
        let line = match part {
            Part::Variant(index) => product.variants.get(index).map_or(product.line, |variant| variant.line),
            Part::Image(_) | Part::Whole => product.line,
        };
        RowProblem {
            line,
            handle: Some(product.handle.clone()),
            column: column.and_then(|column| columns.name(column)).map(str::to_owned),
            reason: problem.message,
            skipped: Skipped::Product,
        }
    });
    told.collect()
}

/// The part of a product that a problem lies with.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Variant(usize),
    Image(usize),
}

/// Where the file has what a door names by its path.
fn place(path: &[String]) -> (Part, Option<Column>) {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let whole = |column| (Part::Whole, Some(column));
    let index = |text: &str| text.parse::<usize>().ok();
    match path[..] {
        ["title"] => whole(Column::Title),
        ["slug"] => whole(Column::Handle),
        ["descriptionHtml"] => whole(Column::BodyHtml),
        ["productType"] => whole(Column::ProductType),
        ["seo", "title"] => whole(Column::SeoTitle),
        ["seo", "description"] => whole(Column::SeoDescription),
        ["name" | "brandId"] => whole(Column::Vendor),
        ["tags", ..] => whole(Column::Tags),
        ["options", "0", ..] => whole(Column::Option1Name),
        ["options", "1", ..] => whole(Column::Option2Name),
        ["options", "2", ..] => whole(Column::Option3Name),
        ["media", place, ref field @ ..] => match index(place) {
            Some(place) => {
                let column = if field == ["alt"] { Column::ImageAlt } else { Column::ImageSrc };
                (Part::Image(place), Some(column))
            }
            None => (Part::Whole, None),
        },
        ["variants", place, ref field @ ..] => match index(place) {
            Some(place) => (Part::Variant(place), variant_column(field)),
            None => (Part::Whole, None),
        },
        ["sku"] => whole(Column::Sku),
        ["onHand"] => whole(Column::InventoryQuantity),
        ["prices", .., "compareAt"] => whole(Column::CompareAt),
        ["prices", ..] => whole(Column::Price),
        _ => (Part::Whole, None),
    }
}

fn variant_column(field: &[&str]) -> Option<Column> {
    Some(match *field.first()? {
        "sku" => Column::Sku,
        "barcode" => Column::Barcode,
        "weightGrams" => Column::Grams,
        "taxCode" => Column::TaxCode,
        "cost" => Column::Cost,
        "mediaUrl" => Column::VariantImage,
        "selectedOptions" => match field.get(1).copied() {
            Some("1") => Column::Option2Value,
            Some("2") => Column::Option3Value,
            _ => Column::Option1Value,
        },
        _ => return None,
    })
}

/// Reads the amounts of a variant, in the store's own currency.
fn read_amounts(variant: &ImportedVariant, around: &Around<'_>) -> Result<Amounts, (Column, Problem)> {
    let currency = around.store.currency;
    let read = |column: Column, amount: Option<Decimal>| -> Result<Change<Option<Money>>, (Column, Problem)> {
        if !around.columns.has(column) {
            return Ok(Change::Keep);
        }
        let Some(amount) = amount else { return Ok(Change::Set(None)) };
        let money = Money::try_from_decimal(amount, currency).map_err(|problem| (column, problem))?;
        // The limits of prices are pricing's own.
        let problems = pricing::check(&around.store.currencies, [(0, &PriceDraft::new(None, money))]);
        match problems.into_iter().next() {
            Some(problem) => Err((column, problem)),
            None => Ok(Change::Set(Some(money))),
        }
    };
    Ok(Amounts {
        amount: read(Column::Price, variant.price)?,
        compare_at: read(Column::CompareAt, variant.compare_at)?,
        cost: read(Column::Cost, variant.cost)?,
    })
}

fn draft(product: &ImportedProduct, amounts: &[Amounts], around: &Around<'_>) -> ProductDraft {
    let columns = around.columns;
    let with_images = columns.has(Column::ImageSrc) || columns.has(Column::VariantImage);
    let variants = product.variants.iter().zip(amounts);
    ProductDraft {
        details: details(product, around),
        options: given(columns, Column::Option1Name, || options(product)),
        media: if with_images { Change::Set(media(product, columns)) } else { Change::Keep },
        variants: variants.map(|(variant, amounts)| variant_draft(product, variant, amounts, columns)).collect(),
        others: Others::Keep,
    }
}

/// What a column says, where the file has it.
fn given<T>(columns: &Columns, column: Column, value: impl FnOnce() -> T) -> Change<T> {
    if columns.has(column) { Change::Set(value()) } else { Change::Keep }
}

fn details(product: &ImportedProduct, around: &Around<'_>) -> ProductDetails {
    let columns = around.columns;
    ProductDetails {
        title: Change::Set(product.title.clone()),
        slug: Change::Set(slug(&product.handle)),
        description_html: given(columns, Column::BodyHtml, || product.body_html.clone()),
        product_type: given(columns, Column::ProductType, || product.product_type.clone()),
        status: status(product, around),
        published_at: published_at(product, around),
        brand_id: around.brand.clone(),
        category_id: Change::Keep,
        tax_category_id: Change::Keep,
        seo_title: given(columns, Column::SeoTitle, || product.seo_title.clone()),
        seo_description: given(columns, Column::SeoDescription, || product.seo_description.clone()),
        external_id: Change::Keep,
        tags: given(columns, Column::Tags, || product.tags.clone()),
    }
}

/// The status. A file without the column leaves what is there, and makes a new product active: the old
/// dialect knows only whether something is published.
fn status(product: &ImportedProduct, around: &Around<'_>) -> Change<ProductStatus> {
    if !around.columns.has(Column::Status) && around.there.is_some() {
        return Change::Keep;
    }
    Change::Set(match product.status {
        ImportedStatus::Active | ImportedStatus::Unlisted => ProductStatus::Active,
        ImportedStatus::Draft => ProductStatus::Draft,
        ImportedStatus::Archived => ProductStatus::Archived,
    })
}

/// From when the product is shown. What is published keeps its time, what is not yet is from now on; what
/// the file hides is unpublished, whatever its status. There is no showing to whoever has the address
/// alone, so what is unlisted is hidden.
fn published_at(product: &ImportedProduct, around: &Around<'_>) -> Change<Option<DateTime<Utc>>> {
    let unlisted = product.status == ImportedStatus::Unlisted;
    if !around.columns.has(Column::Published) && around.there.is_some() && !unlisted {
        return Change::Keep;
    }
    match (product.published && !unlisted, around.there.and_then(|there| there.published_at)) {
        (false, _) => Change::Set(None),
        (true, Some(_)) => Change::Keep,
        (true, None) => Change::Set(Some(around.now)),
    }
}

/// The options, with the values that the variants use.
fn options(product: &ImportedProduct) -> Vec<OptionDraft> {
    let of_option = |(index, option): (usize, &shopify::ImportedOption)| {
        let used: HashSet<String> = product
            .variants
            .iter()
            .filter_map(|variant| Some(variant.option_values.get(index)?.to_lowercase()))
            .collect();
        let values = option.values.iter().filter(|value| used.contains(&value.to_lowercase())).cloned();
        OptionDraft { name: option.name.clone(), values: values.collect() }
    };
    product.options.iter().enumerate().map(of_option).collect()
}

fn media(product: &ImportedProduct, columns: &Columns) -> Vec<MediaDraft> {
    let images = product.images.iter().map(|image| MediaDraft {
        url: image.src.clone(),
        alt: given(columns, Column::ImageAlt, || image.alt.clone()),
        ..MediaDraft::default()
    });
    images.collect()
}

fn variant_draft(
    product: &ImportedProduct,
    variant: &ImportedVariant,
    amounts: &Amounts,
    columns: &Columns,
) -> VariantDraft {
    let selected = product.options.iter().zip(&variant.option_values);
    let selected = selected.map(|(option, value)| SelectedOption { name: option.name.clone(), value: value.clone() });
    VariantDraft {
        target: VariantTarget::Matching,
        selected_options: Change::Set(selected.collect()),
        sku: given(columns, Column::Sku, || variant.sku.clone()),
        barcode: given(columns, Column::Barcode, || variant.barcode.clone()),
        weight_grams: given(columns, Column::Grams, || variant.grams.map(i64::from)),
        requires_shipping: given(columns, Column::RequiresShipping, || variant.requires_shipping),
        taxable: given(columns, Column::Taxable, || variant.taxable),
        tax_category_id: Change::Keep,
        tax_code: given(columns, Column::TaxCode, || variant.tax_code.clone()),
        cost: amounts.cost.clone(),
        media: given(columns, Column::VariantImage, || variant.image.clone().map(MediaChoice::Url)),
        external_id: Change::Keep,
    }
}

/// The stock of the variants. A blank quantity leaves what is there: nobody counted.
fn read_stock(product: &ImportedProduct, columns: &Columns) -> Vec<Stock> {
    if !STOCK.into_iter().any(|column| columns.has(column)) {
        return Vec::new();
    }
    let stock = product.variants.iter().map(|variant| Stock {
        on_hand: variant.inventory_quantity.map(i64::from),
        policy: columns.has(Column::InventoryPolicy).then_some(match variant.inventory_policy {
            shopify::InventoryPolicy::Deny => InventoryPolicy::Deny,
            shopify::InventoryPolicy::Continue => InventoryPolicy::Continue,
        }),
        tracked: columns.has(Column::InventoryTracker).then(|| variant.inventory_tracker.is_some()),
    });
    stock.collect()
}

/// The columns that say what something costs.
pub const PRICES: [Column; 3] = [Column::Price, Column::CompareAt, Column::Cost];

/// The columns that say how much there is of something.
pub const STOCK: [Column; 3] = [Column::InventoryQuantity, Column::InventoryPolicy, Column::InventoryTracker];

/// The columns that are read, and that a store has no place for.
pub const WITHOUT_PLACE: [Column; 2] = [Column::GiftCard, Column::WeightUnit];

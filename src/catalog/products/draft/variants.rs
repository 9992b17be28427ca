//! What can be bought.

use rules::ids::{ProductMediaId, ProductVariantId, TaxCategoryId};
use rules::{ErrorCode, Money, Problem, Problems};

use super::media::address;
use super::{Change, Checked, MAX_LINE, MAX_OPTIONS, MAX_VARIANTS, fits};
use crate::kernel::ctx::StoreContext;
use crate::kernel::input;

/// One thing that can be bought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VariantDraft {
    /// Which variant it is.
    pub target: VariantTarget,
    /// One value of every option of the product.
    pub selected_options: Change<Vec<SelectedOption>>,
    /// The merchant's stock number.
    pub sku: Change<Option<String>>,
    /// The GTIN, EAN or other bar code.
    pub barcode: Change<Option<String>>,
    /// The weight of one unit in grams.
    pub weight_grams: Change<Option<i64>>,
    /// Whether it is sent as a parcel; it is where something new says nothing.
    pub requires_shipping: Change<bool>,
    /// Whether tax is charged; it is where something new says nothing.
    pub taxable: Change<bool>,
    /// What it is to the tax office; what its product is where there is none.
    pub tax_category_id: Change<Option<TaxCategoryId>>,
    /// The code that tax services know it by.
    pub tax_code: Change<Option<String>>,
    /// What one unit costs the merchant.
    pub cost: Change<Option<Money>>,
    /// The picture that shows it.
    pub media: Change<Option<MediaChoice>>,
    /// The variant's id in the merchant's other system.
    pub external_id: Change<Option<String>>,
}

/// Which variant a draft is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum VariantTarget {
    /// The one with the same option values, or a new one.
    #[default]
    Matching,
    /// A new one.
    New,
    /// This one.
    Existing(ProductVariantId),
}

/// A medium of the same product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaChoice {
    /// By its id.
    Id(ProductMediaId),
    /// By its address; for media that are saved together with the variant.
    Url(String),
}

/// One answer to an option.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelectedOption {
    /// The option's name.
    pub name: String,
    /// The value's name.
    pub value: String,
}

/// Where a variant stands in an input that holds many.
pub fn listed(index: usize) -> String {
    format!("variants.{index}")
}

/// Where a variant stands in an input that is one variant.
pub fn alone(_: usize) -> String {
    String::new()
}

/// Reads variants. `at` says where each stands in the input.
///
/// # Errors
/// Every problem.
pub fn check_variants(
    variants: Vec<VariantDraft>,
    at: fn(usize) -> String,
    store: &StoreContext,
    mut problems: Problems,
) -> Result<Checked<Vec<VariantDraft>>, Vec<Problem>> {
    let variants = read_variants(variants, at, store, &mut problems);
    problems.finish()?;
    Ok(Checked(variants))
}

pub(super) fn read_variants(
    variants: Vec<VariantDraft>,
    at: fn(usize) -> String,
    store: &StoreContext,
    problems: &mut Problems,
) -> Vec<VariantDraft> {
    if !fits(variants.len(), MAX_VARIANTS, "variants", problems) {
        return Vec::new();
    }
    let read = variants.into_iter().enumerate();
    read.map(|(index, variant)| read_variant(&at(index), variant, store, problems)).collect()
}

fn read_variant(path: &str, variant: VariantDraft, store: &StoreContext, problems: &mut Problems) -> VariantDraft {
    let mut line = |field: &str, value: Change<Option<String>>| {
        value.read(problems, |value| input::optional_line(&format!("{path}.{field}"), value.as_deref(), MAX_LINE))
    };
    let sku = line("sku", variant.sku);
    let barcode = line("barcode", variant.barcode);
    let tax_code = line("taxCode", variant.tax_code);
    let external_id = line("externalId", variant.external_id);
    let selected_options = match variant.selected_options {
        Change::Keep => Change::Keep,
        Change::Set(selected) => {
            let path = format!("{path}.selectedOptions");
            if fits(selected.len(), MAX_OPTIONS, &path, problems) { Change::Set(selected) } else { Change::Keep }
        }
    };
    let weight_grams = variant.weight_grams.read(problems, |grams| match grams {
        // The schema shows it as a 32-bit number.
        Some(grams) if i32::try_from(grams).is_err() || grams < 0 => {
            let path = format!("{path}.weightGrams");
            Err(Problem::new(ErrorCode::OutOfRange, &path, "Give whole grams, from 0 to 2147483647."))
        }
        grams => Ok(grams),
    });
    let cost = variant.cost.read(problems, |cost| match cost {
        Some(cost) if cost.is_negative() => {
            Err(Problem::new(ErrorCode::OutOfRange, &format!("{path}.cost.amount"), "A cost is not below zero."))
        }
        Some(cost) if !store.currencies.contains(&cost.currency()) => {
            let path = format!("{path}.cost.currencyCode");
            let message = format!("{} is not one of the store's currencies.", cost.currency());
            Err(Problem::new(ErrorCode::CurrencyNotEnabled, &path, message))
        }
        cost => Ok(cost),
    });
    let media = variant.media.read(problems, |media| match media {
        Some(MediaChoice::Url(url)) => address(&format!("{path}.mediaUrl"), &url).map(MediaChoice::Url).map(Some),
        media => Ok(media),
    });
    VariantDraft {
        target: variant.target,
        selected_options,
        sku,
        barcode,
        weight_grams,
        requires_shipping: variant.requires_shipping,
        taxable: variant.taxable,
        tax_category_id: variant.tax_category_id,
        tax_code,
        cost,
        media,
        external_id,
    }
}

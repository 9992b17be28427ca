//! What somebody wants a product to be, before it meets what is stored.
//!
//! A draft is plain data that anybody can fill: a mutation's input, a row of an import, the demo. Only a
//! [`Checked`] one can be saved, and [`ProductDraft::check`] is the only way to one: it reads every text
//! into the form that is stored, and tells all problems at once, at the paths of `productCreate`.

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use rules::ids::{BrandId, CategoryId, ProductMediaId, ProductVariantId};
use rules::states::{MediaKind, ProductStatus};
use rules::{ErrorCode, Money, Problem, Problems};

use crate::catalog::rich_text;
use crate::kernel::ctx::StoreContext;
use crate::kernel::{input, text};

/// Options of a product at the most.
pub const MAX_OPTIONS: usize = 3;
/// Values of an option at the most.
pub const MAX_VALUES: usize = 100;
/// Variants of a product at the most.
pub const MAX_VARIANTS: usize = 250;
/// Media of a product at the most.
pub const MAX_MEDIA: usize = 250;
/// Tags of a product at the most.
pub const MAX_TAGS: usize = 100;
/// The longest title, name or code, in characters.
const MAX_LINE: usize = 255;
/// The longest description for search engines, in characters.
const MAX_SEO_DESCRIPTION: usize = 1000;
/// The longest address of a medium, in bytes.
const MAX_URL: usize = 2048;
/// The longest description of a medium, in characters.
const MAX_ALT: usize = 512;

/// What happens to one field: it stays, or it becomes something else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays as it is; in something new it gets its default.
    #[default]
    Keep,
    /// It becomes this.
    Set(T),
}

impl<T> Change<T> {
    /// What it becomes, if it changes.
    pub fn set(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Puts the new value over an old one.
    pub fn put(&self, over: &mut T)
    where
        T: Clone,
    {
        if let Self::Set(value) = self {
            over.clone_from(value);
        }
    }

    /// Reads the new value; one that can't be read is kept away, and its problem noted.
    fn read<U>(self, problems: &mut Problems, read: impl FnOnce(T) -> Result<U, Problem>) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Set(value) => problems.keep(read(value)).map_or(Change::Keep, Change::Set),
        }
    }
}

/// Left out keeps; there is no way to clear.
impl<T> From<Option<T>> for Change<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}

/// Left out keeps, null clears.
impl<T> From<async_graphql::MaybeUndefined<T>> for Change<Option<T>> {
    fn from(value: async_graphql::MaybeUndefined<T>) -> Self {
        match value {
            async_graphql::MaybeUndefined::Undefined => Self::Keep,
            async_graphql::MaybeUndefined::Null => Self::Set(None),
            async_graphql::MaybeUndefined::Value(value) => Self::Set(Some(value)),
        }
    }
}

/// A whole product: its own fields and its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductDraft {
    /// The fields of the product itself.
    pub details: ProductDetails,
    /// What a buyer chooses by. Matched with what is there by name, whatever its case.
    pub options: Change<Vec<OptionDraft>>,
    /// Pictures and films. Matched with what is there by address.
    pub media: Change<Vec<MediaDraft>>,
    /// What can be bought. A new product without any gets one, if it has no options.
    pub variants: Vec<VariantDraft>,
    /// What happens to options, values, media and variants that the draft does not name.
    pub others: Others,
}

/// What happens to parts of a product that a draft does not name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Others {
    /// They stay, behind those that are named.
    #[default]
    Keep,
    /// They go.
    Remove,
}

/// The fields of a product itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductDetails {
    /// The name to show; a new product needs one.
    pub title: Change<String>,
    /// The name in addresses; made from the title of a new product where it is kept.
    pub slug: Change<String>,
    /// The text, as HTML that need not be clean.
    pub description_html: Change<Option<String>>,
    /// The merchant's own word for what it is.
    pub product_type: Change<Option<String>>,
    /// Draft where a new product says nothing.
    pub status: Change<ProductStatus>,
    /// From when storefronts show it; none hides it.
    pub published_at: Change<Option<DateTime<Utc>>>,
    /// Who makes it.
    pub brand_id: Change<Option<BrandId>>,
    /// Where it stands in the store's tree.
    pub category_id: Change<Option<CategoryId>>,
    /// The title for search engines.
    pub seo_title: Change<Option<String>>,
    /// The description for search engines.
    pub seo_description: Change<Option<String>>,
    /// The product's id in the merchant's other system.
    pub external_id: Change<Option<String>>,
    /// The words that it is marked with. Two that differ in case alone are one.
    pub tags: Change<Vec<String>>,
}

/// One thing that a buyer chooses by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionDraft {
    /// Such as `Size`.
    pub name: String,
    /// The answers, in their order.
    pub values: Vec<String>,
}

/// A picture or a film.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaDraft {
    /// Where it is found.
    pub url: String,
    /// What it shows, in words.
    pub alt: Change<Option<String>>,
    /// A picture where something new says nothing.
    pub kind: Change<MediaKind>,
    /// The width in pixels.
    pub width: Change<Option<i32>>,
    /// The height in pixels.
    pub height: Change<Option<i32>>,
}

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

/// Data that was checked, in the form in which it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked<T>(T);

impl<T> std::ops::Deref for Checked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl ProductDraft {
    /// Reads the draft for a store. `problems` are those that were found on the way to the draft.
    ///
    /// # Errors
    /// Every problem, at the paths of `productCreate`.
    pub fn check(self, store: &StoreContext, mut problems: Problems) -> Result<Checked<Self>, Vec<Problem>> {
        let details = self.details.read(&mut problems);
        let options = match self.options {
            Change::Keep => Change::Keep,
            Change::Set(options) => Change::Set(read_options(options, &mut problems)),
        };
        let media = match self.media {
            Change::Keep => Change::Keep,
            Change::Set(media) => Change::Set(read_media(media, &mut problems)),
        };
        let variants = read_variants(self.variants, listed, store, &mut problems);
        problems.finish()?;
        Ok(Checked(Self { details, options, media, variants, others: self.others }))
    }
}

impl ProductDetails {
    /// Reads the fields.
    ///
    /// # Errors
    /// Every problem, at the paths of `productUpdate`.
    pub fn check(self, mut problems: Problems) -> Result<Checked<Self>, Vec<Problem>> {
        let details = self.read(&mut problems);
        problems.finish()?;
        Ok(Checked(details))
    }

    fn read(self, problems: &mut Problems) -> Self {
        let mut line = |path: &str, value: Change<Option<String>>, max: usize| {
            value.read(problems, |value| input::optional_line(path, value.as_deref(), max))
        };
        let product_type = line("productType", self.product_type, MAX_LINE);
        let seo_title = line("seo.title", self.seo_title, MAX_LINE);
        let seo_description = line("seo.description", self.seo_description, MAX_SEO_DESCRIPTION);
        let external_id = line("externalId", self.external_id, MAX_LINE);
        Self {
            title: self.title.read(problems, |title| input::line("title", &title, 1, MAX_LINE)),
            slug: self.slug.read(problems, |slug| input::slug("slug", &slug)),
            description_html: self
                .description_html
                .read(problems, |html| rich_text::clean("descriptionHtml", html.as_deref().unwrap_or_default())),
            product_type,
            status: self.status,
            published_at: self.published_at.read(problems, |at| at.map(|at| moment("publishedAt", at)).transpose()),
            brand_id: self.brand_id,
            category_id: self.category_id,
            seo_title,
            seo_description,
            external_id,
            tags: match self.tags {
                Change::Keep => Change::Keep,
                Change::Set(tags) => Change::Set(read_tags(&tags, problems)),
            },
        }
    }
}

/// Reads a moment into the precision that is stored.
///
/// # Errors
/// A problem at `path` where it is beyond what calendars and both databases write with four digits.
pub fn moment(path: &str, at: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    if (1970..=9999).contains(&at.year()) {
        Ok(at.trunc_subsecs(6))
    } else {
        Err(Problem::new(ErrorCode::OutOfRange, path, "Give a time between the years 1970 and 9999."))
    }
}

fn read_tags(tags: &[String], problems: &mut Problems) -> Vec<String> {
    if !fits(tags.len(), MAX_TAGS, "tags", problems) {
        return Vec::new();
    }
    let mut seen = std::collections::BTreeSet::new();
    let read = tags
        .iter()
        .enumerate()
        .filter_map(|(index, tag)| problems.keep(input::line(&format!("tags.{index}"), tag, 1, MAX_LINE)));
    let read: Vec<String> = read.collect();
    read.into_iter().filter(|tag| seen.insert(text::fold(tag))).collect()
}

/// Reads options.
///
/// # Errors
/// Every problem, at the paths of `productOptionsSet`.
pub fn check_options(options: Vec<OptionDraft>) -> Result<Checked<Vec<OptionDraft>>, Vec<Problem>> {
    let mut problems = Problems::new();
    let options = read_options(options, &mut problems);
    problems.finish()?;
    Ok(Checked(options))
}

fn read_options(options: Vec<OptionDraft>, problems: &mut Problems) -> Vec<OptionDraft> {
    if !fits(options.len(), MAX_OPTIONS, "options", problems) {
        return Vec::new();
    }
    let mut names = std::collections::BTreeSet::new();
    let mut read = Vec::with_capacity(options.len());
    for (index, option) in options.into_iter().enumerate() {
        let path = format!("options.{index}.name");
        let Some(name) = problems.keep(input::line(&path, &option.name, 1, MAX_LINE)) else { continue };
        if !names.insert(text::fold(&name)) {
            problems.add(ErrorCode::Duplicate, &path, "Another option has this name: give each its own.");
        }
        let path = format!("options.{index}.values");
        if option.values.is_empty() {
            problems.add(ErrorCode::Required, &path, "Give at least one value.");
        }
        if !fits(option.values.len(), MAX_VALUES, &path, problems) {
            continue;
        }
        let mut seen = std::collections::BTreeSet::new();
        let mut values = Vec::with_capacity(option.values.len());
        for (index, value) in option.values.iter().enumerate() {
            let path = format!("{path}.{index}");
            let Some(value) = problems.keep(input::line(&path, value, 1, MAX_LINE)) else { continue };
            if !seen.insert(text::fold(&value)) {
                problems.add(ErrorCode::Duplicate, &path, "The option has this value already: give each once.");
            }
            values.push(value);
        }
        read.push(OptionDraft { name, values });
    }
    read
}

/// Reads media.
///
/// # Errors
/// Every problem, at the paths of `productMediaCreate`.
pub fn check_media(media: Vec<MediaDraft>) -> Result<Checked<Vec<MediaDraft>>, Vec<Problem>> {
    let mut problems = Problems::new();
    let media = read_media(media, &mut problems);
    problems.finish()?;
    Ok(Checked(media))
}

/// Reads a change of one medium.
///
/// # Errors
/// Every problem, at the paths of `productMediaUpdate`.
pub fn check_medium(
    url: Change<String>,
    medium: MediaDraft,
) -> Result<Checked<(Change<String>, MediaDraft)>, Vec<Problem>> {
    let mut problems = Problems::new();
    let url = url.read(&mut problems, |url| address("url", &url));
    let medium = read_medium("", medium, &mut problems);
    problems.finish()?;
    Ok(Checked((url, medium)))
}

fn read_media(media: Vec<MediaDraft>, problems: &mut Problems) -> Vec<MediaDraft> {
    if !fits(media.len(), MAX_MEDIA, "media", problems) {
        return Vec::new();
    }
    let mut read = Vec::with_capacity(media.len());
    for (index, medium) in media.into_iter().enumerate() {
        let path = format!("media.{index}");
        let url = problems.keep(address(&format!("{path}.url"), &medium.url)).unwrap_or_default();
        read.push(MediaDraft { url, ..read_medium(&path, medium, problems) });
    }
    read
}

/// Everything of a medium but its address.
fn read_medium(path: &str, medium: MediaDraft, problems: &mut Problems) -> MediaDraft {
    let pixels = |field: &str, value: Option<i32>| match value {
        Some(pixels) if pixels < 1 => {
            Err(Problem::new(ErrorCode::OutOfRange, &format!("{path}.{field}"), "Give a whole number from 1 up."))
        }
        value => Ok(value),
    };
    MediaDraft {
        url: medium.url,
        alt: medium.alt.read(problems, |alt| input::optional_line(&format!("{path}.alt"), alt.as_deref(), MAX_ALT)),
        kind: medium.kind,
        width: medium.width.read(problems, |width| pixels("width", width)),
        height: medium.height.read(problems, |height| pixels("height", height)),
    }
}

/// Reads the address of a medium into the one spelling that is stored. Nothing is fetched.
fn address(path: &str, raw: &str) -> Result<String, Problem> {
    let bad = |message: &str| Problem::new(ErrorCode::Invalid, path, message);
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(Problem::new(ErrorCode::Required, path, "Give the address."));
    }
    if raw.len() > MAX_URL {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Give at most {MAX_URL} characters.")));
    }
    let url = url::Url::parse(raw).map_err(|_| bad("Give a whole address, such as https://cdn.example/shirt.jpg."))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(bad("Give an address that starts with https:// or http://."));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("Leave out the user name and the password: everybody can read the address."));
    }
    let url = String::from(url);
    if url.len() > MAX_URL {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Give at most {MAX_URL} characters.")));
    }
    Ok(url)
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

fn read_variants(
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
        tax_code,
        cost,
        media,
        external_id,
    }
}

/// Holds a list to its longest length.
fn fits(length: usize, max: usize, path: &str, problems: &mut Problems) -> bool {
    if length > max {
        problems.add(ErrorCode::TooLong, path, format!("Give at most {max}."));
    }
    length <= max
}

#[cfg(test)]
mod tests {
    use rules::Currency;
    use rules::ids::{OrganizationId, StoreId};
    use rules::states::{DocumentPolicy, StorePlan};
    use uuid::Uuid;

    use super::*;

    fn store() -> StoreContext {
        StoreContext {
            id: StoreId(Uuid::nil()),
            organization: OrganizationId(Uuid::nil()),
            handle: "linden".to_owned(),
            currency: Currency::EUR,
            currencies: vec![Currency::EUR],
            locale: "en".to_owned(),
            plan: StorePlan::Standard,
            document_policy: DocumentPolicy::Any,
        }
    }

    #[test]
    fn every_problem_is_told_at_its_path() {
        let draft = ProductDraft {
            details: ProductDetails {
                title: Change::Set(" ".to_owned()),
                slug: Change::Set("No Slug".to_owned()),
                tags: Change::Set(vec!["new".to_owned(), String::new()]),
                ..Default::default()
            },
            options: Change::Set(vec![
                OptionDraft { name: "Size".to_owned(), values: vec!["S".to_owned(), "s ".to_owned()] },
                OptionDraft { name: "SIZE".to_owned(), values: vec![] },
            ]),
            media: Change::Set(vec![MediaDraft { url: "javascript:alert(1)".to_owned(), ..Default::default() }]),
            variants: vec![VariantDraft {
                sku: Change::Set(Some("a\u{0}b".to_owned())),
                weight_grams: Change::Set(Some(-1)),
                cost: Change::Set(Some(Money::from_minor(1, Currency::JPY))),
                ..Default::default()
            }],
            ..Default::default()
        };
        let problems = draft.check(&store(), Problems::new()).expect_err("a bad draft");
        let told: Vec<_> = problems.iter().map(|problem| (problem.field.join("."), problem.code)).collect();
        let expected = [
            ("title", ErrorCode::Required),
            ("slug", ErrorCode::Invalid),
            ("tags.1", ErrorCode::Required),
            ("options.0.values.1", ErrorCode::Duplicate),
            ("options.1.name", ErrorCode::Duplicate),
            ("options.1.values", ErrorCode::Required),
            ("media.0.url", ErrorCode::Invalid),
            ("variants.0.sku", ErrorCode::Invalid),
            ("variants.0.weightGrams", ErrorCode::OutOfRange),
            ("variants.0.cost.currencyCode", ErrorCode::CurrencyNotEnabled),
        ];
        assert_eq!(told, expected.map(|(path, code)| (path.to_owned(), code)));
    }

    #[test]
    fn addresses_are_stored_in_one_safe_spelling() {
        assert_eq!(
            address("url", " HTTPS://CDN.example/a b\".jpg ").as_deref(),
            Ok("https://cdn.example/a%20b%22.jpg")
        );
        for wrong in ["", "//cdn.example/a.jpg", "ftp://a/b", "data:image/png;base64,AA", "https://", "https://u:p@a/b"]
        {
            assert!(address("url", wrong).is_err(), "{wrong}");
        }
        assert!(address("url", &format!("https://a.example/{}", "x".repeat(MAX_URL))).is_err());
    }

    #[test]
    fn tags_that_differ_in_case_alone_are_one() {
        let details = ProductDetails {
            tags: Change::Set(vec!["New".to_owned(), "new ".to_owned(), "Sale".to_owned()]),
            ..Default::default()
        };
        let checked = details.check(Problems::new()).expect("good details");
        assert_eq!(checked.tags, Change::Set(vec!["New".to_owned(), "Sale".to_owned()]));
    }
}

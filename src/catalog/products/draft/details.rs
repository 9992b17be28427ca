//! The fields of a product itself.

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use rules::ids::{BrandId, CategoryId, TaxCategoryId};
use rules::states::ProductStatus;
use rules::{ErrorCode, Problem, Problems};

use super::{Change, Checked, MAX_LINE, MAX_TAGS, fits};
use crate::catalog::rich_text;
use crate::kernel::{input, text};

/// The longest description for search engines, in characters.
const MAX_SEO_DESCRIPTION: usize = 1000;

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
    /// What it is to the tax office.
    pub tax_category_id: Change<Option<TaxCategoryId>>,
    /// The title for search engines.
    pub seo_title: Change<Option<String>>,
    /// The description for search engines.
    pub seo_description: Change<Option<String>>,
    /// The product's id in the merchant's other system.
    pub external_id: Change<Option<String>>,
    /// The words that it is marked with. Two that differ in case alone are one.
    pub tags: Change<Vec<String>>,
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

    pub(super) fn read(self, problems: &mut Problems) -> Self {
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
            tax_category_id: self.tax_category_id,
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

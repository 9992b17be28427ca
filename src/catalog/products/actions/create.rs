//! `productCreate`: a new product, whole.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};
use rules::Problems;
use rules::ids::{BrandId, CategoryId, TaxCategoryId};
use rules::states::ProductStatus;

use super::super::draft::{
    Change, Checked, MediaChoice, OptionDraft, Others, ProductDetails, ProductDraft, VariantDraft, VariantTarget,
};
use super::super::events::ProductSnapshot;
use super::super::save;
use super::super::types::Product;
use super::SeoInput;
use crate::catalog::media::ProductMediaInput;
use crate::catalog::variants::{SelectedOptionInput, VariantFields, guard_cost, selected};
use crate::kernel::{Action, Audit, Ctx, Result};

/// A new product.
#[derive(InputObject, Clone)]
pub struct ProductCreateInput {
    /// The name to show; at most 255 characters.
    pub title: String,
    /// The name in addresses; made from the title where it is left out.
    pub slug: Option<String>,
    /// What there is to say of it, as HTML; cleaned when it is stored.
    pub description_html: Option<String>,
    /// The merchant's own word for what it is.
    pub product_type: Option<String>,
    /// Where it stands between draft and archive.
    #[graphql(default_with = "ProductStatus::Draft")]
    pub status: ProductStatus,
    /// From when storefronts show it, if it is active; hidden where it is left out.
    pub published_at: Option<DateTime<Utc>>,
    /// Who makes it.
    pub brand_id: Option<BrandId>,
    /// Where it stands in the store's tree.
    pub category_id: Option<CategoryId>,
    /// What it is to the tax office; the store's default category where it is left out.
    pub tax_category_id: Option<TaxCategoryId>,
    /// What search engines are told.
    pub seo: Option<SeoInput>,
    /// The product's id in the merchant's other system.
    pub external_id: Option<String>,
    /// The words that it is marked with; at most 100. Those that are new to the store are made.
    pub tags: Option<Vec<String>>,
    /// What a buyer chooses by; at most 3.
    pub options: Option<Vec<ProductOptionInput>>,
    /// Pictures and films, in their order; at most 250.
    pub media: Option<Vec<ProductMediaInput>>,
    /// What can be bought, in its order; at most 250. May be left out where there are no options.
    pub variants: Option<Vec<ProductCreateVariantInput>>,
}

/// A thing that a buyer chooses by.
#[derive(InputObject, Clone, Default)]
pub struct ProductOptionInput {
    /// Such as `Size`; case does not count when it is compared.
    pub name: String,
    /// What can be chosen, in its order; 1 to 100.
    pub values: Vec<String>,
}

impl From<ProductOptionInput> for OptionDraft {
    fn from(input: ProductOptionInput) -> Self {
        Self { name: input.name, values: input.values }
    }
}

/// A variant of a new product.
#[derive(InputObject, Clone, Default)]
pub struct ProductCreateVariantInput {
    /// One value of every option.
    pub selected_options: Option<Vec<SelectedOptionInput>>,
    /// The address of the picture that shows it; one of `media`.
    pub media_url: Option<String>,
    /// Everything else.
    #[graphql(flatten)]
    pub fields: VariantFields,
}

/// Creates the product.
pub async fn run(ctx: &Ctx, input: ProductCreateInput) -> Result<Product> {
    let draft = read(ctx, input)?;
    match write(ctx, &draft).await {
        Ok(product) => Ok(product),
        Err(error) => Err(save::explain(ctx, error, &draft).await),
    }
}

async fn write(ctx: &Ctx, draft: &Checked<ProductDraft>) -> Result<Product> {
    let mut tx = ctx.begin_store(Action::ProductCreate).await?;
    let saved = save::create(&mut tx, draft).await?;
    let product = saved.after;
    tx.commit(Audit::created("product", product.product.id, &ProductSnapshot::from(&product))).await?;
    Ok(product.product.into())
}

fn read(ctx: &Ctx, input: ProductCreateInput) -> Result<Checked<ProductDraft>> {
    let mut problems = Problems::new();
    let (seo_title, seo_description) = super::seo(input.seo.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value));
    let variants: Vec<VariantDraft> = (input.variants.unwrap_or_default().into_iter().enumerate())
        .map(|(index, variant)| VariantDraft {
            target: VariantTarget::New,
            selected_options: Change::from(variant.selected_options.map(selected)),
            media: Change::Set(variant.media_url.map(MediaChoice::Url)),
            ..variant.fields.into_draft(&super::super::draft::listed(index), &mut problems)
        })
        .collect();
    guard_cost(ctx, &variants)?;
    let draft = ProductDraft {
        details: ProductDetails {
            title: Change::Set(input.title),
            slug: input.slug.into(),
            description_html: Change::Set(input.description_html),
            product_type: Change::Set(input.product_type),
            status: Change::Set(input.status),
            published_at: Change::Set(input.published_at),
            brand_id: Change::Set(input.brand_id),
            category_id: Change::Set(input.category_id),
            tax_category_id: Change::Set(input.tax_category_id),
            seo_title,
            seo_description,
            external_id: Change::Set(input.external_id),
            tags: input.tags.into(),
        },
        options: Change::from(input.options.map(|options| options.into_iter().map(Into::into).collect())),
        media: Change::from(input.media.map(|media| media.into_iter().map(Into::into).collect())),
        variants,
        others: Others::Keep,
    };
    Ok(draft.check(ctx.store_context()?, problems)?)
}

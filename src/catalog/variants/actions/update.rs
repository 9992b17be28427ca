//! `productVariantUpdate`: what is known of a variant changes.

use async_graphql::{InputObject, MaybeUndefined};
use rules::Problems;
use rules::ids::{ProductMediaId, ProductVariantId};

use super::super::events::ProductVariantUpdated;
use super::super::store;
use super::super::types::ProductVariant;
use super::{SelectedOptionInput, VariantFields, guard_cost, selected};
use crate::catalog::products::{self, Change, MediaChoice, Mint, VariantDraft, VariantSnapshot, VariantTarget};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// What changes of a variant. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct ProductVariantUpdateInput {
    /// One value of every option of the product.
    pub selected_options: Option<Vec<SelectedOptionInput>>,
    /// The picture that shows it; one of the product's media.
    pub media_id: MaybeUndefined<ProductMediaId>,
    /// Everything else.
    #[graphql(flatten)]
    pub fields: VariantFields,
}

impl ProductVariantUpdateInput {
    /// What is wanted of this variant. `path` is where it stands in the input.
    pub fn into_draft(self, id: ProductVariantId, path: &str, problems: &mut Problems) -> VariantDraft {
        VariantDraft {
            target: VariantTarget::Existing(id),
            selected_options: Change::from(self.selected_options.map(selected)),
            media: self.media_id.map_value(MediaChoice::Id).into(),
            ..self.fields.into_draft(path, problems)
        }
    }
}

/// Changes the variant.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (ProductVariantId, ProductVariantUpdateInput, Option<i32>),
) -> Result<ProductVariant> {
    let mut problems = Problems::new();
    let drafts = vec![input.into_draft(id, "", &mut problems)];
    guard_cost(ctx, &drafts)?;
    let drafts = products::check_variants(drafts, products::alone, ctx.store_context()?, problems)?;

    let mut tx = ctx.begin_store(Action::ProductVariantUpdate).await?;
    let product = store::find_product(&tx, id).await?.ok_or(Error::NotFound)?;
    let mut edit = products::open(&tx, product, None).await?;
    // Somebody may have deleted it before the product was ours.
    let before = VariantSnapshot::find(&edit.before, id).ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    products::variant_references(&tx, &drafts, products::alone).await?;
    let mut problems = Problems::new();
    edit.after.put_variants(&drafts, products::alone, &Mint::of(ctx), &mut problems);
    let edit = edit.close(&tx, problems).await?;
    let after = VariantSnapshot::find(&edit.after, id).ok_or(Error::NotFound)?;
    let row = edit.after.variants.into_iter().find(|variant| variant.row.id == id).ok_or(Error::NotFound)?.row;
    let audit = Audit::updated("product_variant", id, &before, &after);
    tx.emit(&ProductVariantUpdated { product_variant: after })?;
    tx.commit(audit).await?;
    Ok(row.into())
}

//! `productVariantCreate`: one more thing that can be bought.

use async_graphql::InputObject;
use rules::Problems;
use rules::ids::{ProductId, ProductMediaId};

use super::super::events::ProductVariantCreated;
use super::super::types::ProductVariant;
use super::{SelectedOptionInput, VariantFields, guard_cost, selected};
use crate::catalog::ListingChanged;
use crate::catalog::products::{self, Change, MediaChoice, Mint, VariantDraft, VariantSnapshot, VariantTarget};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// A new variant.
#[derive(InputObject, Clone, Default)]
pub struct ProductVariantCreateInput {
    /// One value of every option of the product.
    pub selected_options: Option<Vec<SelectedOptionInput>>,
    /// The picture that shows it; one of the product's media.
    pub media_id: Option<ProductMediaId>,
    /// Everything else.
    #[graphql(flatten)]
    pub fields: VariantFields,
}

/// Creates the variant. `R` is what follows from it.
pub async fn run<R: ListingChanged>(
    ctx: &Ctx,
    (product, input): (ProductId, ProductVariantCreateInput),
) -> Result<ProductVariant> {
    let mut problems = Problems::new();
    let drafts = vec![VariantDraft {
        target: VariantTarget::New,
        selected_options: Change::from(input.selected_options.map(selected)),
        media: Change::Set(input.media_id.map(MediaChoice::Id)),
        ..input.fields.into_draft("", &mut problems)
    }];
    guard_cost(ctx, &drafts)?;
    let drafts = products::check_variants(drafts, products::alone, ctx.store_context()?, problems)?;

    let mut tx = ctx.begin_store(Action::ProductVariantCreate).await?;
    let mut edit = products::open(&tx, product, None).await?;
    products::variant_references(&tx, &drafts, products::alone).await?;
    let mut problems = Problems::new();
    let ids = edit.after.put_variants(&drafts, products::alone, &Mint::of(ctx), &mut problems);
    let edit = edit.close(&tx, problems).await?;
    R::listing_changed(&tx, &[product]).await?;
    let missing = || Error::internal("a variant that was just made is not there");
    let id = *ids.first().ok_or_else(missing)?;
    let snapshot = VariantSnapshot::find(&edit.after, id).ok_or_else(missing)?;
    let row = edit.after.variants.into_iter().find(|variant| variant.row.id == id).ok_or_else(missing)?.row;
    let audit = Audit::created("product_variant", id, &snapshot);
    tx.emit(&ProductVariantCreated { product_variant: snapshot })?;
    tx.commit(audit).await?;
    Ok(row.into())
}

//! `productVariantsBulkUpdate`: many variants of a product change together, or none does.

use async_graphql::InputObject;
use rules::ids::{ProductId, ProductVariantId};
use rules::{ErrorCode, Problems};
use serde::Serialize;

use super::super::events::ProductVariantsBulkUpdated;
use super::super::types::ProductVariant;
use super::{ProductVariantUpdateInput, guard_cost};
use crate::catalog::products::{self, Checked, Mint, ProductAggregate, VariantDraft, VariantSnapshot};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// What changes of one of many variants. What is left out stays as it is; null clears.
#[derive(InputObject, Clone)]
pub struct ProductVariantBulkUpdateInput {
    /// Which variant.
    pub id: ProductVariantId,
    /// What changes.
    #[graphql(flatten)]
    pub change: ProductVariantUpdateInput,
}

/// What the audit log keeps of a change of many variants.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Variants {
    product_variants: Vec<VariantSnapshot>,
}

impl Variants {
    fn of(product: &ProductAggregate, ids: &[ProductVariantId]) -> Self {
        Self { product_variants: ids.iter().filter_map(|id| VariantSnapshot::find(product, *id)).collect() }
    }
}

/// Changes the variants.
pub async fn run(
    ctx: &Ctx,
    (product, input): (ProductId, Vec<ProductVariantBulkUpdateInput>),
) -> Result<Vec<ProductVariant>> {
    let mut problems = Problems::new();
    if input.is_empty() {
        problems.add(ErrorCode::Required, "variants", "Name at least one variant.");
    }
    let drafts: Vec<VariantDraft> = (input.into_iter().enumerate())
        .map(|(index, input)| input.change.into_draft(input.id, &products::listed(index), &mut problems))
        .collect();
    guard_cost(ctx, &drafts)?;
    let drafts = products::check_variants(drafts, products::listed, ctx.store_context()?, problems)?;
    match write(ctx, product, &drafts).await {
        Ok(variants) => Ok(variants),
        Err(error) => Err(products::explain_variants(ctx, error, async { Ok(Some(product)) }, &drafts).await),
    }
}

async fn write(ctx: &Ctx, product: ProductId, drafts: &Checked<Vec<VariantDraft>>) -> Result<Vec<ProductVariant>> {
    let mut tx = ctx.begin_store(Action::ProductVariantsBulkUpdate).await?;
    let mut edit = products::open(&tx, product, None).await?;
    products::variant_references(&tx, drafts, products::listed).await?;
    let mut problems = Problems::new();
    let ids = edit.after.put_variants(drafts, products::listed, &Mint::of(ctx), &mut problems);
    let edit = edit.close(&tx, problems).await?;
    let after = Variants::of(&edit.after, &ids);
    let audit = Audit::updated("product", product, &Variants::of(&edit.before, &ids), &after);
    tx.emit(&ProductVariantsBulkUpdated { product_id: product, product_variants: after.product_variants })?;
    tx.commit(audit).await?;
    let row = |id: &ProductVariantId| {
        let variant = edit.after.variants.iter().find(|variant| variant.row.id == *id);
        variant.map(|variant| variant.row.clone().into()).ok_or_else(|| Error::internal("a saved variant is not there"))
    };
    ids.iter().map(row).collect()
}
